package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetMetadata.SourceUse.Trace;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.Origin;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.spi.Watermarker;

/**
 * Knows the origin of sources by what is verified of them; that of an asset by its metadata. A copy without a manifest leads to the
 * asset whose mark and pictures it has.
 */
@Component(service = VerifiedOrigins.class)
public final class VerifiedOrigins implements OriginReader {

    private final ProvenanceVerifier verifier;
    private final Watermarker watermarker;
    private final ManifestRepository manifests;
    private final CurrentStore assets;

    /**
     * Creates one.
     *
     * @param verifier of files
     * @param watermarker names its marks
     * @param manifests of the clips of this installation
     * @param assets knows the store of the assets
     */
    @Activate
    public VerifiedOrigins(
            @Reference ProvenanceVerifier verifier,
            @Reference Watermarker watermarker,
            @Reference ManifestRepository manifests,
            @Reference CurrentStore assets) {
        this.verifier = verifier;
        this.watermarker = watermarker;
        this.manifests = manifests;
        this.assets = assets;
    }

    @Override
    public SourceOrigin read(WorkSource source, Path file) throws IOException {
        Optional<StoredAsset> asset = source.asset().isEmpty()
                ? Optional.empty()
                : assets.get().find(source.asset().get());
        return asset.isPresent() ? of(asset.get().metadata().provenance()) : of(verifier.verify(file));
    }

    private static SourceOrigin of(AssetMetadata.Provenance asset) {
        return new SourceOrigin(
                new Trace(
                        asset.watermarkId(), Optional.empty(), asset.manifest().map(SignedManifest::label)),
                Optional.empty());
    }

    private SourceOrigin of(ProvenanceReport report) throws IOException {
        Optional<String> carried = Optional.of(report.manifest().label())
                .filter(label -> !label.isEmpty())
                .filter(Trace::takes);
        // the first is the best proved
        Optional<Recovered> copied = report.origin() == Origin.THIS_INSTALLATION
                ? report.recovered().stream().findFirst()
                : Optional.empty();
        Trace trace = new Trace(
                report.watermark().marks().stream().findFirst().map(Mark::id), copied.map(Recovered::assetId), carried);
        Optional<StoredManifest> stored = carried.isEmpty() && copied.isPresent()
                ? manifests.find(copied.get().assetId())
                : Optional.empty();
        return new SourceOrigin(
                trace, stored.map(clip -> new Ingredient.Recovered(clip.manifest(), watermarker.algorithm())));
    }
}
