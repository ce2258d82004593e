package org.patchreel.api;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.api.AssetMetadata.DeviceUse;
import org.patchreel.api.AssetMetadata.Label;
import org.patchreel.api.AssetMetadata.Model;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.Review;
import org.patchreel.api.AssetMetadata.Review.Decision;
import org.patchreel.api.AssetMetadata.ShotUse;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetMetadata.SourceUse;
import org.patchreel.api.AssetMetadata.WeightFile;

/**
 * What is known of an asset, as a list of named values: the one list that asset stores, exports and reports write and read,
 * so that a fact which is added here reaches all of them. Immutable.
 *
 * <p>A value is a {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link BigDecimal} or a {@link List} of
 * strings. Of weight files an entry is {@code SHA256 PATH}, of timings {@code STAGE DURATION} with a duration of ISO 8601, of
 * sources {@code SHA256 ASSET USE: NAME} with {@code -} for no asset, of shots what {@link ShotUse#toString} says.
 * Facts that an asset does not have, such as a title, are left out.
 */
public final class AssetFacts {

    /** The asset's ID. */
    public static final String ID = "id";

    /** What people call the clip. */
    public static final String TITLE = "title";

    /** The prompt as given. */
    public static final String PROMPT = "prompt";

    /** What the model read in place of the prompt, if that was another text. */
    public static final String EXPANDED_PROMPT = "expandedPrompt";

    /** A list: the SHA-256 and the path of each weight file. */
    public static final String WEIGHTS = "weights";

    /** A list: the label and the duration of each stage. */
    public static final String TIMINGS = "timings";

    /** A list: the pictures and clips that the clip was made of. */
    public static final String SOURCES = "sources";

    /** A list: the shots of a clip that has several. */
    public static final String SHOTS = "shots";

    /** For how many seconds the clip kept the device busy. */
    public static final String DEVICE_SECONDS = "deviceSeconds";

    /** What that time cost, in the {@linkplain #CURRENCY currency}. */
    public static final String COST = "cost";

    /** The currency of the cost. */
    public static final String CURRENCY = "currency";

    /** The text that is written into the pictures for people to see. */
    public static final String LABEL = "label";

    /** Whose rules that text follows. */
    public static final String LABEL_PROFILE = "labelProfile";

    /** Who provides the system that made it. */
    public static final String PROVIDER = "provider";

    /** Where a tool tells whether a file is from that system. */
    public static final String DETECTOR = "detector";

    /** What a picture of it shows, for people who do not see it; follows from the prompt. */
    public static final String ALT_TEXT = "altText";

    /** What somebody decided who has looked at it: {@code approved} or {@code rejected}. */
    public static final String REVIEW = "review";

    /** Who decided. */
    public static final String REVIEWED_BY = "reviewedBy";

    /** When they decided. */
    public static final String REVIEWED_AT = "reviewedAt";

    /** Why they decided so. */
    public static final String REVIEW_REASON = "reviewReason";

    /** What the pictures come from: the address of one of IPTC's terms. */
    public static final String SOURCE_TYPE = "digitalSourceType";

    /** The files of the LoRAs that changed the model, a line each, as {@link AssetMetadata.AdapterFile} writes it. */
    public static final String ADAPTERS = "adapters";

    /** Who made it, as the requester states. */
    public static final String CREATOR = "creator";

    /** Whose it is, as the requester states. */
    public static final String COPYRIGHT = "copyright";

    /** When it may be used no longer, as the requester states. */
    public static final String EXPIRES = "expires";

    private static final String GENERATED_FRAME_COUNT = "generatedFrameCount";

    /** Each fact's name and its value in an asset's metadata, null if the asset has none; in the order in which they are written. */
    private static final Map<String, Function<AssetMetadata, @Nullable Object>> FACTS = facts();

    private final Map<String, Object> values;

