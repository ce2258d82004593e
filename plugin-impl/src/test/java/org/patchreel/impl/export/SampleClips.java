package org.patchreel.impl.export;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;

/** Clips that are handed over, with texts that break careless writers. */
final class SampleClips {
    static final String ID = "01JD3V7Q0P8W5N2M4K6H8F0D2B";
    static final String OTHER_ID = "01JD3V7Q0P8W5N2M4K6H8F0D2C";

    /** Markup, quotes, a line's end, a character beyond 16 bits, a bell, half a surrogate pair. */
    static final String PROMPT = "a \"red\" ball\nrolls ]]> $5 中 \uD83D\uDE80 \u0007 \uD800 & <b>";

    private SampleClips() {}

    static AssetMetadata metadata(String id, Optional<String> title, String prompt, VideoFormat format) {
        return metadata(id, title, prompt, format, List.of());
    }

    private static AssetMetadata metadata(
            String id, Optional<String> title, String prompt, VideoFormat format, List<AssetMetadata.ShotUse> shots) {
        return new AssetMetadata(
                id,
                Instant.parse("2030-01-02T03:04:05Z"),
                title,
                prompt,
                "blur",
                new AssetMetadata.Model("starter", "Wan 2.1 text-to-video", "cpu, 2 threads", "fp32", List.of()),
                new SamplingParameters(9007199254740993L, 20, 3.5),
                format,
                new VideoFormat(96, 96, 17, 8),
                FrameInterpolation.REPEAT,
                "libopenh264",
                Map.of(),
                List.of(),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(
                        Optional.of("0123456789abcdef"),
                        Optional.of(new AssetMetadata.SignedManifest("urn:c2pa:1", "CN=Signer", false))),
                "0.1.0",
                Optional.empty(),
                List.of(),
                shots,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new AssetMetadata.Provider("Studio & Co", Optional.of("https://studio.example/?a&b"))),
                Optional.empty(),
                id.equals(ID)
                        ? new Rights(
                                Optional.of("Anna & <Co>"),
                                Optional.of("© 2030 \"Studio\""),
                                Optional.of(Instant.parse("2031-06-30T00:00:00Z")))
                        : Rights.NONE);
    }

    /** A clip of 8 frames per second as it was delivered, of a length that is no whole second. */
    static Medium delivered() {
        VideoFormat format = new VideoFormat(320, 192, 17, 8);
        return new Medium(
                metadata(ID, Optional.of("Rot & <Blau>"), PROMPT, format),
                ID + ".mp4",
                "H8F0D2B",
                new Timecode(0, FrameRate.of(8)),
                17);
    }

    /** A mezzanine of 24 frames per second. */
    static Medium mezzanine() {
        VideoFormat format = new VideoFormat(640, 384, 49, 24);
        return new Medium(
                metadata(OTHER_ID, Optional.empty(), "a blue cube", format),
                OTHER_ID + ".mov",
                "H8F0D2C",
                Timecode.programmeStart(FrameRate.of(24)),
                49);
    }

    /** A mezzanine that shows each frame of a storyboard's clip three times. */
    static Medium storyboard() {
        AssetMetadata clip = metadata(
                ID,
                Optional.of("Story"),
                "a ball\na cube",
                new VideoFormat(320, 192, 20, 8),
                List.of(
                        new AssetMetadata.ShotUse(0, 12, Transition.CUT, 7, PROMPT, Optional.empty(), ""),
                        new AssetMetadata.ShotUse(
                                8, 12, Transition.DISSOLVE, 8, "a cube", Optional.of("a blue cube"), "blur")));
        return new Medium(clip, ID + ".mov", "H8F0D2B", Timecode.programmeStart(FrameRate.of(24)), 60);
    }

    /** The two of them, and the first once more. */
    static Timeline timeline() {
        return Timeline.of("cut one", List.of(delivered(), mezzanine(), delivered()));
    }

    /** An asset whose files stand in a folder. */
    record Stored(Path folder, AssetMetadata metadata) implements StoredAsset {
        @Override
        public AssetReference reference() {
            return new AssetReference(
                    metadata.id(), folder.resolve(AssetFile.CLIP.fileName()).toUri());
        }

        @Override
        public SeekableByteChannel open(AssetFile file) throws IOException {
            return Files.newByteChannel(folder.resolve(file.fileName()));
        }
    }
}
