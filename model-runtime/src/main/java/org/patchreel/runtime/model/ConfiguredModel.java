package org.patchreel.runtime.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.runtime.adapter.AdapterFolder;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An operator's checkpoint: one for each configuration of the factory. It is registered even if its configuration cannot
 * be used or its files are missing; its health then says so.
 */
@Component(
        service = ComponentStatus.class,
        configurationPid = ConfiguredModel.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
@Designate(ocd = ConfiguredModel.Config.class, factory = true)
public final class ConfiguredModel implements ComponentStatus {
    static final String PID = "org.patchreel.model";

    @ObjectClassDefinition(
            name = "Patchreel model",
            description = "A checkpoint of the Wan family in the diffusers directory layout")
    @interface Config {
        @AttributeDefinition(description = "By which requests choose it: letters, digits, '.', '_', '-'")
        String name();

        @AttributeDefinition(description = "Folder that holds model_index.json; ~ is the user's home folder")
        String directory();

        @AttributeDefinition(
                description = "What runs it; cuda needs an external libtorch, see Patchreel model runtime",
                options = {@Option(value = "cpu"), @Option(value = "cuda")})
        String device() default "cpu";

        @AttributeDefinition(
                description = "fp32 or int8 for CPUs, bf16 for GPUs; int8 is faster and smaller, and less exact",
                options = {@Option(value = "fp32"), @Option(value = "int8"), @Option(value = "bf16")})
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

        @AttributeDefinition(
                name = "Step cache",
                description = "Estimates steps of denoising whose result hardly changes: faster, and other clips; of"
                        + " little use below 10 steps",
                options = {@Option(value = "off"), @Option(value = "safe"), @Option(value = "fast")})
        String step_cache() default "off";

        @AttributeDefinition(
                name = "Guidance mode",
                description = "How the predictions with the prompt and with the negative prompt are combined: cfg as"
                        + " usual, cfg-zero-star, or apg against too strong colours",
                options = {@Option(value = "cfg"), @Option(value = "cfg-zero-star"), @Option(value = "apg")})
        String guidance_mode() default "cfg";

        @AttributeDefinition(
                name = "Guidance from",
                description = "First step with guidance, in percent of the steps, 0 to 99")
        int guidance_from() default 0;

        @AttributeDefinition(
                name = "Guidance until",
                description = "Last step with guidance, in percent of the steps, to 100; steps without guidance take"
                        + " half the time")
        int guidance_until() default 100;

        @AttributeDefinition(
                description =
                        "Number of denoising steps of requests that leave it open, 1 to 1000; 0 for that of the checkpoint")
        int steps() default 0;

        @AttributeDefinition(
                description =
                        "Guidance scale of requests that leave it open, 1 (none) to 100; 0 for that of the checkpoint")
        double guidance_scale() default 0;

        @AttributeDefinition(
                description = "In the place of the checkpoint's scheduler",
                options = {@Option(value = "checkpoint"), @Option(value = "euler"), @Option(value = "unipc")})
        String scheduler() default "checkpoint";

        @AttributeDefinition(
                description = "Shift of the noise levels, 0.01 to 100, in the place of the scheduler's; 0 for that")
        double shift() default 0;

        @AttributeDefinition(
                description =
                        "Timesteps of a distilled checkpoint, for example 1000, 750, 500, 250: above 0, at most 1000,"
                                + " falling; moved by shift if it is given; empty for those of the scheduler")
        String timesteps() default "";

        @AttributeDefinition(
                description =
                        "Folder of the transformer, with config.json and weights, or its file, .safetensors, .gguf"
                                + " or .pth; empty for that of the checkpoint")
        String transformer() default "";

        @AttributeDefinition(description = "Folder or file of the second transformer, likewise")
        String transformer_2() default "";

        @AttributeDefinition(name = "VAE", description = "Folder or file of the autoencoder, likewise")
        String vae() default "";

        @AttributeDefinition(description = "Folder or file of the text encoder, likewise")
        String text_encoder() default "";

        @AttributeDefinition(
                description = "Folder of the tokenizer, or its file tokenizer.json; empty for that of the checkpoint")
        String tokenizer() default "";

        @AttributeDefinition(
                name = "Adapters",
                description =
                        "Folder of LoRAs that requests choose by name, NAME.safetensors; relative to patchreel.home;"
                                + " ~ is the user's home folder; empty for adapters/ there")
        String adapters() default "";

        @AttributeDefinition(
                name = "Licence",
                description =
                        "SPDX identifier or name of the weights' licence; empty for what the checkpoint's LICENSE or README.md"
                                + " says")
        String license() default "";

        @AttributeDefinition(
                name = "Excluded territories",
                description = "Where the licence does not allow the weights' use, for example EU, GB, KR")
        String license_excluded_territories() default "";

        @AttributeDefinition(
                name = "Licence acknowledged by",
                description =
                        "Who has read the licence and stands for this installation's use; without it a model whose licence"
                                + " is unknown or limits use makes no clip")
        String license_acknowledged_by() default "";
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredModel.class);

    private final BundleContext context;
    private final ResidentSlot slot;
    private final Settings<ModelSettings> settings;

    /** Models that were registered before: jobs that were submitted to them still run. Guarded by this. */
    private final List<RegisteredModel> replaced = new ArrayList<>();

    /** Guarded by this. */
    private RegisteredModel registered;

    /** What is registered; null for a model whose configuration cannot be used. Guarded by this. */
    private @Nullable ModelSettings current;

    /**
     * Registers the model.
     *
     * @param context registers it
     * @param runtime loads it
     * @param config the model
     * @param properties of the component
     */
    @Activate
    public ConfiguredModel(
            BundleContext context, @Reference ModelRuntime runtime, Config config, Map<String, Object> properties) {
        this(context, runtime.slot(), config, properties);
    }

    ConfiguredModel(BundleContext context, ResidentSlot slot, Config config, Map<String, Object> properties) {
        this.context = context;
        this.slot = slot;
        this.settings = new Settings<>(PID, properties, values -> read(values, config));
        this.current = good().orElse(null);
        this.registered = current == null ? misconfigured(config, properties) : register(current);
        warn();
    }

    /** A file that was merely touched changes nothing; jobs that were submitted before a change finish without it. */
    @Modified
    synchronized void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> read(values, config));
        warn();
        Optional<ModelSettings> now = good();
        @Nullable ModelSettings old = current;
        if (now.isPresent() && now.get().equals(old)) {
            return;
        }
        RegisteredModel before = registered;
        if (now.isEmpty()) {
            registered = misconfigured(config, properties);
        } else if (old != null && now.get().isSameModel(old)) {
            registered = RegisteredModel.register(
                    context, before.model(), now.get().name(), now.get().ranking());
        } else {
            registered = register(now.get());
            replaced.add(before);
            LOG.info("The model {} was reconfigured; jobs that wait for it finish as it was", registered.name());
        }
        current = now.orElse(null);
        before.withdrawReplaced();
    }

    private static ModelSettings read(ConfigurationValues values, Config config) {
        return ModelSettings.read(values, config, System.getProperty("user.home", ""));
    }

    private Optional<ModelSettings> good() {
        try {
            return Optional.of(settings.get());
        } catch (ConfigurationException e) {
            return Optional.empty();
        }
    }

    private RegisteredModel register(ModelSettings model) {
        return RegisteredModel.register(
                context,
                new CheckpointModel(
                        model.name(),
                        model.directory(),
                        model.parts(),
                        model.directory().toString(),
                        model.options(),
                        ModelRuntime.FAMILIES,
                        slot,
                        adapters(context, model.adapters()),
                        model.license()),
                model.name(),
                model.ranking());
    }

    /**
     * {@return a model's folder of adapters}
     *
     * @param context knows the home folder
     * @param configured the folder; empty for {@code adapters} in the home folder, if there is one
     */
    static AdapterFolder adapters(BundleContext context, Optional<Path> configured) {
        HomeFolder home = HomeFolder.of(context);
        return new AdapterFolder(configured
                .map(folder -> home.path().resolve(folder))
                .or(() ->
                        home.configured().map(folder -> folder.toAbsolutePath().resolve("adapters"))));
    }

    /** Registered under its configured name, or else that of its file, so that no other model takes its place. */
    private RegisteredModel misconfigured(Config config, Map<String, Object> properties) {
        Problem problem = settings.problem().orElseThrow();
        ConfigurationValues values = new ConfigurationValues(PID, properties);
        String name = config.name() != null && ModelName.isValid(config.name()) ? config.name() : instance(values);
        return RegisteredModel.register(
                context,
                new MisconfiguredModel(name, values.file().orElse(values.pid()), problem.line()),
                name,
                ranking(config));
    }

    /** NAME of {@code org.patchreel.model-NAME.cfg}, or of the PID {@code org.patchreel.model~NAME}. */
    private static String instance(ConfigurationValues values) {
        String name = values.file()
                .map(file -> String.valueOf(Path.of(file).getFileName()).replaceFirst("\\.[a-z]+$", ""))
                .filter(file -> file.startsWith(PID))
                .orElse(values.pid());
        String instance = name.substring(Math.min(PID.length() + 1, name.length()));
        return ModelName.isValid(instance) ? instance : "unnamed";
    }

    private static int ranking(Config config) {
        try {
            return config.service_ranking();
        } catch (RuntimeException e) {
            return 0; // not a number: the problem names it
        }
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    @Deactivate
    synchronized void deactivate() {
        registered.close();
        replaced.forEach(RegisteredModel::close);
    }
}
