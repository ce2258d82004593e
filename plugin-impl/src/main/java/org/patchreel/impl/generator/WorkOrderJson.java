package org.patchreel.impl.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.patchreel.api.Adapter;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.label.LabelProfile;
import org.patchreel.impl.label.VisibleLabel;
import org.patchreel.impl.media.LabelLook;
import org.patchreel.impl.media.LabelPosition;
import org.patchreel.spi.Guides;
import org.patchreel.spi.ModelTask;

/** Writes work orders as JSON and reads them back, in another process or after a restart. */
final class WorkOrderJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Of the text; a reader refuses what a later one has written. */
    private static final int VERSION = 2;

    /** Of the text of an order with a label: a reader that knew none would make a clip without. */
    private static final int LABELLED_VERSION = 3;

    /** Of the text of an order with adapters: a reader that knew none would make another clip. */
    private static final int ADAPTED_VERSION = 4;

    /** Of the text of an order with stated rights: a reader that knew none would leave them out. */
    private static final int RIGHTS_VERSION = 5;

    /** Of the text of an order with a master: a reader that knew none would make none. */
    private static final int MASTERED_VERSION = 6;

    /** Of the text of an order whose request chooses how it is denoised: a reader that knew nothing of it would make another clip. */
    private static final int DENOISED_VERSION = 7;

    private static final String KIND = "kind";
    private static final String OUTPAINTS = "outpaints";
    private static final String LABEL = "label";
    private static final String MASTER = "master";
    private static final String ADAPTERS = "adapters";
    private static final String RIGHTS = "rights";

    private WorkOrderJson() {}

    /**
     * Writes an order.
     *
     * @param order what to write
     * @return one line of JSON
     * @throws IllegalArgumentException if its task has frames: they are read from the sources, which the order names
     */
    static String write(WorkOrder order) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("version", version(order));
        json.put("id", order.id());
        json.put("model", order.model());
        ArrayNode shots = json.putArray("shots");
        for (WorkShot shot : order.shots()) {
            if (!shot.task().known().isEmpty()
                    || shot.task().restyle().isPresent()
                    || !shot.task().guides().equals(Guides.NONE)) {
                throw new IllegalArgumentException("work order " + order.id() + " has frames, which cannot be written");
            }
            write(shots.addObject(), shot);
        }
        if (order.kind() != OutputKind.CLIP) {
            json.put(KIND, order.kind().label());
        }
        write(json.putObject("output"), order.format());
        json.put("frameInterpolation", order.output().interpolation().label());
        json.put("fit", order.output().fit().label());
        if (order.output().outpaints()) {
            json.put(OUTPAINTS, true);
        }
        order.destination().folder().ifPresent(folder -> json.put("folder", folder));
        order.destination().title().ifPresent(title -> json.put("title", title));
        json.put("digitalSourceType", order.sourceType().uri());
        order.label().ifPresent(label -> write(json.putObject(LABEL), label));
        if (!order.rights().equals(Rights.NONE)) {
            write(json.putObject(RIGHTS), order.rights());
        }
        return json.toString();
    }

    private static int version(WorkOrder order) {
        if (order.shots().stream()
                .anyMatch(shot -> !shot.task().sampling().denoising().equals(Denoising.DEFAULT))) {
            return DENOISED_VERSION;
        }
        if (order.hasMaster()) {
            return MASTERED_VERSION;
        }
        if (!order.rights().equals(Rights.NONE)) {
            return RIGHTS_VERSION;
        }
        return !order.adapters().isEmpty() ? ADAPTED_VERSION : order.label().isPresent() ? LABELLED_VERSION : VERSION;
    }

    private static void write(ObjectNode json, Rights rights) {
        rights.creator().ifPresent(text -> json.put("creator", text));
        rights.copyright().ifPresent(text -> json.put("copyright", text));
        rights.expires().ifPresent(at -> json.put("expires", at.toString()));
    }

    private static void write(ObjectNode json, VisibleLabel label) {
        json.put("profile", label.profile().label())
                .put("text", label.look().text())
                .put("position", label.look().position().label())
                .put("heightPercent", label.look().heightPercent())
                .put("opacityPercent", label.look().opacityPercent())
                .put("seconds", label.timing().seconds())
                .put("afterCuts", label.timing().afterCuts());
        label.producer().ifPresent(producer -> json.put("producer", producer));
        if (!label.bearers().isEmpty()) {
            label.bearers().stream().sorted().forEach(json.putArray("bearers")::add);
        }
        if (label.master()) {
            json.put(MASTER, true);
        }
    }

    private static void write(ObjectNode json, WorkShot shot) {
        ModelTask task = shot.task();
        json.put("prompt", task.prompt());
        json.put("negativePrompt", task.negativePrompt());
        write(json.putObject("generated"), task.format());
        json.put("loop", task.loop());
        ObjectNode sampling = json.putObject("sampling")
                .put("seed", task.sampling().seed())
                .put("steps", task.sampling().steps())
                .put("guidanceScale", task.sampling().guidanceScale());
        Denoising denoising = task.sampling().denoising();
        denoising.stepCache().ifPresent(cache -> sampling.put("stepCache", cache.label()));
        denoising.guidanceMode().ifPresent(mode -> sampling.put("guidanceMode", mode.label()));
        task.adapters()
                .forEach(adapter -> json.withArray("/" + ADAPTERS)
                        .addObject()
                        .put("name", adapter.name())
                        .put("strength", adapter.strength()));
        ArrayNode sources = json.putArray("sources");
        shot.sources().forEach(source -> write(sources.addObject(), source));
        if (shot.expandedPrompt().isPresent()) {
            json.put("givenPrompt", shot.given().text());
        }
        if (!shot.given().notes().isEmpty()) {
            shot.given().notes().forEach(json.putArray("promptNotes")::add);
        }
        json.putObject("opening")
                .put("transition", shot.opening().transition().label())
                .put("frames", shot.opening().frames());
        json.put("used", shot.used());
        json.put("frames", shot.frames());
    }

    private static void write(ObjectNode json, WorkSource source) {
        json.put("sha256", source.file().sha256()).put("name", source.file().name());
        source.asset().ifPresent(id -> json.put("asset", id));
        source.<ObjectNode, RuntimeException>fold(
                picture -> json.put(KIND, "picture").put("index", picture.index()),
                continued -> json.put(KIND, "continued")
                        .put("side", continued.side().name().toLowerCase(Locale.ROOT))
                        .put("index", continued.index())
                        .put("known", continued.known())
                        .put("length", continued.length())
                        .put("shown", continued.shown()),
                restyled -> json.put(KIND, "restyled").put("strength", restyled.strength()),
                interpolated -> json.put(KIND, "interpolated")
                        .put("factor", interpolated.factor())
                        .put("length", interpolated.length())
                        .put("known", interpolated.known()),
                guide -> {
                    guide.name().ifPresent(name -> json.put("of", name));
                    return json.put(KIND, guide.role().label());
                });
    }

    private static void write(ObjectNode json, VideoFormat format) {
        json.put("width", format.width())
                .put("height", format.height())
                .put("frames", format.frameCount())
                .put(
                        "frameRate",
                        format.frameRate().numerator() + "/"
                                + format.frameRate().denominator());
    }

    /**
     * Reads an order.
     *
     * @param text as written by {@link #write}
     * @return an equal order
     * @throws IllegalArgumentException if it is not one, or a value is wrong; the message names it
     */
    static WorkOrder read(String text) {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a work order: " + e.getOriginalMessage(), e);
        }
        int version = integer(json, "version");
        if (version < VERSION || version > DENOISED_VERSION) {
            throw new IllegalArgumentException("work order of version " + version + ", versions " + VERSION + " to "
                    + DENOISED_VERSION + " are read");
        }
        return new WorkOrder(
                string(json, "id"),
                string(json, "model"),
                list(json, "shots", WorkOrderJson::shot),
                new WorkOrder.Output(
                        kind(json),
                        format(value(json, "output")),
                        FrameInterpolation.parse("frameInterpolation", string(json, "frameInterpolation")),
                        Fit.parse("fit", string(json, "fit")),
                        json.has(OUTPAINTS) && flag(json, OUTPAINTS)),
                new Destination(
                        Optional.ofNullable(json.get("folder")).map(JsonNode::textValue),
                        Optional.ofNullable(json.get("title")).map(JsonNode::textValue)),
                new DigitalSourceType(string(json, "digitalSourceType")),
                json.has(LABEL) ? Optional.of(label(value(json, LABEL))) : Optional.empty(),
                json.has(RIGHTS) ? rights(value(json, RIGHTS)) : Rights.NONE);
    }

    private static Rights rights(JsonNode json) {
        return new Rights(
                Optional.ofNullable(json.get("creator")).map(JsonNode::textValue),
                Optional.ofNullable(json.get("copyright")).map(JsonNode::textValue),
                Optional.ofNullable(json.get("expires"))
                        .map(JsonNode::textValue)
                        .map(text -> Rights.parseExpires("work order: expires", text)));
    }

    private static VisibleLabel label(JsonNode json) {
        return new VisibleLabel(
                LabelProfile.parse(string(json, "profile")),
                new LabelLook(
                        string(json, "text"),
                        LabelPosition.parse(string(json, "position")),
                        integer(json, "heightPercent"),
                        integer(json, "opacityPercent")),
                new VisibleLabel.Timing(integer(json, "seconds"), flag(json, "afterCuts")),
                Optional.ofNullable(json.get("producer")).map(JsonNode::textValue),
                Set.copyOf(texts(json, "bearers")),
                json.has(MASTER) && flag(json, MASTER));
    }

    private static WorkShot shot(JsonNode json) {
        JsonNode sampling = value(json, "sampling");
        JsonNode opening = value(json, "opening");
        return new WorkShot(
                new ModelTask(
                        string(json, "prompt"),
                        string(json, "negativePrompt"),
                        format(value(json, "generated")),
                        new SamplingParameters(
                                number(sampling, "seed").longValue(),
                                integer(sampling, "steps"),
                                number(sampling, "guidanceScale").doubleValue(),
                                Denoising.parse(optional(sampling, "stepCache"), optional(sampling, "guidanceMode"))),
                        List.of(),
                        Optional.empty(),
                        flag(json, "loop"),
                        Guides.NONE,
                        json.has(ADAPTERS)
                                ? list(
                                        json,
                                        ADAPTERS,
                                        each -> new Adapter(
                                                string(each, "name"),
                                                number(each, "strength").doubleValue()))
                                : List.of()),
                list(json, "sources", WorkOrderJson::source),
                new WorkShot.GivenPrompt(
                        string(json, json.has("givenPrompt") ? "givenPrompt" : "prompt"), texts(json, "promptNotes")),
                new WorkShot.Opening(
                        Transition.parse("work order: transition", string(opening, "transition")),
                        integer(opening, "frames")),
                integer(json, "used"),
                integer(json, "frames"));
    }

    /** A clip if nothing is said. */
    private static OutputKind kind(JsonNode json) {
        String label = json.has(KIND) ? string(json, KIND) : OutputKind.CLIP.label();
        return Stream.of(OutputKind.values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("work order: unknown kind: " + label));
    }

    /** None if there is no such list. */
    private static List<String> texts(JsonNode json, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : json.has(name) ? value(json, name) : MAPPER.createArrayNode()) {
            if (!text.isTextual()) {
                throw new IllegalArgumentException("work order: " + name + " has an entry that is not a text: " + text);
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    private static <T> List<T> list(JsonNode json, String name, Function<JsonNode, T> reading) {
        JsonNode entries = value(json, name);
        if (!entries.isArray()) {
            throw new IllegalArgumentException("work order: " + name + " are not a list: " + entries);
        }
        List<T> list = new ArrayList<>();
        entries.forEach(entry -> list.add(reading.apply(entry)));
        return List.copyOf(list);
    }

    private static WorkSource source(JsonNode json) {
        Media.Upload file = new Media.Upload(string(json, "sha256"), string(json, "name"));
        Optional<String> asset = Optional.ofNullable(json.get("asset")).map(JsonNode::textValue);
        String kind = string(json, KIND);
        return switch (kind) {
            case "picture" -> new WorkSource.Picture(file, asset, integer(json, "index"));
            case "continued" ->
                new WorkSource.Continued(
                        file,
                        asset,
                        side(string(json, "side")),
                        integer(json, "index"),
                        integer(json, "known"),
                        integer(json, "length"),
                        flag(json, "shown"));
            case "restyled" ->
                new WorkSource.Restyled(file, asset, number(json, "strength").doubleValue());
            case "interpolated" ->
                new WorkSource.Interpolated(
                        file, asset, integer(json, "factor"), integer(json, "length"), flag(json, "known"));
            default ->
                new WorkSource.Guide(
                        file,
                        asset,
                        role(kind),
                        Optional.ofNullable(json.get("of")).map(JsonNode::textValue));
        };
    }

    private static WorkSource.Guide.Role role(String label) {
        return Stream.of(WorkSource.Guide.Role.values())
                .filter(role -> role.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("work order: a source of an unknown kind: " + label));
    }

    private static Side side(String name) {
        for (Side side : Side.values()) {
            if (side.name().toLowerCase(Locale.ROOT).equals(name)) {
                return side;
            }
        }
        throw new IllegalArgumentException("work order: side is neither after nor before: " + name);
    }

    private static boolean flag(JsonNode json, String name) {
        JsonNode value = value(json, name);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("work order: " + name + " is neither true nor false: " + value);
        }
        return value.booleanValue();
    }

    private static VideoFormat format(JsonNode json) {
        return new VideoFormat(
                integer(json, "width"),
                integer(json, "height"),
                integer(json, "frames"),
                FrameRate.parse("work order: frameRate", string(json, "frameRate")));
    }

    private static int integer(JsonNode json, String name) {
        JsonNode value = number(json, name);
        if (!value.canConvertToInt() || !value.canConvertToExactIntegral()) {
            throw new IllegalArgumentException("work order: " + name + " is not a whole number: " + value);
        }
        return value.intValue();
    }

    private static JsonNode number(JsonNode json, String name) {
        JsonNode value = value(json, name);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("work order: " + name + " is not a number: " + value);
        }
        return value;
    }

    private static Optional<String> optional(JsonNode json, String name) {
        return json.has(name) ? Optional.of(string(json, name)) : Optional.empty();
    }

    private static String string(JsonNode json, String name) {
        JsonNode value = value(json, name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("work order: " + name + " is not a text: " + value);
        }
        return value.textValue();
    }

    private static JsonNode value(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("work order: " + name + " is missing");
        }
        return value;
    }
}
