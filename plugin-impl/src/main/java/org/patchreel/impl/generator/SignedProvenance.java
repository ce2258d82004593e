package org.patchreel.impl.generator;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.impl.c2pa.HumanOversight;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.provenance.ProvenanceSteps;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.Settings;
import org.patchreel.spi.Watermarker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks and signs clips, as configured when they begin. Its services are looked at then, and those for signing once more
 * when the clip is signed, with the key that is configured by then. One that is missing fails that clip with a reason, and
 * not the generator.
 */
@Component(
        service = {SignedProvenance.class, ProvenanceSteps.class, ComponentStatus.class},
        configurationPid = SignedProvenance.PID)
@Designate(ocd = SignedProvenance.Config.class)
public final class SignedProvenance implements Marking, Signing, ProvenanceSteps, ComponentStatus {
    static final String PID = "org.patchreel.provenance";

    private static final Logger LOG = LoggerFactory.getLogger(SignedProvenance.class);

    /** What is done to a clip. */
    private record Steps(
            boolean watermark, boolean manifest, Optional<AssetMetadata.Provider> provider, HumanOversight oversight) {}

    @ObjectClassDefinition(
            name = "Patchreel provenance",
            description =
                    "Whether clips are marked and signed, and who is named as their provider. A clip that cannot be marked"
                            + " or signed is not stored; what is switched off here is left out, and the clip's metadata"
                            + " say so")
    @interface Config {
        @AttributeDefinition(description = "Embed an invisible watermark, by which a clip is known again")
        boolean watermark() default true;

        @AttributeDefinition(description = "Sign a C2PA manifest into the clip, and remember it for copies without one")
        boolean manifest() default true;

        @AttributeDefinition(
                description =
                        "How far people watch over what is generated, until somebody approves it: manifests say so."
                                + " fully_autonomous where programs write the prompts",
                options = {
                    @Option(label = "a person writes the prompt", value = "prompt_guided"),
                    @Option(label = "a program writes the prompt", value = "fully_autonomous")
                })
        String human_oversight() default "prompt_guided";

        @AttributeDefinition(
                description =
                        "Who provides this system, in the metadata and manifests of clips, which are public: at most"
                                + " 200 characters; empty means that nobody is named")
        String provider() default "";

        @AttributeDefinition(
                description = "Address of a tool that tells whether a file is from here, for example of this"
                        + " installation's detector; stands beside the provider")
        String detector_url() default "";
    }

    private final Settings<Steps> settings;
    private final String version;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Watermarker watermarker;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ClaimSigner signer;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ManifestEmbedder embedder;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ManifestRepository manifests;

    /**
     * Creates one that finds its services by itself.
     *
     * @param context names the version
     * @param config what to do
     * @param properties of the component
     */
    @Activate
    public SignedProvenance(BundleContext context, Config config, Map<String, Object> properties) {
        this.settings = new Settings<>(PID, properties, values -> steps(values, config));
        this.version = context.getBundle().getVersion().toString();
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> steps(values, config));
        warn();
    }

    private static Steps steps(ConfigurationValues values, Config config) {
        return new Steps(
                values.flag("watermark", config::watermark),
                values.flag("manifest", config::manifest),
                provider(
                        values, config.provider().strip(), config.detector_url().strip()),
                switch (config.human_oversight()) {
                    case "prompt_guided" -> HumanOversight.PROMPT_GUIDED;
                    case "fully_autonomous" -> HumanOversight.FULLY_AUTONOMOUS;
                    default -> throw values.refused("human.oversight", "expected prompt_guided or fully_autonomous");
                });
    }

    /** {@return the provider of these texts, of which none need be there} */
    static Optional<AssetMetadata.Provider> provider(ConfigurationValues values, String name, String detector) {
        if (name.isEmpty()) {
            if (!detector.isEmpty()) {
                throw values.refused("detector.url", "expected a provider beside it, or none of both");
            }
            return Optional.empty();
        }
        AssetMetadata.Provider alone;
        try {
            alone = new AssetMetadata.Provider(name, Optional.empty());
        } catch (IllegalArgumentException e) {
            throw values.refused(
                    "provider",
                    "expected a name of at most " + AssetMetadata.Provider.MAX_NAME + " characters in one line");
        }
        if (detector.isEmpty()) {
            return Optional.of(alone);
        }
        try {
            return Optional.of(new AssetMetadata.Provider(name, Optional.of(detector)));
        } catch (IllegalArgumentException e) {
            throw values.refused("detector.url", "expected an address of http or https");
        }
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    @Override
    public boolean marks() {
        return settings.get().watermark();
    }

    @Override
    public boolean signs() {
        return settings.get().manifest();
    }

    @Override
    public HumanOversight oversight() {
        return settings.get().oversight();
    }

    @Override
    public Optional<AssetMetadata.Provider> provider() {
        return settings.get().provider();
    }

    @Override
    public Optional<Watermarker> watermarker() throws GenerationException {
        return marks() ? Optional.of(present(watermarker, "watermarker")) : Optional.empty();
    }

    @Override
    public void check() throws GenerationException {
        RecordedSignature.check(signer());
    }

    @Override
    public Signature sign(ClipSigner.Unsigned clip) throws GenerationException {
        return RecordedSignature.of(signer(), clip);
    }

    private ClipSigner signer() throws GenerationException {
        return new ClipSigner(
                present(embedder, "manifest embedder"),
                present(signer, "claim signer"),
                present(manifests, "manifest repository"),
                version,
                this::oversight);
    }

    private static <S> S present(@Nullable S service, String name) throws GenerationException {
        if (service == null) {
            throw new GenerationException(
                    Reason.PROVENANCE, "no " + name + " is there, so that no clip can be signed or marked; see doctor");
        }
        if (service instanceof ComponentStatus status) {
            Optional<Problem> problem = status.problem();
            if (problem.isPresent() && !problem.get().usable()) {
                throw new GenerationException(
                        Reason.PROVENANCE,
                        "the " + name + " has no usable configuration: "
                                + problem.get().line());
            }
        }
        return service;
    }
}
