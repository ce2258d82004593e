package org.patchreel.impl.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.MezzanineCodec;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Settings;
import org.patchreel.spi.VideoFrame;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXParseException;

/** What is handed over to editors is put before programs that others wrote: melt of the MLT framework, and ffprobe. */
@Timeout(300)
class EditorsTest {
    /** Where Debian's package puts it. */
    private static final Path MLT_DTD = Path.of("/usr/share/mlt-7/xml/mlt-xml.dtd");

    private static final ExportProgress SILENT = (id, clip, clips, done, total) -> {};
    private static final int RED = 0xc02020;
    private static final int BLUE = 0x2020c0;

    @TempDir
    private static Path directory;

    private static StoredAsset red;
    private static StoredAsset blue;

    /** An asset whose clip is a file. */
    private record FileAsset(Path file, AssetMetadata metadata) implements StoredAsset {
        @Override
        public AssetReference reference() {
            return new AssetReference(metadata.id(), file.toUri());
        }

        @Override
        public SeekableByteChannel open(AssetFile which) throws IOException {
            return Files.newByteChannel(file);
        }
    }

    @BeforeAll
    static void makeClips() throws IOException {
        red = clip("RED", RED, new VideoFormat(320, 192, 9, 8));
        blue = clip("BLUE", BLUE, new VideoFormat(320, 192, 25, 24));
    }

    private static StoredAsset clip(String id, int rgb, VideoFormat format) throws IOException {
        Path file = directory.resolve(id + ".mp4");
        ByteBuffer pixels = ByteBuffer.allocate(3 * format.width() * format.height());
        while (pixels.hasRemaining()) {
            pixels.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
        }
        try (FrameSink encoder = VideoEncoders.standard().open(file, format)) {
            for (int i = 0; i < format.frameCount(); i++) {
                encoder.accept(new VideoFrame(format.width(), format.height(), pixels.rewind()));
            }
        }
        AssetMetadata metadata = new AssetMetadata(
                id,
                Instant.parse("2030-01-02T03:04:05Z"),
                Optional.of("Title <of> " + id),
                "a \"prompt\" & <b> \uD83D\uDE80",
                "",
                new AssetMetadata.Model("starter", "Wan", "cpu", "fp32", List.of()),
                new SamplingParameters(7, 20, 3),
                format,
                new VideoFormat(96, 96, 17, 8),
                FrameInterpolation.REPEAT,
                "libopenh264",
                Map.of(),
                List.of(),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(Optional.empty(), Optional.empty()),
                "0.1.0",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
        return new FileAsset(file, metadata);
    }

    private static Path export(String name, Optional<MezzanineCodec> mezzanine) throws Exception {
        return new Exporter(() -> false, null, (file, kind, clip) -> Optional.empty(), new Settings<>(false))
                .write(
                        new ExportRequest(
                                List.of(red, blue, red),
                                directory.resolve(name),
                                EnumSet.allOf(ExportFormat.class),
                                mezzanine),
                        SILENT)
                .folder();
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Path errors = directory.resolve("errors.txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), () -> command[0] + ": " + text(errors));
        return out;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** In each frame of the timeline the clip is seen that stands there; 27 frames of red, 25 of blue, 27 of red. */
    @ParameterizedTest
    @ValueSource(strings = {"delivered", "prores", "dnxhr"})
    void meltRendersTheTimeline(String media) throws Exception {
        assumeTrue(Program.runs("melt", "--version"), "needs melt 7 (Debian package melt)");
        Optional<MezzanineCodec> codec = List.of(MezzanineCodec.values()).stream()
                .filter(each -> each.label().equals(media))
                .findFirst();
        Path folder = export("melt " + media, codec);
        Path rendered = directory.resolve(media + "-rendered.mp4");
        output(
                "melt",
                folder.resolve("timeline.mlt").toString(),
                "-consumer",
                "avformat:" + rendered,
                "f=mp4",
                "vcodec=mpeg4",
                "qscale=2",
                "an=1",
                "real_time=-1");
        List<Integer> shown = new ArrayList<>();
        try (ClipReader reader = ClipReader.open(rendered)) {
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                assertEquals(320, frame.get().width());
                assertEquals(192, frame.get().height());
                ByteBuffer rgb = frame.get().rgb();
                int middle = 3 * (96 * 320 + 160);
                shown.add((rgb.get(middle) & 0xff) > (rgb.get(middle + 2) & 0xff) ? RED : BLUE);
            }
            assertEquals(24, reader.info().frameRate());
        }
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 27 + 25 + 27; i++) {
            expected.add(i >= 27 && i < 52 ? BLUE : RED);
        }
        assertEquals(expected, shown);
    }

    @Test
    void theDocumentTypeOfMltTakesTheTimeline() throws Exception {
        assumeTrue(Files.exists(MLT_DTD), "needs " + MLT_DTD + " (Debian package melt)");
        // parsers refuse the file as it is: <!ELEMENT properties property >
        Path dtd = directory.resolve("mlt.dtd");
        Files.writeString(
                dtd,
                Files.readString(MLT_DTD).replace("ELEMENT properties property >", "ELEMENT properties (property) >"));
        String document = Files.readString(export("dtd", Optional.empty()).resolve("timeline.mlt"));
        String typed = document.replaceFirst("\\?>", "?><!DOCTYPE mlt SYSTEM \"" + dtd.toUri() + "\">");
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setValidating(true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException problem) throws SAXParseException {
                throw problem;
            }

            @Override
            public void error(SAXParseException problem) throws SAXParseException {
                throw problem;
            }

            @Override
            public void fatalError(SAXParseException problem) throws SAXParseException {
                throw problem;
            }
        });
        builder.parse(new ByteArrayInputStream(typed.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({"PRORES,prores,HQ,yuv422p10le,apch", "DNXHR,dnxhd,DNXHR HQ,yuv422p,AVdh"})
    void ffprobeReadsAMezzanine(MezzanineCodec codec, String name, String profile, String pixels, String tag)
            throws Exception {
        assumeTrue(Program.runs("ffprobe", "-version"), "needs ffprobe (Debian package ffmpeg)");
        Path folder = export("probe " + codec, Optional.of(codec));
        JsonNode probed = new ObjectMapper()
                .readTree(output(
                        "ffprobe",
                        "-v",
                        "error",
                        "-count_frames",
                        "-show_streams",
                        "-of",
                        "json",
                        folder.resolve("media/RED.mov").toString()));
        assertEquals(2, probed.get("streams").size());
        JsonNode video = probed.get("streams").get(0);
        Map<String, String> expected = Map.ofEntries(
                Map.entry("codec_name", name),
                Map.entry("profile", profile),
                Map.entry("codec_tag_string", tag),
                Map.entry("pix_fmt", pixels),
                Map.entry("color_range", "tv"),
                Map.entry("color_space", "bt709"),
                Map.entry("color_transfer", "bt709"),
                Map.entry("color_primaries", "bt709"),
                Map.entry("sample_aspect_ratio", "1:1"),
                Map.entry("r_frame_rate", "24/1"),
                Map.entry("nb_read_frames", "27"));
        expected.forEach((key, value) -> assertEquals(value, video.path(key).asText(), key));
        JsonNode timecode = probed.get("streams").get(1);
        assertEquals("tmcd", timecode.get("codec_tag_string").textValue());
        assertEquals("01:00:00:00", timecode.at("/tags/timecode").textValue());
        assertTrue(timecode.toString().contains("RED"), "the reel's name is in the timecode track: " + timecode);
    }
}
