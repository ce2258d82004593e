package org.patchreel.runtime.model;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.runtime.wan.LoadedModel;

/** The engine's settings, and the room for one loaded model, which all models of this bundle share. */
@Component(service = ModelRuntime.class, configurationPid = ModelRuntime.PID)
@Designate(ocd = ModelRuntime.Config.class)
public final class ModelRuntime {
    static final String PID = "org.patchreel.runtime";

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

    private final LoadedModel slot = new LoadedModel();

    /** Hands the settings to the engine, which reads them when it is first used. */
    @Activate
    public ModelRuntime(BundleContext context, Config config) {
        TorchEngine.configure(new TorchEngine.Settings(
                cache(context, config.cache()),
                config.libtorch().isBlank() ? Optional.empty() : Optional.of(Path.of(config.libtorch())),
                config.flavor(),
                config.threads()));
    }

    private static Path cache(BundleContext context, String configured) {
        if (!configured.isBlank()) {
            return Path.of(configured);
        }
        String home = context.getProperty("patchreel.home");
        if (home != null) {
            return Path.of(home, "natives");
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

    LoadedModel slot() {
        return slot;
    }
}
