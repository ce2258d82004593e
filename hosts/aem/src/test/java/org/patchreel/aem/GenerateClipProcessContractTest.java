package org.patchreel.aem;

class GenerateClipProcessContractTest extends StepContract {

    GenerateClipProcessContractTest() {
        super(WorkflowEngine.Kind.PROCESS);
    }
}
