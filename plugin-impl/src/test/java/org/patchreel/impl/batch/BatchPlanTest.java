package org.patchreel.impl.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.Position;
import org.patchreel.api.Source;
import org.patchreel.api.SourceStore;
import org.patchreel.contract.KeptSources;

class BatchPlanTest {

    private static final Map<String, String> DEFAULTS = Map.of("prompt", "a {colour} ball", "size", "512x512");

    @Test
    void fillsPlaceholdersAndGivesRowsWhatTheyLack() throws Exception {
        BatchPlan plan = plan(
                DEFAULTS,
                Map.of("colour", "red", "name", "Rot 1"),
                Map.of("colour", "blue", "size", "640x368", "seed", "5"));
        BatchItem first = plan.items().get(0);
        BatchItem second = plan.items().get(1);
        assertEquals("Rot 1", first.name());
        assertEquals("a red ball", first.request().shots().get(0).prompt());
        assertEquals(Optional.of(new FrameSize(512, 512)), first.request().size());
        assertEquals("clip-02", second.name());
        assertEquals(Optional.of(new FrameSize(640, 368)), second.request().size());
        assertEquals(5, second.request().sampling().seed().orElseThrow());
    }

    @Test
    void givesTheSameRowTheSameIdAndSeedAndOthersOthers() throws Exception {
        Map<String, String> row = Map.of("colour", "red", "name", "a");
        BatchItem item = plan(DEFAULTS, row).items().get(0);
        assertEquals(item, plan(DEFAULTS, row, Map.of("colour", "blue")).items().get(0));
        assertTrue(item.id().matches("[0-9A-HJKMNP-TV-Z]{26}"), item.id());
        long seed = item.request().sampling().seed().orElseThrow();
        assertTrue(seed >= 0 && seed < 1L << 53, seed + "");
        for (Map<String, String> other : List.of(
                Map.of("colour", "red", "name", "b"),
                Map.of("colour", "blue", "name", "a"),
                Map.of("colour", "red", "name", "a", "steps", "5"))) {
            BatchItem different = plan(DEFAULTS, other).items().get(0);
            assertNotEquals(item.id(), different.id());
            assertNotEquals(
                    item.request().sampling().seed(),
                    different.request().sampling().seed());
        }
    }

    /** A clip that is stored is found again by these; a new version of Patchreel must not make it once more. */
    @Test
    void keepsTheIdsAndSeedsOfTablesThatEarlierVersionsHaveMade() throws Exception {
        List<BatchItem> items = plan(
                        DEFAULTS,
                        Map.of("colour", "red", "name", "Rot 1"),
                        Map.of(
                                "name", "all",
                                "prompt", "ein Ball, „rot“ 球]",
                                "negative.prompt", "blur",
                                "model", "wan-1.3b",
                                "seconds", "2.5",
                                "frame.rate", "24",
                                "seed", "7",
                                "steps", "12",
                                "guidance.scale", "3",
                                "folder", "/content/dam"),
                        Map.of("colour", "blue", "title", "Ball {colour}"))
                .items();
        assertEquals(
                List.of("0WN3HSNM1RY928QW80F2K35GD3", "SE0DKR7NBE9G9ZR6ER7F54423N", "19XQSNM58VZQYNF6KX46CAZE35"),
                items.stream().map(BatchItem::id).toList());
        assertEquals(
                List.of(4237853664402095L, 7L, 1753790654413485L),
                items.stream()
                        .map(item -> item.request().sampling().seed().orElseThrow())
                        .toList());
    }

    @Test
    void aValueThatWasAddedLaterNamesAnotherClip() throws Exception {
        Map<String, String> row = Map.of("colour", "red", "name", "a");
        String id = plan(DEFAULTS, row).items().get(0).id();
        for (Map<String, String> other : List.of(
                Map.of("colour", "red", "name", "a", "frames", "5"),
                Map.of("colour", "red", "name", "a", "frame.rate", "29.97"),
                Map.of("colour", "red", "name", "a", "frame.interpolation", "blend"),
                Map.of("colour", "red", "name", "a", "camera", "pan left"))) {
            assertNotEquals(id, plan(DEFAULTS, other).items().get(0).id());
        }
        assertEquals(
                id,
                plan(DEFAULTS, Map.of("colour", "red", "name", "a", "frame.interpolation", "repeat"))
                        .items()
                        .get(0)
                        .id());
    }

    @Test
    void namesAllRowsThatAreWrongBeforeAnythingIsGenerated() {
        String cjk = "日".repeat(90);
        assertEquals(
                "row 1: the payload has no property colour, which {colour} stands for; row 2: steps must be a whole number:"
                        + " few; row 3: name must be letters, digits, spaces and . _ -, 100 at most: ../x; row 5: the name A"
                        + " appears twice; row 6: name has 270 bytes in UTF-8, at most 200 fit: " + cjk
                        + "; row 7: width must be a multiple of 2: 65, nearest are 64 and 66; row 8: unknown model: nosuch",
                message(
                        DEFAULTS,
                        Map.of("name", "x"),
                        Map.of("colour", "red", "steps", "few"),
                        Map.of("colour", "red", "name", "../x"),
                        Map.of("colour", "red", "name", "a"),
                        Map.of("colour", "red", "name", "A"),
                        Map.of("colour", "red", "name", cjk),
                        Map.of("colour", "red", "size", "65x64"),
                        Map.of("colour", "red", "model", "nosuch")));
        assertEquals(
                "row 1: no prompt is given, neither by the row nor for all rows; its columns are seed",
                message(Map.of(), Map.of("seed", "1")));
    }

