package org.patchreel.sling;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.jcr.Node;
import javax.jcr.Property;
import javax.jcr.PropertyType;
import javax.jcr.RepositoryException;
import javax.jcr.Value;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Rights;

/**
 * {@code jcr:content/metadata}: how a clip was made, as properties. What others know, too, has their names (Dublin Core,
 * IPTC); the rest is in the namespace {@value #NAMESPACE}. Lists have one value an entry: {@code SHA256 PATH} for files
 * of weights, {@code STAGE DURATION} for timings.
 */
final class MetadataNode {

    /** The URI of the prefix {@code patchreel}. */
    static final String NAMESPACE = "https://patchreel.org/ns/1.0/";

    static final String TITLE = "dc:title";

    /** See the <a href="https://cv.iptc.org/newscodes/digitalsourcetype/">IPTC's digital source types</a>. */
    static final String SOURCE_TYPE = "Iptc4xmpExt:DigitalSourceType";

    private static final String PREFIX = "patchreel:";

    /** Facts whose properties every asset manager shows. */
    private static final Map<String, String> SHARED =
            Map.of(AssetFacts.TITLE, TITLE, AssetFacts.SOURCE_TYPE, SOURCE_TYPE);

    private MetadataNode() {}

    /** Sets the properties; nothing is saved. */
    static void write(AssetMetadata metadata, Node node) throws RepositoryException {
        node.setProperty("dc:format", metadata.kind().file().mediaType());
        for (Map.Entry<String, Object> fact : AssetFacts.of(metadata).values().entrySet()) {
            set(node, property(fact.getKey()), fact.getValue());
        }
        writeRights(metadata.rights(), node);
    }

    /** Besides the facts, for who manages the assets: what an editor changes here does not change what the manifest says. */
    private static void writeRights(Rights rights, Node node) throws RepositoryException {
        if (rights.creator().isPresent()) {
            node.setProperty("dc:creator", new String[] {rights.creator().get()});
        }
        if (rights.copyright().isPresent()) {
            node.setProperty("dc:rights", rights.copyright().get());
        }
        if (rights.expires().isPresent()) {
            node.setProperty(
                    "prism:expirationDate",
                    GregorianCalendar.from(rights.expires().get().atZone(ZoneOffset.UTC)));
        }
    }

    private static void set(Node node, String property, Object value) throws RepositoryException {
        if (value instanceof Long number) {
            node.setProperty(property, number);
        } else if (value instanceof Double number) {
            node.setProperty(property, number);
        } else if (value instanceof BigDecimal number) {
            node.setProperty(property, number);
        } else if (value instanceof Boolean flag) {
            node.setProperty(property, flag);
        } else if (value instanceof List<?> entries) {
            node.setProperty(property, entries.stream().map(String::valueOf).toArray(String[]::new));
        } else {
            node.setProperty(property, value.toString());
        }
    }

    private static String property(String fact) {
        return SHARED.getOrDefault(fact, PREFIX + fact);
    }

    /**
     * Reads the properties back. Those that others know, too, may have been changed by an editor since.
     *
     * @throws IOException if one is missing or damaged; the message names the node and the property
     */
    static AssetMetadata read(Node node) throws RepositoryException, IOException {
        Map<String, Object> facts = new HashMap<>();
        for (String fact : AssetFacts.names()) {
            if (SHARED.containsKey(fact)) {
                optional(node, property(fact)).filter(text -> !text.isBlank()).ifPresent(text -> facts.put(fact, text));
            } else if (node.hasProperty(property(fact))) {
                facts.put(fact, value(node.getProperty(property(fact))));
            }
        }
        try {
            return AssetFacts.of(facts).metadata();
        } catch (IllegalArgumentException e) {
            throw new IOException(node.getPath() + ": damaged: " + e.getMessage(), e);
        }
    }

    private static Object value(Property property) throws RepositoryException {
        if (property.isMultiple()) {
            List<String> texts = new ArrayList<>();
            for (Value value : Arrays.asList(property.getValues())) {
                texts.add(value.getString());
            }
            return texts;
        }
        return switch (property.getType()) {
            case PropertyType.LONG -> property.getLong();
            case PropertyType.DOUBLE -> property.getDouble();
            case PropertyType.DECIMAL -> property.getDecimal();
            case PropertyType.BOOLEAN -> property.getBoolean();
            default -> property.getString();
        };
    }

    /** The first value, if there is one: asset managers make a list of a title. */
    static Optional<String> optional(Node node, String name) throws RepositoryException {
        if (!node.hasProperty(name)) {
            return Optional.empty();
        }
        Property property = node.getProperty(name);
        if (!property.isMultiple()) {
            return Optional.of(property.getString());
        }
        Value[] values = property.getValues();
        return values.length == 0 ? Optional.empty() : Optional.of(values[0].getString());
    }
}
