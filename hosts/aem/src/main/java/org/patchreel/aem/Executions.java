package org.patchreel.aem;

import com.adobe.granite.workflow.WorkflowSession;
import com.adobe.granite.workflow.core.purge.WorkflowPurgeCallback;
import com.adobe.granite.workflow.event.WorkflowEvent;
import com.adobe.granite.workflow.exec.WorkItem;
import com.adobe.granite.workflow.exec.Workflow;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.workflow.GenerateClipStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both steps share: the generator, which may come and go, and which workflows wait for which jobs, so that a workflow
 * that is terminated, purged or timed out leaves no job behind. Immediate, so that this is not forgotten between two calls.
 * Safe for use from any thread.
 */
@Component(
        service = {Executions.class, EventHandler.class, WorkflowPurgeCallback.class},
        immediate = true,
        configurationPid = "org.patchreel.aem",
        property = EventConstants.EVENT_TOPIC + "=" + WorkflowEvent.EVENT_TOPIC)
@Designate(ocd = Executions.Config.class)
public final class Executions implements EventHandler, WorkflowPurgeCallback {

    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

    @ObjectClassDefinition(name = "Patchreel workflow steps", description = "Where workflows put their clips")
    @interface Config {
        @AttributeDefinition(
                description = "Folder below /content/dam for clips of steps that name none; empty means the folder of"
                        + " the workflow's payload")
        String folder() default "";
    }

    /** The workflow's ID by the ID of the execution. */
    private final Map<String, String> workflows = new ConcurrentHashMap<>();

    private volatile Optional<String> defaultFolder;
    private volatile boolean stopped;
    private final GenerateClipStep step =
            new GenerateClipStep(this::generator, () -> Optional.ofNullable(this.sources));

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable VideoGenerator generator;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable SourceStore sources;

    /**
     * Creates the component.
     *
     * @param config the default folder
     */
    @Activate
    public Executions(Config config) {
        this(config.folder());
    }

    /** Creates one with this default folder; blank for none. */
    Executions(String folder) {
        this.defaultFolder = unlessBlank(folder);
    }

    private static Optional<String> unlessBlank(String folder) {
        return Optional.of(folder.strip()).filter(name -> !name.isEmpty());
    }

    /** Lets no workflow wait here any longer. The jobs go on, and AEM executes the steps again, which find them. */
    @Deactivate
    void stop() {
        stopped = true;
        step.stop();
    }

    /** {@return whether this component was stopped} */
    boolean isStopped() {
        return stopped;
    }

    /** Workflows that wait for a job go on waiting. */
    @Modified
    void modified(Config config) {
        defaultFolder = unlessBlank(config.folder());
    }

    Optional<VideoGenerator> generator() {
        return Optional.ofNullable(generator);
    }

    Optional<String> defaultFolder() {
        return defaultFolder;
    }

    GenerateClipStep step() {
        return step;
    }

    /** Remembers that a workflow waits for a job. */
    void begin(String execution, String workflow) {
        workflows.put(execution, workflow);
    }

    void end(String execution) {
        workflows.remove(execution);
    }

    /** {@return whether a workflow still waits for the job} */
    boolean isAwaited(String execution) {
        return workflows.containsKey(execution);
    }

    @Override
    public void handleEvent(Event event) {
        Object type = event.getProperty(WorkflowEvent.EVENT_TYPE);
        if (WorkflowEvent.WORKFLOW_ABORTED_EVENT.equals(type)) {
            cancelAll(String.valueOf(event.getProperty(WorkflowEvent.WORKFLOW_INSTANCE_ID)));
        } else if (WorkflowEvent.PROCESS_TIMEOUT_EVENT.equals(type)
                && event.getProperty(WorkflowEvent.WORK_ITEM) instanceof WorkItem item) {
            // Of one step; others of the same workflow may go on beside it.
            cancel(ExecutionId.of(item));
        }
    }

    @Override
    public void onDelete(WorkflowSession session, String workflow, String payload, String model, Workflow.State state) {
        cancelAll(workflow);
    }

    private void cancelAll(String workflow) {
        workflows.forEach((execution, waiting) -> {
            if (waiting.equals(workflow)) {
                cancel(execution);
            }
        });
    }

    private void cancel(String execution) {
        @Nullable String workflow = workflows.remove(execution);
        if (workflow != null) {
            step.cancel(execution);
            LOG.info("workflow {} waits no more: the generation of clip {} is cancelled", workflow, execution);
        }
    }
}
