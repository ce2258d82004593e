package org.patchreel.aem;

import io.wcm.testing.mock.aem.junit5.AemContext;
import io.wcm.testing.mock.aem.junit5.AemContextExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.sling.testing.mock.sling.ResourceResolverType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.contract.GenerateClipStepContract;
import org.patchreel.contract.ScriptedGenerator;

/** The contract, for both kinds of step. */
@ExtendWith(AemContextExtension.class)
@SuppressWarnings("NullAway.Init")
abstract class StepContract extends GenerateClipStepContract {

    final AemContext context = new AemContext(ResourceResolverType.JCR_OAK);

    private final WorkflowEngine.Kind kind;
    private final List<WorkflowEngine> engines = new ArrayList<>();
    private Repository repository;
    private @Nullable VideoGenerator present;
    private @Nullable SourceStore sources;

    StepContract(WorkflowEngine.Kind kind) {
        this.kind = kind;
    }

    @Override
    protected void start(ScriptedGenerator generator) throws Exception {
        repository = new Repository(context);
        repository.registerNamespaces();
        present = connect();
        sources = sources();
    }

    /** {@return the service that AEM has of the generator, after its start and after each restart} */
    VideoGenerator connect() throws Exception {
        return generator;
    }

    /** {@return the service that AEM has of the generator's sources} */
    SourceStore sources() {
        return generator.sources();
    }

    @Override
    protected void removeSourceStore() {
        sources = null;
    }

    @Override
    protected String file(String name, byte[] content) {
        String path = Repository.BRIEFS + "/" + name;
        repository.createAsset(path, name.endsWith(".mp4") ? "video/mp4" : "image/jpeg", content);
        return path;
    }

    @Override
    protected Workflow beginOn(Map<String, String> arguments, String file) throws Exception {
        return beginWith(arguments, file);
    }

    @Override
    protected void removeGenerator() {
        present = null;
        engines.forEach(engine -> engine.setGenerator(null));
    }

    @Override
    protected Workflow begin(Map<String, String> arguments, Map<String, String> properties) throws Exception {
        Map<String, Object> metadata = new HashMap<>(properties);
        if (properties.containsKey("title")) {
            metadata.put("dc:title", properties.get("title"));
        }
        String payload = repository.payload("brief" + engines.size() + ".bin", "application/x-brief", "", metadata);
        return beginWith(arguments, payload);
    }

    private Workflow beginWith(Map<String, String> arguments, String payload) throws Exception {
        String typed = arguments.entrySet().stream()
                .map(argument -> argument.getKey() + " = " + argument.getValue())
                .collect(Collectors.joining("\r\n"));
        WorkflowEngine engine = new WorkflowEngine(
                kind, present, context.bundleContext(), repository.login(), payload, typed, "", engines.size());
        engine.setSources(sources);
        engines.add(engine);
        engine.begin();
        return new Workflow() {
            @Override
            public Ended await() throws Exception {
                return ended(engine);
            }

            @Override
            public void stop() {
                engine.terminate();
            }

            @Override
            public void restart() throws Exception {
                engine.restart(connect());
            }

            @Override
            public void updateStep() {
                engine.updateStep(Objects.requireNonNull(present));
            }
        };
    }

    @Override
    protected String user() {
        return WorkflowEngine.INITIATOR;
    }

    private static Ended ended(WorkflowEngine engine) throws Exception {
        return switch (engine.await()) {
            case COMPLETED -> new Ended(End.COMPLETED, "", Optional.of(engine.asset()));
            case FAILED -> new Ended(End.FAILED, engine.failure(), Optional.empty());
            default ->
                new Ended(
                        engine.outcome().equals("refused") ? End.REFUSED : End.CANCELLED,
                        engine.comment(),
                        Optional.empty());
        };
    }

    @Override
    protected String folder() {
        return Repository.FOLDER;
    }

    @Override
    protected Optional<String> forbiddenFolder() {
        return Optional.of(Repository.FORBIDDEN);
    }

    @Override
    protected byte[] clip(String asset) throws Exception {
        return repository.rendition(asset, "original");
    }

    @Override
    protected String title(String asset) {
        return String.valueOf(repository.metadata(asset).get("dc:title"));
    }

    @Override
    protected int clips() {
        return repository.clips();
    }

    @Override
    protected void close() throws Exception {
        for (WorkflowEngine engine : engines) {
            engine.stopProcess();
        }
    }
}
