package org.patchreel.impl.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameRate;

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
        assertEquals(text, new Timecode(frames, FrameRate.of(rate)).toString());
    }

    @Test
    void aProgrammeStartsAtOneHour() {
        for (int rate : new int[] {8, 12, 16, 24, 25, 30, 48, 50, 60}) {
            assertEquals(
                    "01:00:00:00", Timecode.programmeStart(FrameRate.of(rate)).toString());
        }
        for (String rate : List.of("23.976", "29.97", "59.94")) {
            assertEquals("01:00:00:00", Timecode.programmeStart(rate(rate)).toString());
        }
        assertEquals(
                "01:00:00:01", Timecode.programmeStart(FrameRate.of(30)).plus(1).toString());
    }

    /** As SMPTE ST 12-1 has it for non-drop timecode; drop-frame says 00:01:00;02 and 00:10:00;00. */
    @ParameterizedTest
    @CsvSource({
        "1800,29.97,00:01:00:00",
        "17982,29.97,00:09:59:12",
        "108000,29.97,01:00:00:00",
        "3600,59.94,00:01:00:00",
        "86400,23.976,01:00:00:00"
    })
    void leavesNoNumberOutAtNtscRates(long frames, String rate, String text) {
        assertEquals(text, new Timecode(frames, rate(rate)).toString());
    }

    private static FrameRate rate(String text) {
        return FrameRate.parse("rate", text);
    }

    @Test
    void refusesWhatIsNoTime() {
        assertThrows(IllegalArgumentException.class, () -> new Timecode(-1, FrameRate.of(24)));
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
        "120,60,1",
        "23.976,23.976,1",
        "29.97,29.97,1",
        "59.94,59.94,1",
        "14.985,29.97,2",
        "11.988,23.976,2"
    })
    void aClipOfAnyRateHasAnEditingRate(String rate, String editing, int repeat) {
        assertEquals(rate(editing), EditingRate.of(List.of(rate(rate))));
        assertEquals(repeat, EditingRate.repeat(rate(rate)));
    }

    @Test
    void theTimelinesRateShowsWholeFramesOfAllClipsIfThereIsOne() {
        assertEquals("24", timeline("8", "12", "24"));
        assertEquals("48", timeline("8", "16", "24"));
        assertEquals("60", timeline("30", "60"));
        assertEquals("25", timeline("24", "25"));
        assertEquals("60", timeline("25", "60", "24"));
        assertEquals("59.94", timeline("29.97", "59.94"));
        assertEquals("29.97", timeline("23.976", "29.97"));
        assertEquals("24", timeline("23.976", "24"));
    }

    private static String timeline(String... rates) {
        return EditingRate.of(Stream.of(rates).map(TimecodeTest::rate).toList()).toString();
    }

    @Test
    void clipsFollowEachOtherWithoutAGapAndNeverBeyondTheirEnd() {
        Timeline mixed = Timeline.of("mixed", List.of(SampleClips.delivered(), SampleClips.mezzanine()));
        assertEquals(FrameRate.of(24), mixed.rate());
        assertEquals(0, mixed.clips().get(0).start());
        assertEquals(51, mixed.clips().get(0).end());
        assertEquals(51, mixed.clips().get(1).start());
        assertEquals(100, mixed.frames());
        // 49 frames of 24 last 2.0417 s: 51 frames of 25 last 2.04 s, 52 would last longer than the clip
        assertEquals(51, SampleClips.mezzanine().framesAt(FrameRate.of(25)));
    }
}
