package org.patchreel.aem;

class GenerateClipProcessRemoteTest extends RemoteStepContract {

    GenerateClipProcessRemoteTest() {
        super(WorkflowEngine.Kind.PROCESS);
    }
}
