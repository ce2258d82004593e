package org.patchreel.runtime.model;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.vae.Tiling;
import org.patchreel.runtime.wan.WanModel;

/**
 * An operator's checkpoint: one for each configuration of the factory. It is registered even if its files are missing;
 * its health then says so.
 */
@Component(
        service = {},
        configurationPid = ConfiguredModel.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = ConfiguredModel.Config.class, factory = true)
public final class ConfiguredModel {
    static final String PID = "org.patchreel.model";

    @ObjectClassDefinition(
            name = "Patchreel model",
            description = "A checkpoint of the Wan family in the diffusers directory layout")
    @interface Config {
        @AttributeDefinition(description = "By which requests choose it: letters, digits, '.', '_', '-'")
        String name();

        @AttributeDefinition(description = "Folder that holds model_index.json")
        String directory();

        @AttributeDefinition(
                description = "What runs it; cuda needs an external libtorch, see Patchreel model runtime",
                options = {@Option(value = "cpu"), @Option(value = "cuda")})
        String device() default "cpu";

        @AttributeDefinition(
                description = "fp32 for CPUs, bf16 for GPUs",
                options = {@Option(value = "fp32"), @Option(value = "bf16")})
        String precision() default "fp32";

        @AttributeDefinition(
                name = "service.ranking",
                description = "The model with the highest ranking is the default; the starter model has -1000")
        int service_ranking() default 0;

        @AttributeDefinition(
                name = "UniPC's noise levels",
                description = "current as in today's diffusers; v0.35 as in the Wan authors' own code",
                options = {@Option(value = "current"), @Option(value = "v0.35")})
        String timestep_grid() default "current";

        @AttributeDefinition(
                name = "Batched guidance",
                description = "Makes both predictions of a guided step in one pass: faster, twice the memory")
        boolean batched_guidance() default true;

        @AttributeDefinition(
                name = "VAE tile",
                description = "Side of the tiles in which frames are decoded, in pixels, a multiple of 64; 0 decodes"
                        + " them whole")
        int vae_tile() default 0;
    }

    private final RegisteredModel registered;

    /**
     * Registers the model.
     *
     * @throws IllegalArgumentException if a setting is not one of the possible values; the message names it
     */
    @Activate
    public ConfiguredModel(BundleContext context, @Reference ModelRuntime runtime, Config config) {
        if (config.name() == null || config.directory() == null) {
            throw new IllegalArgumentException(
                    PID + " needs name and directory: " + config.name() + ", " + config.directory());
        }
        String name = ModelName.checked(config.name());
        WanModel model =
                new WanModel(name, Path.of(config.directory()), config.directory(), options(config), runtime.slot());
        registered = RegisteredModel.register(context, model, name, config.service_ranking());
    }

    private static WanModel.Options options(Config config) {
        if (!config.device().equals("cpu") && !config.device().equals("cuda")) {
            throw new IllegalArgumentException("device must be cpu or cuda: " + config.device());
        }
        Precision precision = switch (config.precision()) {
            case "fp32" -> Precision.FP32;
            case "bf16" -> Precision.BF16;
            default -> throw new IllegalArgumentException("precision must be fp32 or bf16: " + config.precision());
        };
        TimestepGrid grid = switch (config.timestep_grid()) {
            case "current" -> TimestepGrid.CURRENT;
            case "v0.35" -> TimestepGrid.V0_35;
            default ->
                throw new IllegalArgumentException("timestep.grid must be current or v0.35: " + config.timestep_grid());
        };
        int tile = config.vae_tile();
        if (tile < 0 || tile % 64 != 0) {
            throw new IllegalArgumentException("vae.tile must be 0 or a multiple of 64: " + tile);
        }
        return new WanModel.Options(
                config.device(),
                precision,
                grid,
                config.batched_guidance(),
                tile == 0 ? Optional.empty() : Optional.of(new Tiling(tile, tile * 3 / 4)));
    }

    @Deactivate
    void deactivate() {
        registered.close();
    }
}
