package org.patchreel.aem;

import com.adobe.granite.workflow.WorkflowException;
import com.adobe.granite.workflow.WorkflowSession;
import com.adobe.granite.workflow.exec.WorkItem;
import com.adobe.granite.workflow.exec.WorkflowExternalProcess;
import com.adobe.granite.workflow.metadata.MetaDataMap;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.workflow.StepState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step for work of minutes and hours: AEM starts it, asks now and then whether it has finished, and lets it store the
 * clip. What AEM keeps meanwhile is the execution's ID alone, which leads to the same clip after a restart. Safe for use from
 * any thread.
 */
@Component(service = WorkflowExternalProcess.class, property = "process.label=Patchreel: generate clip")
public final class GenerateClipExternalProcess implements WorkflowExternalProcess {

    private static final Logger LOG = LoggerFactory.getLogger(GenerateClipExternalProcess.class);

    private final Executions executions;

    /**
     * Creates the step.
     *
     * @param executions what all executions share
     */
    @Activate
    public GenerateClipExternalProcess(@Reference Executions executions) {
        this.executions = executions;
    }

    /** {@return the execution's ID; null, by which AEM goes on to the next step, if there is nothing to wait for} */
    @Override
    public @Nullable Serializable execute(WorkItem item, WorkflowSession session, MetaDataMap arguments)
            throws WorkflowException {
        StepExecution execution = new StepExecution(executions, item, session, arguments);
        if (execution.start() instanceof StepState.Outcome outcome) {
            execution.conclude(outcome);
            return null;
        }
        return execution.id();
    }

    @Override
    public boolean hasFinished(Serializable id, WorkItem item, WorkflowSession session, MetaDataMap arguments) {
        try {
            return goOn(id, item, session, arguments).state() instanceof StepState.Outcome;
        } catch (WorkflowException e) {
            // The next call throws it, too, where it can be told.
            LOG.debug("clip {}", id, e);
            return true;
        }
    }

    @Override
    public void handleResult(Serializable id, WorkItem item, WorkflowSession session, MetaDataMap arguments)
            throws WorkflowException {
        StepExecution execution = goOn(id, item, session, arguments);
        execution.conclude(execution.await(execution.state()));
    }

    private StepExecution goOn(Serializable id, WorkItem item, WorkflowSession session, MetaDataMap arguments)
            throws WorkflowException {
        return new StepExecution(executions, id.toString(), item, session, arguments);
    }
}
