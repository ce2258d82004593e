package org.patchreel.aem;

class GenerateClipExternalProcessRemoteTest extends RemoteStepContract {

    GenerateClipExternalProcessRemoteTest() {
        super(WorkflowEngine.Kind.EXTERNAL_PROCESS);
    }
}
