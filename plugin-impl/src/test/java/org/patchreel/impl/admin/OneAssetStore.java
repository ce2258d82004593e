package org.patchreel.impl.admin;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/** Holds one clip, and the name of another that is damaged. */
final class OneAssetStore implements AssetStore {

    static final String ID = "01JD3V7Q0P8W5N2M4K6H8F0D2B";
    static final String DAMAGED = "01JD3V7Q0P0000000000000000";

    final StoredAsset asset;

    OneAssetStore(Path clip) {
        this(clip, ID, Instant.parse("2030-01-02T03:04:05Z"));
    }

    OneAssetStore(Path clip, String id, Instant created) {
        this(clip, id, created, "libopenh264");
    }

    /** {@return one that holds a still} */
    static OneAssetStore ofStill(Path still) {
        return new OneAssetStore(still, ID, Instant.parse("2030-01-02T03:04:05Z"), AssetMetadata.STILL_CODEC);
    }

    private OneAssetStore(Path clip, String id, Instant created, String codec) {
        AssetMetadata metadata = new AssetMetadata(
                id,
                created,
                Optional.of("Rot"),
                "a \"red\" ball\nrolls $5 \u4e2d",
                "",
                new AssetMetadata.Model(
                        "starter",
                        "Wan 2.1 text-to-video",
                        "cpu, 2 threads",
                        "fp32",
                        List.of(new WeightFile("vae/x.safetensors", "ab".repeat(32)))),
                new SamplingParameters(9007199254740991L, 20, 3),
                new VideoFormat(320, 320, 17, 8),
                new VideoFormat(96, 96, 17, 8),
                FrameInterpolation.REPEAT,
                codec,
                Map.of("sampling", Duration.ofMillis(1500)),
                List.of("the prompt is longer than the model reads"),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(
                        Optional.of("0123456789abcdef"),
                        Optional.of(new AssetMetadata.SignedManifest("urn:c2pa:1", "CN=Signer", false))),
                "0.1.0",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
        asset = new OneAsset(new AssetReference(id, clip.toUri()), metadata);
    }

    private record OneAsset(AssetReference reference, AssetMetadata metadata) implements StoredAsset {
        @Override
        public SeekableByteChannel open(AssetFile file) throws IOException {
            return Files.newByteChannel(Path.of(reference.location()).resolveSibling(file.fileName()));
        }
    }

    @Override
    public AssetDraft open(String id, Destination destination) throws IOException {
        throw new IOException("full");
    }

    @Override
    public List<AssetReference> list() {
        return List.of(
                asset.reference(), new AssetReference(DAMAGED, asset.reference().location()));
    }

    @Override
    public Optional<StoredAsset> find(String id) throws IOException {
        if (id.equals(DAMAGED)) {
            throw new IOException("metadata.json ends early");
        }
        return id.equals(asset.reference().id()) ? Optional.of(asset) : Optional.empty();
    }
}
