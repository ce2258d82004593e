package org.patchreel.impl.admin;

import java.util.Locale;

/**
 * How far a stage is, as one line of text that fits a terminal; what is least important is left out first. Plain ASCII: it
 * looks the same in every terminal, whatever its encoding and fonts.
 *
 * @param item which of several items is at work, such as "3/20", or nothing
 * @param stage what is being done with it
 * @param done of the total
 * @param total 1 or more; with 1, nothing is known of how far the stage is
 * @param unit what is counted, or nothing
 * @param elapsedNanos since the job began
 * @param leftNanos of this stage, estimated; less than 0 if that cannot be said
 */
record ProgressLine(String item, String stage, int done, int total, String unit, long elapsedNanos, long leftNanos) {

    private static final int MAX_BAR = 60;
    private static final int MIN_BAR = 8;
    private static final int MIN_NARROW_BAR = 5;

    /** As long as the longest stage of a generation: the bar stays in its place from stage to stage. */
    private static final int STAGE_WIDTH = "reading the prompt".length();

    /** Some terminals begin a new line behind their last column; and Ctrl-C is shown behind the line, as ^C. */
    private static final int FREE_COLUMNS = 3;

    /** {@return a line that leaves the last columns free} */
    String fit(int columns) {
        int width = columns - FREE_COLUMNS;
        String prefix = item.isEmpty() ? "" : item + " ";
        String brief = prefix + stage.split(" ", 2)[0];
        String full = prefix + stage;
        String elapsed = clock(elapsedNanos);
        if (total == 1) {
            return firstThatFits(width, full + "  " + elapsed, brief + " " + elapsed, brief);
        }
        String padded = prefix + String.format("%-" + STAGE_WIDTH + "s", stage);
        String percent = String.format(Locale.ROOT, "%3d%%", 100L * done / total);
        String counted = unit.isEmpty() ? "" : "  " + counted();
        String left = leftNanos < 0 ? "" : clock(leftNanos);
        // Blank while nothing can be said, so that the bar keeps its width.
        String leftWords = String.format("%-11s", left.isEmpty() ? "" : ", " + left + " left");
        String[] lines = {
            bar(padded, percent + counted + "  " + elapsed + " elapsed" + leftWords, width, MIN_BAR),
            bar(padded, percent + "  " + elapsed + " elapsed" + leftWords, width, MIN_BAR),
            bar(
                    brief,
                    percent + " " + elapsed + String.format("%6s", left.isEmpty() ? "" : "-" + left),
                    width,
                    MIN_NARROW_BAR),
            brief + " " + percent.strip(),
            percent.strip(),
        };
        return firstThatFits(width, lines);
    }

    private String counted() {
        String digits = String.format(Locale.ROOT, "%" + Integer.toString(total).length() + "d", done);
        return digits + " of " + total + " " + unit;
    }

    /** {@return a line that fills the width, or one that is too wide, because the bar would be too short} */
    private String bar(String before, String after, int width, int least) {
        int room = width - before.length() - " [] ".length() - after.length();
        int bar = Math.min(Math.max(room, least), MAX_BAR);
        int filled = (int) ((long) bar * done / total);
        return (before + " [" + "#".repeat(filled) + "-".repeat(bar - filled) + "] " + after);
    }

    private static String firstThatFits(int width, String... lines) {
        for (String line : lines) {
            if (line.length() <= width) {
                return line.stripTrailing();
            }
        }
        return "";
    }

    private static String clock(long nanos) {
        long seconds = nanos / 1_000_000_000;
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
