package org.patchreel.impl.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameRate;
import org.patchreel.api.VideoFormat;
import org.w3c.dom.Document;

/**
 * The golden files were read by OpenTimelineIO 0.16 and its adapters for CMX 3600 and Final Cut Pro XML; melt renders such a
 * timeline in the integration tests.
 */
class TextsTest {
    private static final Path FOLDER = Path.of("/edit/cut one");

    @Test
    void writesAnEditDecisionList() throws IOException {
        assertEquals(golden("timeline.edl"), EdlText.of(SampleClips.timeline()).replace("\r\n", "\n"));
    }

    @Test
    void endsTheLinesOfAnEditDecisionListAsItsReadersExpect() {
        String edl = EdlText.of(SampleClips.timeline());
        assertEquals(edl.replace("\n", "\r\n").replace("\r\r\n", "\r\n"), edl);
    }

    @Test
    void writesOpenTimelineIo() throws IOException {
        assertEquals(
                golden("timeline.otio"),
                new String(OtioText.of(SampleClips.timeline()).getBytes(UTF_8), UTF_8));
    }

    @Test
    void writesFinalCutProXml() throws IOException {
        assertEquals(golden("timeline.xml"), Fcp7Text.of(SampleClips.timeline(), FOLDER));
    }

    @Test
    void writesMltXml() throws IOException {
        assertEquals(golden("timeline.mlt"), MltText.of(SampleClips.timeline()));
    }

    @Test
    void writesASidecar() throws IOException {
        assertEquals(golden("clip.xmp"), XmpText.of(SampleClips.delivered()));
        assertEquals(golden("mezzanine.xmp"), XmpText.of(SampleClips.mezzanine()));
    }