    private AssetFacts(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Lists what metadata say.
     *
     * @param metadata of the asset
     * @return its facts
     */
    public static AssetFacts of(AssetMetadata metadata) {
        Objects.requireNonNull(metadata, "metadata");
        Map<String, Object> values = new LinkedHashMap<>();
        FACTS.forEach((name, value) -> {
            @Nullable Object known = value.apply(metadata);
            if (known != null) {
                values.put(name, known);
            }
        });
        return new AssetFacts(Collections.unmodifiableMap(values));
    }

    /**
     * Takes values that were written before.
     *
     * @param values by name, of the types that the class's description lists, or a number or a truth value as text; others
     *     than {@link #names} are ignored
     * @return the facts; {@link #metadata} checks them
     */
    public static AssetFacts of(Map<String, ?> values) {
        Objects.requireNonNull(values, "values");
        return new AssetFacts(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    /** {@return the names of all facts, in the order in which they are written} */
    public static List<String> names() {
        return List.copyOf(FACTS.keySet());
    }

    /** {@return the facts by name, in the order of {@link #names}; unmodifiable} */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * Reads the facts back.
     *
     * @return the metadata they were listed from
     * @throws IllegalArgumentException if one is missing or damaged; the message names it
     */
    public AssetMetadata metadata() {
        try {
            VideoFormat format =
                    new VideoFormat(integer("width"), integer("height"), integer("frameCount"), frameRate("frameRate"));
            return new AssetMetadata(
                    text(ID),
                    Instant.parse(text("created")),
                    optionalText(TITLE),
                    text(PROMPT),
                    text("negativePrompt"),
                    new Model(
                            text("model"),
                            text("family"),
                            text("device"),
                            text("precision"),
                            weights(),
                            values.containsKey(ADAPTERS)
                                    ? texts(ADAPTERS).stream()
                                            .map(AdapterFile::parse)
                                            .toList()
                                    : List.of()),
                    new SamplingParameters(
                            number("seed").longValueExact(),
                            integer("steps"),
                            number("guidanceScale").doubleValue(),
                            Denoising.parse(optionalText("stepCache"), optionalText("guidanceMode"))),
                    format,
                    generated(format),
                    optionalText("frameInterpolation")
                            .map(name -> FrameInterpolation.parse("frameInterpolation", name))
                            .orElse(FrameInterpolation.REPEAT),
                    text("codec"),
                    timings(),
                    values.containsKey("notes") ? List.copyOf(texts("notes")) : List.of(),
                    optionalText(SOURCE_TYPE)
                            .map(DigitalSourceType::new)
                            .orElse(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA),
                    new Provenance(optionalText("watermark"), manifest()),
                    text("version"),
                    optionalText(EXPANDED_PROMPT),
                    values.containsKey(SOURCES)
                            ? texts(SOURCES).stream().map(SourceUse::parse).toList()
                            : List.of(),
                    values.containsKey(SHOTS)
                            ? texts(SHOTS).stream().map(ShotUse::parse).toList()
                            : List.of(),
                    deviceUse(),
                    optionalText(LABEL).map(label -> new Label(label, text(LABEL_PROFILE))),
                    optionalText(PROVIDER).map(name -> new AssetMetadata.Provider(name, optionalText(DETECTOR))),
                    optionalText(REVIEW)
                            .map(decision -> new Review(
                                    Decision.parse(decision),
                                    text(REVIEWED_BY),
                                    Instant.parse(text(REVIEWED_AT)),
                                    optionalText(REVIEW_REASON))),
                    new Rights(
                            optionalText(CREATOR),
                            optionalText(COPYRIGHT),
                            optionalText(EXPIRES).map(Instant::parse)));
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Map<String, Function<AssetMetadata, @Nullable Object>> facts() {
        Map<String, Function<AssetMetadata, @Nullable Object>> facts = new LinkedHashMap<>();
        facts.put(ID, AssetMetadata::id);
        facts.put("created", metadata -> metadata.created().toString());
        facts.put(TITLE, metadata -> metadata.title().orElse(null));
        facts.put(PROMPT, AssetMetadata::prompt);
        facts.put(EXPANDED_PROMPT, metadata -> metadata.expandedPrompt().orElse(null));
        facts.put("negativePrompt", AssetMetadata::negativePrompt);
        facts.put("model", metadata -> metadata.model().name());
        facts.put("family", metadata -> metadata.model().family());
        facts.put("device", metadata -> metadata.model().device());
        facts.put("precision", metadata -> metadata.model().precision());
        facts.put(
                WEIGHTS,
                metadata -> metadata.model().weights().stream()
                        .map(file -> file.sha256() + " " + file.path())
                        .toList());
        facts.put(
                ADAPTERS,
                metadata -> metadata.model().adapters().isEmpty()
                        ? null
                        : metadata.model().adapters().stream()
                                .map(AdapterFile::toString)
                                .toList());
        facts.put("seed", metadata -> metadata.sampling().seed());
        facts.put("steps", metadata -> (long) metadata.sampling().steps());
        facts.put("guidanceScale", metadata -> metadata.sampling().guidanceScale());
        facts.put(
                "stepCache",
                metadata -> metadata.sampling()
                        .denoising()
                        .stepCache()
                        .map(StepCache::label)
                        .orElse(null));
        facts.put(
                "guidanceMode",
                metadata -> metadata.sampling()
                        .denoising()
                        .guidanceMode()
                        .map(GuidanceMode::label)
                        .orElse(null));
        facts.put("width", metadata -> (long) metadata.format().width());
        facts.put("height", metadata -> (long) metadata.format().height());
        facts.put("frameCount", metadata -> (long) metadata.format().frameCount());
        facts.put("frameRate", metadata -> value(metadata.format().frameRate()));
        facts.put("generatedWidth", metadata -> (long) metadata.generated().width());
        facts.put("generatedHeight", metadata -> (long) metadata.generated().height());
        facts.put(GENERATED_FRAME_COUNT, metadata -> (long) metadata.generated().frameCount());
        facts.put("generatedFrameRate", metadata -> value(metadata.generated().frameRate()));
        facts.put(
                "frameInterpolation", metadata -> metadata.frameInterpolation().label());
        facts.put("codec", AssetMetadata::codec);
        facts.put(
                TIMINGS,
                metadata -> metadata.timings().entrySet().stream()
                        .map(timing -> timing.getKey() + " " + timing.getValue())
                        .toList());
        facts.put("notes", AssetMetadata::notes);
        facts.put(SOURCE_TYPE, metadata -> metadata.sourceType().uri());
        facts.put("watermark", metadata -> metadata.provenance().watermarkId().orElse(null));
        facts.put("manifest", manifest(SignedManifest::label));
        facts.put("signer", manifest(SignedManifest::signer));
        facts.put("timestamped", manifest(SignedManifest::timestamped));
        facts.put("version", AssetMetadata::version);
        facts.put(
                SOURCES,
                metadata -> metadata.sources().isEmpty()
                        ? null
                        : metadata.sources().stream().map(SourceUse::toString).toList());
        facts.put(
                SHOTS,
                metadata -> metadata.shots().isEmpty()
                        ? null
                        : metadata.shots().stream().map(ShotUse::toString).toList());
        facts.put(
                DEVICE_SECONDS,
                metadata -> metadata.deviceUse()
                        .map(use -> BigDecimal.valueOf(use.time().toMillis(), 3))
                        .orElse(null));
        facts.put(COST, cost(Cost::amount));
        facts.put(CURRENCY, cost(Cost::currency));
        facts.put(LABEL, metadata -> metadata.label().map(Label::text).orElse(null));
        facts.put(
                LABEL_PROFILE, metadata -> metadata.label().map(Label::profile).orElse(null));
        facts.put(
                PROVIDER,
                metadata ->
                        metadata.provider().map(AssetMetadata.Provider::name).orElse(null));
        facts.put(
                DETECTOR,
                metadata -> metadata.provider()
                        .flatMap(AssetMetadata.Provider::detector)
                        .orElse(null));
        facts.put(ALT_TEXT, AssetMetadata::altText);
        facts.put(REVIEW, review(review -> review.decision().label()));
        facts.put(REVIEWED_BY, review(Review::by));
        facts.put(REVIEWED_AT, review(review -> review.at().toString()));
        facts.put(REVIEW_REASON, review(review -> review.reason().orElse(null)));
        facts.put(CREATOR, metadata -> metadata.rights().creator().orElse(null));
        facts.put(COPYRIGHT, metadata -> metadata.rights().copyright().orElse(null));
        facts.put(
                EXPIRES,
                metadata -> metadata.rights().expires().map(Instant::toString).orElse(null));
        return Collections.unmodifiableMap(facts);
    }

    private static Function<AssetMetadata, @Nullable Object> manifest(Function<SignedManifest, Object> value) {
        return metadata -> metadata.provenance().manifest().map(value).orElse(null);
    }

    private static Function<AssetMetadata, @Nullable Object> review(Function<Review, @Nullable Object> value) {
        return metadata -> {
            @Nullable Review review = metadata.review().orElse(null);
            return review == null ? null : value.apply(review);
        };
    }

    private static Function<AssetMetadata, @Nullable Object> cost(Function<Cost, Object> value) {
        return metadata ->
                metadata.deviceUse().flatMap(DeviceUse::cost).map(value).orElse(null);
    }

    /** A whole rate is a whole number; another one has three digits behind the point. */
    private static Object value(FrameRate rate) {
        return rate.isWhole() ? (Object) (long) rate.nominal() : rate.decimal();
    }

    /** Clips of the first versions were scaled alone, and have the size alone. */
    private VideoFormat generated(VideoFormat format) {
        FrameSize size = new FrameSize(integer("generatedWidth"), integer("generatedHeight"));
        return values.containsKey(GENERATED_FRAME_COUNT)
                ? new VideoFormat(
                        size.width(), size.height(), integer(GENERATED_FRAME_COUNT), frameRate("generatedFrameRate"))
                : format.withSize(size);
    }

    private List<WeightFile> weights() {
        return texts(WEIGHTS).stream()
                .map(entry -> pair(WEIGHTS, entry))
                .map(pair -> new WeightFile(pair[1], pair[0]))
                .toList();
    }

    private Map<String, Duration> timings() {
        Map<String, Duration> timings = new LinkedHashMap<>();
        for (String entry : texts(TIMINGS)) {
            String[] pair = pair(TIMINGS, entry);
            timings.put(pair[0], Duration.parse(pair[1]));
        }
        return Collections.unmodifiableMap(timings);
    }

    private Optional<SignedManifest> manifest() {
        boolean signed = values.containsKey("manifest") || values.containsKey("signer");
        return signed
                ? Optional.of(new SignedManifest(text("manifest"), text("signer"), flag("timestamped")))
                : Optional.empty();
    }

    private Optional<DeviceUse> deviceUse() {
        if (!values.containsKey(DEVICE_SECONDS)) {
            return Optional.empty();
        }
        Duration time = Duration.ofMillis(
                number(DEVICE_SECONDS).movePointRight(3).toBigInteger().longValueExact());
        return Optional.of(new DeviceUse(
                time,
                values.containsKey(COST) ? Optional.of(new Cost(number(COST), text(CURRENCY))) : Optional.empty()));
    }

    private static String[] pair(String name, String entry) {
        String[] pair = entry.split(" ", 2);
        if (pair.length < 2) {
            throw new IllegalArgumentException(name + " has an entry of one word instead of two: " + entry);
        }
        return pair;
    }

    private String text(String name) {
        return optionalText(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
    }

    private Optional<String> optionalText(String name) {
        @Nullable Object value = values.get(name);
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException(name + " is not text: " + value);
        }
        return Optional.ofNullable((String) value);
    }

    private List<String> texts(String name) {
        if (!(values.get(name) instanceof List<?> entries)) {
            throw new IllegalArgumentException(name + " is missing or not a list");
        }
        List<String> texts = new ArrayList<>();
        for (Object entry : entries) {
            if (!(entry instanceof String text)) {
                throw new IllegalArgumentException(name + " has an entry that is not text: " + entry);
            }
            texts.add(text);
        }
        return texts;
    }

    /** Text, too: editors of a repository's properties write a number back as its digits. */
    private BigDecimal number(String name) {
        @Nullable Object value = values.get(name);
        if (value instanceof Number || value instanceof String) {
            try {
                return new BigDecimal(value.toString());
            } catch (NumberFormatException e) {
                // refused below
            }
        }
        throw new IllegalArgumentException(name + " is missing or not a number" + (value == null ? "" : ": " + value));
    }

    private int integer(String name) {
        return number(name).intValueExact();
    }

    private FrameRate frameRate(String name) {
        return FrameRate.parse(name, number(name).toString());
    }

    private boolean flag(String name) {
        @Nullable Object value = values.get(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if ("true".equals(value) || "false".equals(value)) {
            return "true".equals(value);
        }
        throw new IllegalArgumentException(name + " is missing or neither true nor false");
    }
}
