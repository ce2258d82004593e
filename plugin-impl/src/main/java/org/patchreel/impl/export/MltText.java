package org.patchreel.impl.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.math.BigInteger;
import java.util.Map;
import javax.xml.stream.XMLStreamException;

/**
 * Writes MLT XML (<a href="https://www.mltframework.org/docs/mltxml/">MLT XML documentation</a>), for melt, Kdenlive and
 * Shotcut. Media are relative paths. What Patchreel knows of a clip are properties of its producer that begin with {@code
 * patchreel:}.
 */
final class MltText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Timeline timeline;
    private final XmlText xml;

    private MltText(Timeline timeline, XmlText xml) {
        this.timeline = timeline;
        this.xml = xml;
    }

    static String of(Timeline timeline) {
        return XmlText.of(xml -> new MltText(timeline, xml).write());
    }

    private void write() throws XMLStreamException {
        xml.declaration("");
        xml.element("mlt", () -> {
            xml.attribute("LC_NUMERIC", "C");
            xml.attribute("version", "7.0.0");
            xml.attribute("title", timeline.name().replaceAll("\\s+", " "));
            xml.attribute("producer", "main");
            xml.element("profile", this::profile);
            for (Timeline.Clip clip : timeline.clips()) {
                xml.element("producer", () -> producer(clip));
            }
            xml.element("playlist", () -> {
                xml.attribute("id", "video");
                for (Timeline.Clip clip : timeline.clips()) {
                    xml.element("entry", () -> {
                        xml.attribute("producer", id(clip));
                        xml.attribute("in", 0);
                        xml.attribute("out", clip.frames() - 1);
                    });
                }
            });
            xml.element("tractor", () -> {
                xml.attribute("id", "main");
                xml.attribute("in", 0);
                xml.attribute("out", timeline.frames() - 1);
                property("patchreel:timecode", timeline.start());
                xml.element("track", () -> xml.attribute("producer", "video"));
            });
        });
    }

    private void profile() throws XMLStreamException {
        int width = timeline.size().width();
        int height = timeline.size().height();
        int divisor = BigInteger.valueOf(width).gcd(BigInteger.valueOf(height)).intValue();
        xml.attribute("description", timeline.size() + " at " + timeline.rate() + " fps");
        xml.attribute("width", width);
        xml.attribute("height", height);
        xml.attribute("progressive", 1);
        xml.attribute("sample_aspect_num", 1);
        xml.attribute("sample_aspect_den", 1);
        xml.attribute("display_aspect_num", width / divisor);
        xml.attribute("display_aspect_den", height / divisor);
        xml.attribute("frame_rate_num", timeline.rate().numerator());
        xml.attribute("frame_rate_den", timeline.rate().denominator());
        xml.attribute("colorspace", 709);
    }

    private void producer(Timeline.Clip clip) throws XMLStreamException {
        Medium medium = clip.medium();
        xml.attribute("id", id(clip));
        xml.attribute("in", 0);
        xml.attribute("out", clip.frames() - 1);
        property("length", clip.frames());
        property("eof", "pause");
        property("resource", medium.path());
        property("mlt_service", "avformat");
        for (Map.Entry<String, Object> fact : medium.facts().entrySet()) {
            property("patchreel:" + fact.getKey(), fact.getValue());
        }
        property("patchreel:reel", medium.reel());
        property("patchreel:timecode", timeline.start().plus(clip.start()));
        if (!medium.markers().isEmpty()) {
            property("kdenlive:markers", markers(clip));
        }
    }

    /** As Kdenlive keeps the markers of a clip: JSON. */
    private static String markers(Timeline.Clip clip) {
        ArrayNode markers = JSON.createArrayNode();
        for (Medium.Marker marker : clip.medium().markers()) {
            markers.addObject()
                    .put("comment", marker.name() + ": " + marker.shot().prompt())
                    .put("pos", clip.at(marker.start()))
                    .put("type", 0);
        }
        return markers.toString();
    }

    private static String id(Timeline.Clip clip) {
        return "clip" + clip.number();
    }

    private void property(String name, Object value) throws XMLStreamException {
        xml.element("property", () -> {
            xml.attribute("name", name);
            xml.text(String.valueOf(value));
        });
    }
}
