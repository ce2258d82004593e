package org.patchreel.benchmarks.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TargetTest {
    private static long covering(String attack) {
        return Target.ALL.stream().filter(target -> target.covers(attack)).count();
    }

    @Test
    void anAttackHasOneTargetAtMost() {
        for (String attack : new String[] {
            "unattacked",
            "codec-x264-crf33",
            "codec-x264-crf40",
            "scale-25-back",
            "crop-50-corner",
            "rotate-3-filled",
            "rotate-10",
            "rotate-270",
            "trim-1s",
            "trim-frame-png",
            "pip-main",
            "social-feed",
            "meme-second"
        }) {
            assertEquals(1, covering(attack), attack);
        }
    }

    @Test
    void attacksWithoutATargetHaveNone() {
        for (String attack :
                new String[] {"codec-x264-crf36", "codec-av1-crf50", "pip-inset", "collage-halves", "other"}) {
            assertEquals(0, covering(attack), attack);
        }
    }

    @Test
    void aTargetIsReachedFromItsShareOn() {
        Target target = Target.ALL.stream()
                .filter(each -> each.covers("meme-second"))
                .findFirst()
                .orElseThrow();
        assertTrue(target.reached(new Tally(10, 8, 8, 0)));
        assertFalse(target.reached(new Tally(10, 7, 10, 0)));
    }
}
