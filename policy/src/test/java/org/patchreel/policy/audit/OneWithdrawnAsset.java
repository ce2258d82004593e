package org.patchreel.policy.audit;

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
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/** Holds one clip that was withdrawn. */
final class OneWithdrawnAsset implements AssetStore {

    static final String ID = "01JD3V7Q0P8W5N2M4K6H8F0D2B";

    private final StoredAsset asset;

    OneWithdrawnAsset(Path folder) throws IOException {
        Path clip = Files.writeString(folder.resolve("clip.mp4"), "the clip");
        AssetMetadata metadata = new AssetMetadata(
                ID,
                Instant.parse("2026-12-01T10:00:00Z"),
                Optional.empty(),
                "a red ball",
                "",
                new AssetMetadata.Model("starter", "Wan", "cpu", "fp32", List.of()),
                new SamplingParameters(7, 20, 3),
                new VideoFormat(320, 320, 17, 8),
                new VideoFormat(96, 96, 17, 8),
                FrameInterpolation.REPEAT,
                "libopenh264",
                Map.of("sampling", Duration.ofMillis(1500)),
                List.of(),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(
                        Optional.of("0123456789abcdef"),
                        Optional.of(new AssetMetadata.SignedManifest("urn:c2pa:1", "CN=Signer", false))),
                "0.1.0",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
        asset = new Clip(new AssetReference(ID, clip.toUri()), metadata);
    }

    private record Clip(AssetReference reference, AssetMetadata metadata) implements StoredAsset {
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
        return List.of();
    }

    @Override
    public Optional<StoredAsset> find(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<StoredAsset> findWithdrawn(String id) {
        return Optional.of(asset).filter(each -> id.equals(ID));
    }
}
