package org.patchreel.aem;

import com.adobe.granite.workflow.WorkflowException;
import com.adobe.granite.workflow.WorkflowSession;
import com.adobe.granite.workflow.exec.WorkItem;
import com.adobe.granite.workflow.exec.WorkflowProcess;
import com.adobe.granite.workflow.metadata.MetaDataMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The step that blocks until the clip is in the DAM. It holds one of AEM's workflow threads meanwhile: for short clips, and for
 * 6.5. Safe for use from any thread.
 */
@Component(service = WorkflowProcess.class, property = "process.label=Patchreel: generate clip and wait")
public final class GenerateClipProcess implements WorkflowProcess {

    private final Executions executions;

    /**
     * Creates the step.
     *
     * @param executions what all executions share
     */
    @Activate
    public GenerateClipProcess(@Reference Executions executions) {
        this.executions = executions;
    }

    @Override
    public void execute(WorkItem item, WorkflowSession session, MetaDataMap arguments) throws WorkflowException {
        StepExecution execution = new StepExecution(executions, item, session, arguments);
        execution.conclude(execution.await(execution.start()));
    }
}
