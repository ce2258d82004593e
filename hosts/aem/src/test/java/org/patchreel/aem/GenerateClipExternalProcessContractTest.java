package org.patchreel.aem;

class GenerateClipExternalProcessContractTest extends StepContract {

    GenerateClipExternalProcessContractTest() {
        super(WorkflowEngine.Kind.EXTERNAL_PROCESS);
    }
}
