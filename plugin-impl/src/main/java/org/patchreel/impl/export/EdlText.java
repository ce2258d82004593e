package org.patchreel.impl.export;

import java.util.Locale;
import org.patchreel.api.FrameRate;

/**
 * Writes a CMX 3600 edit decision list: cuts on one video track, in ASCII, lines of at most {@value #COLUMNS} columns that
 * end with CR LF. A list does not name a frame rate: it has that of the timeline, which must be chosen at import. What
 * a list has no field for stands in comments behind the event; the whole prompt is in the other formats.
 */
final class EdlText {
    /** Length of an escape, a backslash and u and four digits. */
    private static final int ESCAPE = 6;

    private static final int COLUMNS = 80;
    private static final int MAX_LINES = 10;
    private static final int TITLE_COLUMNS = 70;
    private static final String END = "\r\n";

    private final Timeline timeline;
    private final StringBuilder text = new StringBuilder();

    private EdlText(Timeline timeline) {
        this.timeline = timeline;
    }

    static String of(Timeline timeline) {
        EdlText edl = new EdlText(timeline);
        edl.write();
        return edl.text.toString();
    }

    private void write() {
        String title = ascii(timeline.name());
        text.append("TITLE: ")
                .append(title, 0, wholeEscapes(title, Math.min(title.length(), TITLE_COLUMNS)))
                .append(END);
        text.append("FCM: NON-DROP FRAME").append(END);
        timeline.clips().forEach(this::event);
    }

    private void event(Timeline.Clip clip) {
        Medium medium = clip.medium();
        FrameRate rate = timeline.rate();
        Timecode source = medium.start().at(rate);
        Timecode record = timeline.start().plus(clip.start());
        text.append(END)
                .append(String.format(
                        Locale.ROOT,
                        "%03d  %-8s V     C        %s %s %s %s",
                        clip.number(),
                        medium.reel(),
                        source,
                        source.plus(clip.frames()),
                        record,
                        record.plus(clip.frames())))
                .append(END);
        comment("FROM CLIP NAME", medium.fileName());
        medium.clip().title().ifPresent(title -> comment("TITLE", title));
        comment("ASSET ID", medium.clip().id());
        comment("PROMPT", medium.clip().prompt());
        comment("MODEL", medium.clip().model().name());
        comment("SEED", String.valueOf(medium.clip().sampling().seed()));
        comment("RATE", rate + " FPS" + (medium.rate().equals(rate) ? "" : ", FILE " + medium.rate() + " FPS"));
        for (Medium.Marker marker : medium.markers()) {
            locator(record.plus(clip.at(marker.start())), marker);
        }
    }

    /** As editing systems write and read it: a timecode of the timeline, a colour, a name. */
    private void locator(Timecode at, Medium.Marker marker) {
        String line = "* LOC: " + at + " GREEN   "
                + ascii(marker.name() + ": " + marker.shot().prompt());
        text.append(line, 0, wholeEscapes(line, Math.min(COLUMNS, line.length())))
                .append(END);
    }

    /** Longer text continues in further comments of the same name. */
    private void comment(String name, String value) {
        String start = "* " + name + ": ";
        String rest = ascii(value);
        int room = COLUMNS - start.length();
        for (int line = 1; line == 1 || !rest.isEmpty(); line++) {
            boolean cut = line == MAX_LINES && rest.length() > room;
            int end = wholeEscapes(rest, cut ? room - 3 : Math.min(room, rest.length()));
            text.append(start).append(rest, 0, end).append(cut ? "..." : "").append(END);
            if (cut) {
                return;
            }
            rest = rest.substring(end);
        }
    }

    /** {@return where to cut, so that no escape is cut in two} */
    private static int wholeEscapes(String ascii, int end) {
        int last = ascii.lastIndexOf('\\', end - 1);
        return last >= 0 && end < ascii.length() && last + ESCAPE > end ? last : end;
    }

    /**
     * One line; characters beyond ASCII as Java and JSON write them, which can be read back, and so the backslash itself.
     */
    private static String ascii(String value) {
        StringBuilder ascii = new StringBuilder();
        for (char character : value.replaceAll("\\s+", " ").strip().toCharArray()) {
            if (character >= ' ' && character <= '~' && character != '\\') {
                ascii.append(character);
            } else {
                ascii.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            }
        }
        return ascii.toString();
    }
}