    /** Behind another clip on a timeline of 24 frames a second, and at its beginning. */
    @Test
    void marksWhereTheShotsOfAStoryboardBegin() throws IOException {
        Timeline timeline = Timeline.of("story", List.of(SampleClips.mezzanine(), SampleClips.storyboard()));
        JsonNode markers = stored(OtioText.of(timeline)).at("/tracks/children/0/children/1/markers");
        assertEquals(2, markers.size());
        assertEquals("Marker.2", markers.at("/1/OTIO_SCHEMA").textValue());
        assertEquals("Shot 2", markers.at("/1/name").textValue());
        assertEquals("a cube", markers.at("/1/comment").textValue());
        assertEquals(
                24 * 3600 + 24, markers.at("/1/marked_range/start_time/value").intValue());
        assertEquals(24, markers.at("/1/marked_range/start_time/rate").intValue());
        assertEquals(36, markers.at("/1/marked_range/duration/value").intValue());
        assertEquals(
                "{\"patchreel\":{\"prompt\":\"a cube\",\"expandedPrompt\":\"a blue cube\",\"seed\":8,\"opening\":\"dissolve\"}}",
                markers.at("/1/metadata").toString());
        List<String> locators = EdlText.of(timeline)
                .lines()
                .filter(line -> line.startsWith("* LOC: "))
                .toList();
        assertEquals(
                List.of(
                        "* LOC: 01:00:02:01 GREEN   Shot 1: a \"red\" ball rolls ]]> $5 \\u4e2d \\ud83d\\ude80",
                        "* LOC: 01:00:03:01 GREEN   Shot 2: a cube"),
                locators);
        String xml = Fcp7Text.of(timeline, FOLDER).replaceAll("\\n\\s*", "");
        assertTrue(
                xml.contains("<marker><name>Shot 2</name><comment>a cube</comment><in>24</in><out>60</out></marker>"),
                xml);
        String mlt = MltText.of(timeline);
        assertTrue(mlt.contains("{\"comment\":\"Shot 2: a cube\",\"pos\":24,\"type\":0}]</property>"), mlt);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(TextsTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void whatIsWrittenAsOpenTimelineIoCanBeReadAgain() throws IOException {
        Timeline timeline = SampleClips.timeline();
        OtioReader.Timeline read = OtioReader.read(stored(OtioText.of(timeline)));
        assertEquals("cut one", read.name());
        assertEquals(3600, read.startSeconds());
        assertEquals(3, read.clips().size());
        assertEquals(17 / 8.0 + 49 / 24.0 + 17 / 8.0, read.seconds(), 1e-9);
        OtioReader.Clip second = read.clips().get(1);
        assertEquals("media/" + SampleClips.OTHER_ID + ".mov", second.url());
        assertEquals(3600, second.startSeconds());
        JsonNode facts = read.clips().get(0).metadata().get("patchreel");
        assertEquals(SampleClips.ID, facts.get("id").textValue());
        assertEquals(
                SampleClips.PROMPT.replace('\uD800', '?'), facts.get("prompt").textValue());
        assertEquals(9007199254740993L, facts.get("seed").longValue());
        assertEquals("01:00:00:00", facts.get("timecode").textValue());
        assertEquals(
                "01:00:02:03",
                second.metadata().get("patchreel").get("timecode").textValue());
    }

    private static JsonNode stored(String text) throws IOException {
        return new ObjectMapper().readTree(text.getBytes(UTF_8));
    }

    /** Any text of code units, among them those that XML does not have: the documents are well-formed and the text is there. */
    @Test
    void everyPromptMakesWellFormedXml() throws Exception {
        Random random = new Random(1);
        for (int attempt = 0; attempt < 200; attempt++) {
            StringBuilder prompt = new StringBuilder("x");
            for (int i = 0; i < 40; i++) {
                int kind = random.nextInt(6);
                prompt.append(
                        switch (kind) {
                            case 0 -> String.valueOf((char) random.nextInt(0x20));
                            case 1 -> String.valueOf((char) random.nextInt(0x10000));
                            case 2 -> String.valueOf((char) (0xD800 + random.nextInt(0x800)));
                            case 3 -> Character.toString(0x10000 + random.nextInt(0x100000));
                            case 4 ->
                                List.of("<", ">", "&", "]]>", "<!--", "\"", "'", "\r\n", "\uFFFE", "&#0;")
                                        .get(random.nextInt(10));
                            default -> "a b";
                        });
            }
            Medium medium = new Medium(
                    SampleClips.metadata(
                            SampleClips.ID,
                            Optional.of(prompt.toString()),
                            prompt.toString(),
                            new VideoFormat(320, 192, 17, 8)),
                    SampleClips.ID + ".mp4",
                    "REEL",
                    new Timecode(0, FrameRate.of(8)),
                    17);
            Timeline timeline = Timeline.of(prompt.toString(), List.of(medium));
            String expected = XmlText.allowed(prompt.toString());
            assertEquals(expected, content(parsed(XmpText.of(medium)), "dc:description"));
            assertEquals(expected, content(parsed(Fcp7Text.of(timeline, FOLDER)), "description"));
            assertTrue(contents(parsed(MltText.of(timeline)), "property").contains(expected));
            JsonNode read = stored(OtioText.of(timeline));
            assertEquals(
                    new String(prompt.toString().getBytes(UTF_8), UTF_8),
                    read.at("/tracks/children/0/children/0/metadata/patchreel/prompt")
                            .textValue());
            for (String line : EdlText.of(timeline).split("\r\n", -1)) {
                assertTrue(line.length() <= 80 && line.chars().allMatch(c -> c >= ' ' && c <= '~'), line);
            }
        }
    }

    private static Document parsed(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        factory.setAttribute("http://javax.xml.XMLConstants/property/accessExternalDTD", "");
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
    }

    /** The innermost text, without the indentation around it. */
    private static String content(Document document, String element) {
        var node = document.getElementsByTagName(element).item(0);
        var alternative = document.getElementsByTagName("rdf:li");
        return element.startsWith("dc:") ? alternative.item(1).getTextContent() : node.getTextContent();
    }

    private static List<String> contents(Document document, String element) {
        var nodes = document.getElementsByTagName(element);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "8,24,24,51",
        "12,24,24,34",
        "16,48,48,51",
        "24,24,24,17",
        "25,25,25,17",
        "30,30,30,17",
        "60,60,60,17",
        "23.976,23.976,24,17",
        "29.97,29.97,30,17",
        "59.94,59.94,60,17",
        "14.985,29.97,30,34"
    })
    void everyFormatAgreesOnTheLength(String typed, String timelineRate, int timebase, int frames) throws Exception {
        FrameRate rate = FrameRate.parse("rate", typed);
        Medium medium = new Medium(
                SampleClips.metadata(SampleClips.ID, Optional.empty(), "a ball", new VideoFormat(320, 192, 17, rate)),
                SampleClips.ID + ".mp4",
                "REEL",
                new Timecode(0, rate),
                17);
        Timeline timeline = Timeline.of("cut", List.of(medium));
        assertEquals(timelineRate, timeline.rate().toString());
        assertEquals(frames, timeline.frames());

        String event = EdlText.of(timeline)
                .lines()
                .filter(line -> line.startsWith("001"))
                .findFirst()
                .orElseThrow();
        String[] times = event.substring(event.indexOf('C') + 1).strip().split(" ", -1);
        assertEquals(frames, frames(times[1], timebase) - frames(times[0], timebase), "source of " + event);
        assertEquals(frames, frames(times[3], timebase) - frames(times[2], timebase), "record of " + event);
        assertEquals("01:00:00:00", times[2]);

        Document fcp = parsed(Fcp7Text.of(timeline, FOLDER));
        assertEquals(List.of("0"), contents(fcp, "start"));
        assertEquals(List.of(String.valueOf(frames)), contents(fcp, "end"));
        assertEquals(List.of("17"), contents(fcp, "out"));
        assertEquals(String.valueOf(timebase), contents(fcp, "timebase").get(0));
        assertEquals(
                timeline.rate().isWhole() ? "FALSE" : "TRUE",
                contents(fcp, "ntsc").get(0));
        assertEquals(
                rate.seconds(17), OtioReader.read(stored(OtioText.of(timeline))).seconds(), 1e-9);
        Document mlt = parsed(MltText.of(timeline));
        var profile = mlt.getElementsByTagName("profile").item(0).getAttributes();
        assertEquals(
                timeline.rate(),
                new FrameRate(
                        Integer.parseInt(profile.getNamedItem("frame_rate_num").getNodeValue()),
                        Integer.parseInt(profile.getNamedItem("frame_rate_den").getNodeValue())));
        assertEquals(
                String.valueOf(frames - 1),
                mlt.getElementsByTagName("entry")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("out")
                        .getNodeValue());
    }

    private static int frames(String timecode, int rate) {
        String[] parts = timecode.split(":", -1);
        Function<Integer, Integer> part = index -> Integer.parseInt(parts[index]);
        return ((part.apply(0) * 60 + part.apply(1)) * 60 + part.apply(2)) * rate + part.apply(3);
    }

    @Test
    void aPromptOfAnEditDecisionListCanBeReadBackFromItsLines() {
        String text = "back\\slash \\u0041 \u4e2d" + "a\ud83d\ude80".repeat(30) + "z".repeat(7) + "\u4e2d".repeat(20);
        Medium medium = new Medium(
                SampleClips.metadata(SampleClips.ID, Optional.of(text), text, new VideoFormat(320, 192, 17, 8)),
                SampleClips.ID + ".mp4",
                "REEL",
                new Timecode(0, FrameRate.of(8)),
                17);
        StringBuilder read = new StringBuilder();
        for (String line :
                EdlText.of(Timeline.of("\u4e2d".repeat(20), List.of(medium))).split("\r\n", -1)) {
            String rest = line.replaceAll("\\\\u[0-9a-f]{4}", "");
            assertFalse(rest.contains("\\"), line);
            if (line.startsWith("* PROMPT: ")) {
                read.append(Pattern.compile("\\\\u([0-9a-f]{4})")
                        .matcher(line.substring("* PROMPT: ".length()))
                        .replaceAll(found ->
                                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16)))));
            }
        }
        assertEquals(text, read.toString());
    }

    @Test
    void anEditDecisionListCutsALongPromptAndSaysSo() {
        Medium medium = new Medium(
                SampleClips.metadata(
                        SampleClips.ID, Optional.empty(), "word ".repeat(2000), new VideoFormat(320, 192, 17, 8)),
                SampleClips.ID + ".mp4",
                "REEL",
                new Timecode(0, FrameRate.of(8)),
                17);
        List<String> prompt = new ArrayList<>(EdlText.of(Timeline.of("cut", List.of(medium)))
                .lines()
                .filter(line -> line.startsWith("* PROMPT: "))
                .toList());
        assertEquals(10, prompt.size());
        assertTrue(prompt.get(9).endsWith("..."), prompt.get(9));
        assertTrue(prompt.stream().allMatch(line -> line.length() == 80), prompt.toString());
    }
}
