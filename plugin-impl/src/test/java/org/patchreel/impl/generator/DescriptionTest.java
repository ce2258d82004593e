package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetMetadata;

/** What clips were asked to show, as WebVTT. */
class DescriptionTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static AssetMetadata clip(Map<String, Object> changes) {
        Map<String, Object> facts = new HashMap<>(Map.of(
                "id", "01A",
                "created", "2026-03-04T05:06:07Z",
                "prompt", "a red ball",
                "negativePrompt", "",
                "model", "starter",
                "family", "Wan",
                "device", "cpu",
                "precision", "fp32",
                "weights", List.of()));
        facts.putAll(Map.of(
                "seed",
                1L,
                "steps",
                4L,
                "guidanceScale",
                1.0,
                "width",
                64L,
                "height",
                64L,
                "frameCount",
                49L,
                "frameRate",
                24L));
        facts.putAll(Map.of(
                "generatedWidth",
                64L,
                "generatedHeight",
                64L,
                "codec",
                "libopenh264",
                "timings",
                List.of(),
                "version",
                "0.1.0"));
        facts.putAll(changes);
        return AssetFacts.of(facts).metadata();
    }

    @Test
    void aClipOfOneShotHasOneCueToItsEnd() {
        assertEquals("""
                WEBVTT

                NOTE This video is generated. It was asked to show this.

                00:00:00.000 --> 00:00:02.041
                a red ball
                """, Description.text(clip(Map.of())));
    }

    @Test
    void eachShotHasACueUntilTheNextOneIsSeen() {
        String text = Description.text(clip(Map.of(
                "shots",
                List.of(
                        "0 30 cut 7: a red ball\nnegative: ",
                        "24 25 dissolve 8: a tree --> <b>&\\n\\nx\nnegative: "))));
        assertEquals("""
                00:00:00.000 --> 00:00:01.000
                a red ball

                00:00:01.000 --> 00:00:02.041
                a tree --&gt; &lt;b&gt;&amp; x
                """, text.substring(text.indexOf("00:")));
    }

    @Test
    void aStillHasNone() throws Exception {
        Description.write(clip(Map.of("codec", "png", "frameCount", 1L)), folder);
        assertFalse(Files.exists(folder.resolve("description.vtt")));
    }
}