    @Test
    void aRowsLengthTakesThePlaceOfThatForAllRows() throws Exception {
        GenerationRequest request = plan(Map.of("prompt", "a ball", "seconds", "2"), Map.of("frames", "5"))
                .items()
                .get(0)
                .request();
        assertEquals(
                Optional.of(new ClipLength.Frames(5)), request.shots().get(0).length());
    }

    @Test
    void refusesColumnsThatNothingUses() throws Exception {
        assertEquals(
                "nothing uses the column sise: no placeholder {sise} stands for it, and the columns that need none are"
                        + " name, prompt, prompt.property, prompt.asset, negative.prompt, model, size, seconds, frames,"
                        + " frame.rate, frame.interpolation, seed, steps, guidance.scale, step.cache,"
                        + " guidance.mode, lora, folder, title, creator, copyright, expires, camera, image,"
                        + " last.image, keyframes, from, strength, mask, control, character.NAME, extend, extend.side, lead.to, interpolate, factor, loop, fit, kind,"
                        + " storyboard, storyboard.property",
                message(DEFAULTS, Map.of("colour", "red"), Map.of("colour", "red", "sise", "64x64")));
        plan(Map.of("prompt.property", "text"), Map.of("text", "a ball"));
        plan(Map.of(), Map.of("prompt", "a ball", "title", "{sku}", "sku", "4711"));
    }

    /** As a folder with these files: each holds its name's first letter. */
    private static Optional<Media> file(String name, SourceStore store) throws IOException {
        if (name.startsWith("missing")) {
            return Optional.empty();
        }
        if (name.startsWith("unreadable")) {
            throw new IOException(name);
        }
        return Optional.of(
                store.put(new ByteArrayInputStream(name.substring(0, 1).getBytes(UTF_8)), name));
    }

    @Test
    void readsThePicturesAndClipsOfRows() throws Exception {
        BatchPlan plan = plan(
                Map.of("prompt", "a ball", "image", "photos/{sku}.png", "strength", "0.5"),
                Map.of("sku", "4711", "loop", "TRUE", "fit", "contain"),
                Map.of("image", "b.png", "last.image", "c.png"));
        GenerationRequest first = plan.items().get(0).request();
        assertEquals(
                List.of(new Source.Keyframe(
                        file("photos/4711.png", new KeptSources()).orElseThrow(), Position.FIRST)),
                first.shots().get(0).sources());
        assertTrue(first.loop());
        assertEquals(Fit.CONTAIN, first.fit());
        assertEquals(2, plan.items().get(1).request().shots().get(0).sources().size());
        assertEquals(
                List.of(new Source.Restyle(file("a.mp4", new KeptSources()).orElseThrow(), 0.25)),
                plan(Map.of("prompt", "a ball"), Map.of("from", "a.mp4", "strength", "0.25"))
                        .items()
                        .get(0)
                        .request()
                        .shots()
                        .get(0)
                        .sources());
    }

    @Test
    void readsTheCharactersAndMasksOfRows() throws Exception {
        List<Source> sources = plan(
                        Map.of("prompt", "a ball", "character.ball", "photos/{sku}.png"),
                        Map.of("sku", "4711", "from", "a.mp4", "mask", "b.png"))
                .items()
                .get(0)
                .request()
                .shots()
                .get(0)
                .sources();
        KeptSources kept = new KeptSources();
        assertEquals(
                List.of(
                        new Source.Inpainting(file("a.mp4", kept).orElseThrow(), file("b.png", kept)),
                        new Source.Reference(file("photos/4711.png", kept).orElseThrow(), "ball")),
                sources);
    }

    @Test
    void givesARowWhosePictureHasChangedAnotherIdAndOneThatWasRenamedTheSame() throws Exception {
        Map<String, String> prompt = Map.of("prompt", "a ball");
        String id = plan(prompt, Map.of("image", "a.png")).items().get(0).id();
        assertEquals(id, plan(prompt, Map.of("image", "a2.png")).items().get(0).id());
        assertNotEquals(
                id, plan(prompt, Map.of("image", "b.png")).items().get(0).id());
        assertNotEquals(
                id, plan(prompt, Map.of("extend", "a.mp4")).items().get(0).id());
    }

    @Test
    void namesEveryRowWhosePictureIsMissing() {
        assertEquals(
                "row 1: image: there is no picture or clip missing.png; row 3: extend: there is no picture or clip"
                        + " missing.mp4",
                message(
                        Map.of("prompt", "a ball"),
                        Map.of("image", "missing.png"),
                        Map.of("image", "a.png"),
                        Map.of("extend", "missing.mp4")));
        assertEquals(
                "row 1: image: the payload is no picture or clip",
                message(Map.of("prompt", "a ball"), Map.of("image", "payload")));
        assertEquals(
                "row 1: a picture or clip cannot be read or kept: unreadable.png",
                assertThrows(
                                IOException.class,
                                () -> plan(Map.of("prompt", "a ball"), Map.of("image", "unreadable.png")))
                        .getMessage());
    }

    @SafeVarargs
    private static String message(Map<String, String> defaults, Map<String, String>... rows) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> plan(defaults, rows))
                .getMessage());
    }

    @SafeVarargs
    private static BatchPlan plan(Map<String, String> defaults, Map<String, String>... rows) throws Exception {
        return BatchPlan.of(
                new PromptTable(IntStream.range(0, rows.length)
                        .mapToObj(i -> new PromptTable.Row(i + 1, rows[i]))
                        .toList()),
                defaults,
                BatchPlanTest::file,
                new KeptSources(),
                item -> {
                    if (item.request().model().equals(Optional.of("nosuch"))) {
                        throw new IllegalArgumentException("unknown model: nosuch");
                    }
                });
    }
}
