package org.patchreel.runtime.model;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.wan.WanFamily;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's settings, the families of models that it runs, and the memory for one of them. */
@Component(
        service = {ModelRuntime.class, ComponentStatus.class},
        configurationPid = ModelRuntime.PID)
@Designate(ocd = ModelRuntime.Config.class)
public final class ModelRuntime implements ComponentStatus {
    static final String PID = "org.patchreel.runtime";

    private static final int MAX_THREADS = 1024;

    @ObjectClassDefinition(
            name = "Patchreel model runtime",
            description = "How libtorch is loaded. Takes effect when the process starts: native libraries cannot be"
                    + " loaded twice.")
    @interface Config {
        @AttributeDefinition(description = "Threads of one operation; 0 for one a processor")
        int threads() default 0;

        @AttributeDefinition(
                name = "libtorch",
                description = "Folder of an external libtorch " + TorchEngine.VERSION + " for CUDA that holds DJL's"
                        + " libdjl_torch.so; empty for the CPU build in the natives bundle")
        String libtorch() default "";

        @AttributeDefinition(description = "Flavour of the external libtorch, for example cu128")
        String flavor() default "cu128";

        @AttributeDefinition(
                name = "cache",
                description = "Folder in which native libraries are unpacked, 440 MB; empty for natives/ under the"
                        + " framework property patchreel.home, or else the bundle's data area")
        String cache() default "";
    }

    private static final Logger LOG = LoggerFactory.getLogger(ModelRuntime.class);

    /** Framework property: {@code true} if the process was started to make a clip. */
    private static final String PRELOAD = "patchreel.preload";

    /** The one place where a family is added. */
    static final ModelFamilies FAMILIES = new ModelFamilies(List.of(new WanFamily()));

    private final ResidentSlot slot = new ResidentSlot();
    private final Thread preloading = new Thread(TorchEngine::preload, "patchreel-preload");
    private final Settings<TorchEngine.Settings> settings;

    /** Hands the settings to the engine, which reads them when it is first used. */
    @Activate
    public ModelRuntime(BundleContext context, Config config, Map<String, Object> properties) {
        settings = new Settings<>(PID, properties, values -> read(values, context, config));
        configure();
        if (Boolean.parseBoolean(context.getProperty(PRELOAD))) {
            preloading.start();
        }
    }

    /** A process must not end while it loads libraries. */
    @Deactivate
    void deactivate() throws InterruptedException {
        preloading.join();
    }

    /** The models stay: what libtorch was loaded with holds until the process restarts. */
    @Modified
    void modified(BundleContext context, Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> read(values, context, config));
        configure();
    }

    private static TorchEngine.Settings read(ConfigurationValues values, BundleContext context, Config config) {
        return new TorchEngine.Settings(
                cache(context, config.cache()),
                config.libtorch().isBlank() ? Optional.empty() : Optional.of(Path.of(config.libtorch())),
                config.flavor(),
                values.integer("threads", config::threads, 0, MAX_THREADS));
    }

    private void configure() {
        Optional<Problem> problem = settings.problem();
        problem.ifPresent(it -> {
            LOG.warn(it.line());
            TorchEngine.refuse(it.line());
        });
        if (problem.isEmpty()) {
            TorchEngine.configure(settings.get());
        }
    }

    @Override
    public Optional<Problem> problem() {
        Optional<Problem> problem = settings.problem();
        Optional<String> refusal = TorchEngine.refusal();
        if (problem.isEmpty() && refusal.isPresent()) {
            return Optional.of(new Problem("libtorch", refusal.get(), "restart the process", false));
        }
        if (problem.isEmpty() && TorchEngine.needsRestart(settings.get())) {
            return Optional.of(new Problem(
                    "configuration " + PID,
                    "it was changed after it was read; the values before it stay in use",
                    "restart the process",
                    true));
        }
        return problem;
    }

    private static Path cache(BundleContext context, String configured) {
        if (!configured.isBlank()) {
            return Path.of(configured);
        }
        Optional<Path> home = HomeFolder.of(context).configured();
        if (home.isPresent()) {
            return home.get().resolve("natives");
        }
        File data = context.getDataFile("natives");
        if (data == null) {
            // a folder that all users share would let each of them put libraries into this process
            throw new IllegalStateException(
                    PID + ": cache: there is no folder for native libraries: this framework keeps no"
                            + " files, and neither cache nor the framework property patchreel.home is set");
        }
        return data.toPath();
    }

    ResidentSlot slot() {
        return slot;
    }
}
