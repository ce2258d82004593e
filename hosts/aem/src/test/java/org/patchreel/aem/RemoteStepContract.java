package org.patchreel.aem;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.contract.ScriptedGenerator;
import org.patchreel.contract.ScriptedJobs;
import org.patchreel.remote.RemoteHost;
import org.patchreel.web.api.ApiServer;
import org.patchreel.web.content.ScriptedVerifier;

/** The contract in AEM as a Cloud Service, whose generator is behind the API on another machine. */
@SuppressWarnings("NullAway.Init")
abstract class RemoteStepContract extends StepContract {

    private static final ProvenanceVerifier UNUSED = new ScriptedVerifier(file -> {
        throw new UnsupportedOperationException();
    });

    @TempDir
    Path folder;

    private ApiServer server;
    private final List<RemoteHost> hosts = new ArrayList<>();

    RemoteStepContract(WorkflowEngine.Kind kind) {
        super(kind);
    }

    @Override
    protected void start(ScriptedGenerator generator) throws Exception {
        server = new ApiServer(
                Files.createDirectories(folder.resolve("server")),
                new ScriptedJobs(generator),
                generator,
                generator.sources(),
                UNUSED);
        super.start(generator);
    }

    /** A process that is killed closes nothing: the client before stays as it is. */
    @Override
    VideoGenerator connect() throws Exception {
        RemoteHost started = new RemoteHost(server.url(), server.editorToken(), null);
        hosts.add(started);
        return started.generator();
    }

    @Override
    SourceStore sources() {
        return hosts.get(hosts.size() - 1).sources();
    }

    /** The generator knows the name of the token, and not AEM's users. */
    @Override
    protected String user() {
        return "editor";
    }

    @Override
    protected void close() throws Exception {
        super.close();
        hosts.forEach(RemoteHost::close);
        server.close();
    }
}
