package org.patchreel.impl.export;

import java.util.Locale;

/** What can be written beside the media. */
public enum ExportFormat {
    /** OpenTimelineIO. */
    OTIO("timeline.otio"),
    /** CMX 3600 edit decision list. */
    EDL("timeline.edl"),
    /** Final Cut Pro 7 XML (xmeml 5), which Premiere Pro and DaVinci Resolve read, too. */
    FCP7("timeline.xml"),
    /** MLT XML, for melt, Kdenlive and Shotcut. */
    MLT("timeline.mlt"),
    /** An XMP sidecar beside each medium. */
    XMP("");

    private final String fileName;

    ExportFormat(String fileName) {
        this.fileName = fileName;
    }

    /** {@return {@code otio}, {@code edl}, {@code fcp7}, {@code mlt} or {@code xmp}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the timeline's file; empty for what stands beside each medium} */
    String fileName() {
        return fileName;
    }
}
