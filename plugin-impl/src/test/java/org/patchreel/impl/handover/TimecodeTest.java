package org.patchreel.impl.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimecodeTest {

    @ParameterizedTest
    @CsvSource({
        "0,24,00:00:00:00",
        "23,24,00:00:00:23",
        "24,24,00:00:01:00",
        "86400,24,01:00:00:00",
        "90000,25,01:00:00:00",
        "107999,30,00:59:59:29",
        "108000,30,01:00:00:00",
        "1799,30,00:00:59:29",
        "1800,30,00:01:00:00", // drop-frame would say 00:01:00;02
        "216059,60,01:00:00:59",
        "17,8,00:00:02:01",
        "11,12,00:00:00:11",
        "16,16,00:00:01:00",
        "119,120,00:00:00:119",
        "2073600,24,00:00:00:00",
    })
    void countsEveryFrame(long frames, int rate, String text) {
        assertEquals(text, new Timecode(frames, rate).toString());
    }

    @Test
    void aProgrammeStartsAtOneHour() {
        for (int rate : new int[] {8, 12, 16, 24, 25, 30, 48, 50, 60}) {
            assertEquals("01:00:00:00", Timecode.programmeStart(rate).toString());
        }
        assertEquals("01:00:00:01", Timecode.programmeStart(30).plus(1).toString());
    }

    @Test
    void refusesWhatIsNoTime() {
        assertThrows(IllegalArgumentException.class, () -> new Timecode(-1, 24));
        assertThrows(IllegalArgumentException.class, () -> new Timecode(0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "8,24,3",
        "12,24,2",
        "16,48,3",
        "24,24,1",
        "25,25,1",
        "30,30,1",
        "60,60,1",
        "1,24,24",
        "10,30,3",
        "7,24,1",
        "120,60,1"
    })
    void aClipOfAnyRateHasAnEditingRate(int rate, int editing, int repeat) {
        assertEquals(editing, EditingRate.of(List.of(rate)));
        assertEquals(repeat, EditingRate.repeat(rate));
    }

    @Test
    void theTimelinesRateShowsWholeFramesOfAllClipsIfThereIsOne() {
        assertEquals(24, EditingRate.of(List.of(8, 12, 24)));
        assertEquals(48, EditingRate.of(List.of(8, 16, 24)));
        assertEquals(60, EditingRate.of(List.of(30, 60)));
        assertEquals(25, EditingRate.of(List.of(24, 25)));
        assertEquals(60, EditingRate.of(List.of(25, 60, 24)));
    }

    @Test
    void clipsFollowEachOtherWithoutAGapAndNeverBeyondTheirEnd() {
        Timeline mixed = Timeline.of("mixed", List.of(SampleClips.delivered(), SampleClips.mezzanine()));
        assertEquals(24, mixed.rate());
        assertEquals(0, mixed.clips().get(0).start());
        assertEquals(51, mixed.clips().get(0).end());
        assertEquals(51, mixed.clips().get(1).start());
        assertEquals(100, mixed.frames());
        // 49 frames of 24 last 2.0417 s: 51 frames of 25 last 2.04 s, 52 would last longer than the clip
        assertEquals(51, SampleClips.mezzanine().framesAt(25));
    }
}
