package org.patchreel.impl.export;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Rights;
import org.patchreel.impl.c2pa.validation.MetadataFields;

/**
 * Writes an XMP sidecar (ISO 16684-1; <a
 * href="https://www.iptc.org/std/photometadata/specification/IPTC-PhotoMetadata">IPTC Photo Metadata 2025.1</a> for what a
 * model made; <a href="https://github.com/adobe/XMP-Toolkit-SDK/tree/main/docs">XMP Specification Part 2</a> for dynamic
 * media).
 */
final class XmpText {

    /** Our own names, {@code patchreel:id} and so on: those that clips have as assets of Sling and AEM. */
    static final String NAMESPACE = "https://patchreel.org/ns/1.0/";

    private static final Map<String, String> NAMESPACES = Map.of(
            "dc", "http://purl.org/dc/elements/1.1/",
            "xmp", "http://ns.adobe.com/xap/1.0/",
            "xmpDM", "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
            "Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
            "prism", MetadataFields.PRISM,
            "patchreel", NAMESPACE);

    /** The words that XMP has for timecodes that count every frame. */
    private static final Map<String, String> TIME_FORMATS = Map.of(
            "23.976", "23976Timecode",
            "24", "24Timecode",
            "25", "25Timecode",
            "29.97", "2997NonDropTimecode",
            "30", "30Timecode",
            "50", "50Timecode",
            "59.94", "5994NonDropTimecode",
            "60", "60Timecode");

    /** What has a place of its own in the standard namespaces. */
    private static final List<String> ELSEWHERE = List.of("title", "created", "digitalSourceType");

    private final Medium medium;
    private final XmlText xml;

    private XmpText(Medium medium, XmlText xml) {
        this.medium = medium;
        this.xml = xml;
    }

    static String of(Medium medium) {
        return XmlText.of(xml -> new XmpText(medium, xml).write());
    }

    private void write() throws XMLStreamException {
        xml.instruction("xpacket", "begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"");
        xml.element("x:xmpmeta", () -> {
            xml.attribute("xmlns:x", "adobe:ns:meta/");
            xml.element("rdf:RDF", () -> {
                xml.attribute("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#");
                xml.element("rdf:Description", this::description);
            });
        });
        xml.instruction("xpacket", "end=\"w\"");
    }

    private void description() throws XMLStreamException {
        xml.attribute("rdf:about", "");
        for (String prefix : NAMESPACES.keySet().stream().sorted().toList()) {
            xml.attribute(
                    "xmlns:" + prefix,
                    Optional.ofNullable(NAMESPACES.get(prefix)).orElseThrow());
        }
        alternative("dc:title", medium.name());
        alternative("dc:description", medium.clip().prompt());
        xml.element("dc:identifier", medium.clip().id());
        rights();
        xml.element("xmp:CreateDate", medium.clip().created());
        xml.element("xmp:CreatorTool", tool());
        xml.element("Iptc4xmpExt:DigitalSourceType", medium.clip().sourceType().uri());
        xml.element("Iptc4xmpExt:AISystemUsed", tool());
        xml.element("Iptc4xmpExt:AISystemVersionUsed", medium.clip().model().name());
        xml.element("Iptc4xmpExt:AIPromptInformation", medium.clip().prompt());
        timing();
        for (Map.Entry<String, Object> fact : medium.facts().entrySet()) {
            if (!ELSEWHERE.contains(fact.getKey())) {
                xml.element("patchreel:" + fact.getKey(), fact.getValue());
            }
        }
        provider();
    }

    private void rights() throws XMLStreamException {
        Rights rights = medium.clip().rights();
        if (rights.creator().isPresent()) {
            String creator = rights.creator().get();
            xml.element("dc:creator", () -> xml.element("rdf:Seq", () -> xml.element("rdf:li", creator)));
        }
        if (rights.copyright().isPresent()) {
            alternative("dc:rights", rights.copyright().get());
        }
        if (rights.expires().isPresent()) {
            xml.element("prism:expirationDate", rights.expires().get());
        }
    }

    /** IPTC has no property for who provides a system, and none for where its files are recognised. */
    private void provider() throws XMLStreamException {
        Optional<AssetMetadata.Provider> provider = medium.clip().provider();
        if (provider.isPresent()) {
            xml.element("patchreel:" + AssetFacts.PROVIDER, provider.get().name());
            if (provider.get().detector().isPresent()) {
                xml.element(
                        "patchreel:" + AssetFacts.DETECTOR,
                        provider.get().detector().get());
            }
        }
    }

    private String tool() {
        return "Patchreel " + medium.clip().version();
    }

    private void timing() throws XMLStreamException {
        xml.element("xmpDM:tapeName", medium.reel());
        xml.element("xmpDM:videoFrameRate", medium.rate());
        xml.element("xmpDM:duration", () -> {
            xml.attribute("rdf:parseType", "Resource");
            xml.element("xmpDM:value", medium.frames());
            xml.element(
                    "xmpDM:scale",
                    medium.rate().denominator() + "/" + medium.rate().numerator());
        });
        String format = TIME_FORMATS.get(medium.rate().toString());
        if (format != null) {
            xml.element("xmpDM:startTimecode", () -> {
                xml.attribute("rdf:parseType", "Resource");
                xml.element("xmpDM:timeFormat", format);
                xml.element("xmpDM:timeValue", medium.start());
            });
        }
    }

    private void alternative(String name, String value) throws XMLStreamException {
        xml.element(
                name,
                () -> xml.element(
                        "rdf:Alt",
                        () -> xml.element("rdf:li", () -> {
                            xml.attribute("xml:lang", "x-default");
                            xml.text(value);
                        })));
    }
}
