package org.patchreel.impl.export;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;

/**
 * Writes Final Cut Pro 7 XML, version 5 (<a
 * href="https://developer.apple.com/library/archive/documentation/AppleApplications/Reference/FinalCutPro_XML/Topics/Topics.html">Final
 * Cut Pro XML Interchange Format</a>). It takes no relative paths: after the folder was moved, editing systems find the
 * media again by their names.
 */
final class Fcp7Text {
    private static final String LOCAL = "file://localhost";

    private final Timeline timeline;
    private final Path folder;
    private final XmlText xml;
    private final Set<String> described = new HashSet<>();

    private Fcp7Text(Timeline timeline, Path folder, XmlText xml) {
        this.timeline = timeline;
        this.folder = folder;
        this.xml = xml;
    }

    /** @param folder absolute; where the timeline will stand */
    static String of(Timeline timeline, Path folder) {
        return XmlText.of(xml -> new Fcp7Text(timeline, folder, xml).write());
    }

    private void write() throws XMLStreamException {
        xml.declaration("xmeml");
        xml.element("xmeml", () -> {
            xml.attribute("version", 5);
            xml.element("sequence", () -> {
                xml.attribute("id", "sequence-1");
                xml.element("name", timeline.name());
                xml.element("duration", timeline.frames());
                rate(timeline.rate());
                timecode(timeline.start());
                xml.element("media", () -> xml.element("video", this::video));
            });
        });
    }

    private void video() throws XMLStreamException {
        xml.element("format", () -> characteristics(timeline.size(), timeline.rate()));
        xml.element("track", () -> {
            for (Timeline.Clip clip : timeline.clips()) {
                xml.element("clipitem", () -> clip(clip));
            }
            xml.element("enabled", "TRUE");
            xml.element("locked", "FALSE");
        });
    }

    /** The places on the timeline count its frames, those in the medium the medium's. */
    private void clip(Timeline.Clip clip) throws XMLStreamException {
        Medium medium = clip.medium();
        xml.attribute("id", "clipitem-" + clip.number());
        xml.element("name", medium.name());
        xml.element("enabled", "TRUE");
        xml.element("duration", medium.frames());
        rate(medium.rate());
        xml.element("start", clip.start());
        xml.element("end", clip.end());
        xml.element("in", 0);
        xml.element("out", medium.frames());
        xml.element("file", () -> file(medium));
        xml.element("logginginfo", () -> {
            xml.element("description", medium.clip().prompt());
            xml.element("lognote", "asset " + medium.clip().id());
        });
        xml.element("comments", () -> {
            xml.element("mastercomment1", "asset ID: " + medium.clip().id());
            xml.element("mastercomment2", "model: " + medium.clip().model().name());
            xml.element("mastercomment3", "seed: " + medium.clip().sampling().seed());
            xml.element("mastercomment4", medium.clip().sourceType().uri());
        });
        for (Medium.Marker marker : medium.markers()) {
            xml.element("marker", () -> {
                xml.element("name", marker.name());
                xml.element("comment", marker.shot().prompt());
                xml.element("in", marker.start());
                xml.element("out", marker.start() + marker.frames());
            });
        }
    }

    /** A medium is described where it first occurs, and named where it occurs again. */
    private void file(Medium medium) throws XMLStreamException {
        xml.attribute("id", "file-" + medium.clip().id());
        if (!described.add(medium.fileName())) {
            return;
        }
        URI uri = folder.resolve(Medium.FOLDER).resolve(medium.fileName()).toUri();
        xml.element("name", medium.fileName());
        xml.element("pathurl", LOCAL + uri.getRawPath());
        rate(medium.rate());
        xml.element("duration", medium.frames());
        timecode(medium.start(), medium.reel());
        xml.element(
                "media",
                () -> xml.element("video", () -> {
                    xml.element("duration", medium.frames());
                    characteristics(medium.clip().format().size(), medium.rate());
                }));
    }

    private void characteristics(FrameSize size, FrameRate rate) throws XMLStreamException {
        xml.element("samplecharacteristics", () -> {
            rate(rate);
            xml.element("width", size.width());
            xml.element("height", size.height());
            xml.element("anamorphic", "FALSE");
            xml.element("pixelaspectratio", "square");
            xml.element("fielddominance", "none");
        });
    }

    private void rate(FrameRate rate) throws XMLStreamException {
        xml.element("rate", () -> {
            xml.element("timebase", rate.nominal());
            xml.element("ntsc", rate.isWhole() ? "FALSE" : "TRUE");
        });
    }

    private void timecode(Timecode start) throws XMLStreamException {
        xml.element("timecode", () -> timecodeContent(start));
    }

    private void timecode(Timecode start, String reel) throws XMLStreamException {
        xml.element("timecode", () -> {
            timecodeContent(start);
            xml.element("reel", () -> xml.element("name", reel));
        });
    }

    private void timecodeContent(Timecode start) throws XMLStreamException {
        rate(start.rate());
        xml.element("string", start);
        xml.element("frame", start.frames());
        xml.element("displayformat", "NDF");
    }
}
