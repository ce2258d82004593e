package org.patchreel.sling;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.jcr.Node;
import javax.jcr.PathNotFoundException;
import javax.jcr.Property;
import javax.jcr.RepositoryException;
import javax.jcr.Value;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

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

    static final String TRAINED_MODEL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    private static final String OURS = "patchreel:";

    private MetadataNode() {}

    /** Sets the properties; nothing is saved. */
    static void write(AssetMetadata metadata, Node node) throws RepositoryException {
        if (metadata.title().isPresent()) {
            node.setProperty(TITLE, metadata.title().get());
        }
        node.setProperty("dc:format", AssetFile.CLIP.mediaType());
        node.setProperty(SOURCE_TYPE, TRAINED_MODEL);
        node.setProperty(OURS + "id", metadata.id());
        node.setProperty(OURS + "created", metadata.created().toString());
        node.setProperty(OURS + "prompt", metadata.prompt());
        node.setProperty(OURS + "negativePrompt", metadata.negativePrompt());
        AssetMetadata.Model model = metadata.model();
        node.setProperty(OURS + "model", model.name());
        node.setProperty(OURS + "family", model.family());
        node.setProperty(OURS + "device", model.device());
        node.setProperty(OURS + "precision", model.precision());
        node.setProperty(
                OURS + "weights",
                model.weights().stream()
                        .map(file -> file.sha256() + " " + file.path())
                        .toArray(String[]::new));
        node.setProperty(OURS + "seed", metadata.sampling().seed());
        node.setProperty(OURS + "steps", metadata.sampling().steps());
        node.setProperty(OURS + "guidanceScale", metadata.sampling().guidanceScale());
        node.setProperty(OURS + "width", metadata.format().width());
        node.setProperty(OURS + "height", metadata.format().height());
        node.setProperty(OURS + "frameCount", metadata.format().frameCount());
        frameRate(node, "frameRate", metadata.format().frameRate());
        node.setProperty(OURS + "generatedWidth", metadata.generated().width());
        node.setProperty(OURS + "generatedHeight", metadata.generated().height());
        node.setProperty(OURS + "generatedFrameCount", metadata.generated().frameCount());
        frameRate(node, "generatedFrameRate", metadata.generated().frameRate());
        node.setProperty(
                OURS + "frameInterpolation", metadata.frameInterpolation().label());
        node.setProperty(OURS + "notes", metadata.notes().toArray(String[]::new));
        node.setProperty(OURS + "codec", metadata.codec());
        node.setProperty(
                OURS + "timings",
                metadata.timings().entrySet().stream()
                        .map(timing -> timing.getKey() + " " + timing.getValue())
                        .toArray(String[]::new));
        if (metadata.provenance().watermarkId().isPresent()) {
            node.setProperty(
                    OURS + "watermark", metadata.provenance().watermarkId().get());
        }
        if (metadata.provenance().manifest().isPresent()) {
            SignedManifest manifest = metadata.provenance().manifest().get();
            node.setProperty(OURS + "manifest", manifest.label());
            node.setProperty(OURS + "signer", manifest.signer());
            node.setProperty(OURS + "timestamped", manifest.timestamped());
        }
        node.setProperty(OURS + "version", metadata.version());
    }

    /**
     * Reads the properties back. A title may have been changed by an editor since.
     *
     * @throws IOException if one is missing or damaged; the message names the node and the property
     */
    static AssetMetadata read(Node node) throws RepositoryException, IOException {
        try {
            VideoFormat format = new VideoFormat(
                    integer(node, "width"),
                    integer(node, "height"),
                    integer(node, "frameCount"),
                    FrameRate.parse("frameRate", text(node, "frameRate")));
            return new AssetMetadata(
                    text(node, "id"),
                    Instant.parse(text(node, "created")),
                    optional(node, TITLE).filter(title -> !title.isBlank()),
                    text(node, "prompt"),
                    text(node, "negativePrompt"),
                    new AssetMetadata.Model(
                            text(node, "model"),
                            text(node, "family"),
                            text(node, "device"),
                            text(node, "precision"),
                            weights(node)),
                    new SamplingParameters(
                            number(node, "seed"),
                            integer(node, "steps"),
                            node.getProperty(OURS + "guidanceScale").getDouble()),
                    format,
                    generated(node, format),
                    FrameInterpolation.parse(
                            "frameInterpolation",
                            optional(node, OURS + "frameInterpolation").orElse(FrameInterpolation.REPEAT.label())),
                    text(node, "codec"),
                    timings(node),
                    node.hasProperty(OURS + "notes") ? texts(node, "notes") : List.of(),
                    provenance(node),
                    text(node, "version"));
        } catch (PathNotFoundException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new IOException(node.getPath() + ": damaged: " + e.getMessage(), e);
        }
    }

    /** A whole rate is a whole number, as it always was; another one has three digits behind the point. */
    private static void frameRate(Node node, String name, FrameRate rate) throws RepositoryException {
        if (rate.isWhole()) {
            node.setProperty(OURS + name, rate.nominal());
        } else {
            node.setProperty(OURS + name, rate.decimal());
        }
    }

    /** Clips of the first versions were scaled alone, and have the size alone. */
    private static VideoFormat generated(Node node, VideoFormat format) throws RepositoryException {
        FrameSize size = new FrameSize(integer(node, "generatedWidth"), integer(node, "generatedHeight"));
        return node.hasProperty(OURS + "generatedFrameCount")
                ? new VideoFormat(
                        size.width(),
                        size.height(),
                        integer(node, "generatedFrameCount"),
                        FrameRate.parse("generatedFrameRate", text(node, "generatedFrameRate")))
                : format.withSize(size);
    }

    private static List<WeightFile> weights(Node node) throws RepositoryException {
        List<WeightFile> files = new ArrayList<>();
        for (String entry : texts(node, "weights")) {
            String[] parts = pair(entry);
            files.add(new WeightFile(parts[1], parts[0]));
        }
        return List.copyOf(files);
    }

    private static Map<String, Duration> timings(Node node) throws RepositoryException {
        Map<String, Duration> timings = new LinkedHashMap<>();
        for (String entry : texts(node, "timings")) {
            String[] parts = pair(entry);
            timings.put(parts[0], Duration.parse(parts[1]));
        }
        return timings;
    }

    private static Provenance provenance(Node node) throws RepositoryException {
        Optional<String> label = optional(node, OURS + "manifest");
        return new Provenance(
                optional(node, OURS + "watermark"),
                label.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new SignedManifest(
                                label.get(),
                                text(node, "signer"),
                                node.getProperty(OURS + "timestamped").getBoolean())));
    }

    private static String[] pair(String entry) {
        String[] parts = entry.split(" ", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("two words belong together: " + entry);
        }
        return parts;
    }

    private static String text(Node node, String name) throws RepositoryException {
        return node.getProperty(OURS + name).getString();
    }

    private static List<String> texts(Node node, String name) throws RepositoryException {
        List<String> texts = new ArrayList<>();
        for (Value value : Arrays.asList(node.getProperty(OURS + name).getValues())) {
            texts.add(value.getString());
        }
        return texts;
    }

    private static long number(Node node, String name) throws RepositoryException {
        return node.getProperty(OURS + name).getLong();
    }

    private static int integer(Node node, String name) throws RepositoryException {
        return Math.toIntExact(number(node, name));
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
