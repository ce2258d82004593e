package org.patchreel.benchmarks.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTablesTest {
    private static ClipResult clip(String name, ClipResult.Variant... variants) {
        return new ClipResult(
                name,
                640,
                368,
                121,
                24,
                "00",
                new ClipResult.Marking(1.5, 43, 42, 0.99, 3),
                List.of(),
                List.of(variants));
    }

    private static ClipResult.Variant variant(String attack, boolean recovered) {
        return new ClipResult.Variant(attack, recovered, true, 0, 9, 30, "identity", 1, 0.5, "");
    }

    @Test
    void judgesTargetsOverAllClips() {
        String page = new EvaluationTables(List.of(
                        clip("a", variant("crop-50", true), variant("flip-vertical", true)),
                        clip("b", variant("crop-50", false), variant("flip-vertical", true))))
                .markdown();
        assertTrue(page.contains("| crop to 50 % | 95 % | 50.0 % | 1 of 2 | **no** | 100.0 % |"), page);
        assertTrue(page.contains("| flips | 99 % | 100.0 % | 2 of 2 | yes | 100.0 % |"), page);
        assertTrue(page.contains("| crop-50 | b |"), page);
        assertTrue(page.contains("1 of 2 targets are reached"), page);
    }

    @Test
    void attacksOfOtherProgramsHaveTablesToo() {
        String page = new EvaluationTables(List.of(clip("a", variant("swirl | <b>", true)))).markdown();
        assertTrue(page.contains("None of the attacks has a target."), page);
        assertTrue(page.contains("| swirl \\| &lt;b> | 100.0 % | 1 of 1 |  | 100.0 % |"), page);
    }

    @Test
    void aGroupIsTheNameUpToItsFirstHyphen() {
        assertEquals("codec", EvaluationTables.group("codec-x264-crf23"));
        assertEquals("reverse", EvaluationTables.group("reverse"));
        assertEquals("-odd", EvaluationTables.group("-odd"));
    }

    @Test
    void nothingGivesAPageToo() {
        assertTrue(new EvaluationTables(List.of()).markdown().startsWith("0 clips, 0 attacks"));
    }
}
