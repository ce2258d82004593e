package org.patchreel.impl.generator;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.verify.ManifestStore;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.Watermarker;

/**
 * Marks and signs clips, as configured. Its services are looked at when a clip begins: one that is missing fails that clip
 * with a reason, and not the generator.
 */
@Component(service = SignedProvenance.class, configurationPid = "org.patchreel.provenance")
@Designate(ocd = SignedProvenance.Config.class)
public final class SignedProvenance implements ClipProvenance {

    @ObjectClassDefinition(
            name = "Patchreel provenance",
            description =
                    "Whether clips are marked and signed. A clip that cannot be is not stored; what is switched off"
                            + " here is left out, and the clip's metadata say so")
    @interface Config {
        @AttributeDefinition(description = "Embed an invisible watermark, by which a clip is known again")
        boolean watermark() default true;

        @AttributeDefinition(description = "Sign a C2PA manifest into the clip, and remember it for copies without one")
        boolean manifest() default true;
    }

    private final Config config;
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
    private volatile @Nullable ManifestStore manifests;

    /**
     * Creates one that finds its services by itself.
     *
     * @param context names the version
     * @param config what to do
     */
    @Activate
    public SignedProvenance(BundleContext context, Config config) {
        this.config = config;
        this.version = context.getBundle().getVersion().toString();
    }

    /** {@return whether clips are marked} */
    public boolean marks() {
        return config.watermark();
    }

    /** {@return whether clips are signed} */
    public boolean signs() {
        return config.manifest();
    }

    @Override
    public Draft begin(VideoFormat format) throws GenerationException {
        Watermarker marker = marks() ? present(watermarker, "watermarker") : null;
        SignedDraft.Signing signing = signs()
                ? new SignedDraft.Signing(
                        present(embedder, "manifest embedder"),
                        present(signer, "claim signer"),
                        present(manifests, "manifest store"),
                        version)
                : null;
        return SignedDraft.begin(format, marker, signing);
    }

    private static <S> S present(@Nullable S service, String name) throws GenerationException {
        if (service == null) {
            throw new GenerationException(
                    Reason.PROVENANCE, "no " + name + " is there, so that no clip can be made; see doctor");
        }
        return service;
    }
}
