package org.patchreel.impl.c2pa.aigc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.impl.c2pa.bmff.BmffFile;
import org.patchreel.impl.c2pa.bmff.MetadataKeys;
import org.patchreel.impl.c2pa.bmff.XmpBox;
import org.patchreel.impl.c2pa.carrier.Carrier;
import org.patchreel.impl.c2pa.carrier.CarrierException;
import org.patchreel.impl.c2pa.carrier.CarrierFile;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;

/**
 * A label in a file's metadata.
 *
 * @param fields of {@link ProvenanceReport#AIGC_FIELDS}, in that order; texts from outside are as they stand there
 */
public record AigcLabel(Map<String, String> fields) {

    /** The key of the metadata. */
    public static final String KEY = "AIGC";

    private static final int MAX_TEXT = 1000;
    private static final String NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Keeps the fields in their order. */
    public AigcLabel {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : ProvenanceReport.AIGC_FIELDS) {
            if (fields.containsKey(name)) {
                ordered.put(name, fields.get(name));
            }
        }
        fields = Collections.unmodifiableMap(ordered);
    }

    /**
     * Labels content that is generated, and that nobody has propagated yet.
     *
     * @param producer name or code of who provides the service
     * @param produceId of the content
     * @return the label; the fields that are reserved, and those of a propagator, are empty
     */
    public static AigcLabel generated(String producer, String produceId) {
        Map<String, String> fields = new LinkedHashMap<>();
        ProvenanceReport.AIGC_FIELDS.forEach(name -> fields.put(name, ""));
        fields.put("Label", "1"); // it is generated, not just maybe or suspected to be
        fields.put("ContentProducer", producer);
        fields.put("ProduceID", produceId);
        return new AigcLabel(fields);
    }

    /** {@return the value of the metadata} */
    public String json() {
        ObjectNode json = JSON.createObjectNode();
        fields.forEach(json::put);
        return json.toString();
    }

    /** {@return a packet of XMP that has it} */
    public String xmp() {
        String escaped = json().replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
        return """
                <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
                <x:xmpmeta xmlns:x="adobe:ns:meta/">
                <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
                <rdf:Description rdf:about="" xmlns:TC260="%s"><TC260:AIGC>%s</TC260:AIGC></rdf:Description>
                </rdf:RDF>
                </x:xmpmeta>
                <?xpacket end="r"?>""".formatted(NAMESPACE, escaped);
    }

    /**
     * Reads the label of a file, which may be hostile.
     *
     * @param path of the file
     * @return empty if there is none that can be read
     * @throws IOException if the file cannot be read
     */
    public static Optional<AigcLabel> of(Path path) throws IOException {
        try (CarrierFile file = CarrierFile.open(path)) {
            CarrierFormat format = CarrierFormat.of(file);
            return switch (format) {
                case JPEG, PNG, GIF, RIFF, TIFF ->
                    Carrier.of(format, file).contents().xmp().flatMap(AigcLabel::inXmp);
                case BMFF -> inBoxes(path);
                case PDF, ID3, FLAC, SVG, JPEG_XL, OTHER -> Optional.empty();
            };
        } catch (CarrierException e) {
            return Optional.empty(); // the report on the manifest says it
        }
    }

    private static Optional<AigcLabel> inBoxes(Path path) throws IOException {
        try (BmffFile file = BmffFile.open(path)) {
            Optional<AigcLabel> label = MetadataKeys.text(file, KEY).flatMap(AigcLabel::parse);
            return label.isPresent() ? label : XmpBox.of(file).flatMap(AigcLabel::inXmp);
        }
    }

    private static Optional<AigcLabel> inXmp(byte[] xmp) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xmp));
            while (reader.hasNext()) {
                if (reader.next() != XMLStreamReader.START_ELEMENT) {
                    continue;
                }
                @Nullable String attribute = reader.getAttributeValue(NAMESPACE, KEY);
                if (attribute != null) {
                    return parse(attribute);
                }
                if (reader.getLocalName().equals(KEY) && NAMESPACE.equals(reader.getNamespaceURI())) {
                    return parse(reader.getElementText());
                }
            }
        } catch (XMLStreamException e) {
            return Optional.empty(); // what comes before was looked at
        }
        return Optional.empty();
    }

    private static Optional<AigcLabel> parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            Map<String, String> fields = new LinkedHashMap<>();
            for (String name : ProvenanceReport.AIGC_FIELDS) {
                @Nullable JsonNode value = json.get(name);
                if (value != null && value.isValueNode() && value.asText().length() <= MAX_TEXT) {
                    fields.put(name, value.asText());
                }
            }
            return fields.containsKey("Label") ? Optional.of(new AigcLabel(fields)) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
