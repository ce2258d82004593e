package org.patchreel.web.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetId;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Rights;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.StepCache;
import org.patchreel.api.Transition;
import org.patchreel.web.http.Refusal;

/**
 * A request as JSON. The fields are those of {@link GenerationRequest} and {@link Shot}; a request of one shot has the shot's
 * beside its own.
 *
 * @param id of the job, if the caller has chosen one
 * @param project what the clip is for
 * @param request what to generate
 */
record RequestJson(Optional<String> id, Optional<String> project, GenerationRequest request) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /**
     * Reads any JSON.
     *
     * @throws Refusal if it is none
     */
    static JsonNode tree(byte[] json) throws Refusal {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (!tree.isMissingNode()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new Refusal(
                    400,
                    "the body is not JSON"
                            + (place == null ? "" : ": line " + place.getLineNr() + ", column " + place.getColumnNr()));
        } catch (IOException e) {
            throw new Refusal(400, "the body is not JSON in UTF-8");
        }
        throw new Refusal(400, "the body is empty");
    }

    /**
     * Reads a request.
     *
     * @throws Refusal if it is none; it names the field
     */
    static RequestJson read(byte[] json) throws Refusal {
        Fields fields = new Fields(tree(json), "");
        Optional<String> id = fields.text("id");
        if (id.isPresent()) {
            fields.checked("id", () -> AssetId.check(id.get()));
        }
        Optional<String> project = fields.text("project");
        if (project.filter(name -> name.isBlank() || name.length() > Destination.MAX_TITLE_LENGTH)
                .isPresent()) {
            fields.checked("project", () -> {
                throw new IllegalArgumentException(
                        "project has 1 to " + Destination.MAX_TITLE_LENGTH + " characters and is not blank");
            });
        }
        GenerationRequest.Builder builder = GenerationRequest.builder(shots(fields));
        readSettings(fields, builder);
        fields.refuseOthers();
        return new RequestJson(id, project, fields.checked(builder::build));
    }

    private static void readSettings(Fields fields, GenerationRequest.Builder builder) throws Refusal {
        fields.text("model").ifPresent(builder::model);
        set(fields, "size", fields.text("size"), text -> builder.size(FrameSize.parse("size", text)));
        set(
                fields,
                "frameRate",
                fields.textOrNumber("frameRate"),
                text -> builder.frameRate(FrameRate.parse("frameRate", text)));
        set(
                fields,
                "frameInterpolation",
                fields.text("frameInterpolation"),
                text -> builder.frameInterpolation(FrameInterpolation.parse("frameInterpolation", text)));
        fields.wide("seed").ifPresent(builder::seed);
        set(fields, "steps", fields.integer("steps"), builder::steps);
        set(fields, "guidanceScale", fields.number("guidanceScale"), builder::guidanceScale);
        Optional<String> cache = fields.text("stepCache");
        Optional<String> mode = fields.text("guidanceMode");
        set(fields, "stepCache", cache, text -> StepCache.parse("stepCache", text));
        set(fields, "guidanceMode", mode, text -> GuidanceMode.parse("guidanceMode", text));
        builder.denoising(Denoising.parse(cache, mode));
        Optional<String> folder = fields.text("folder");
        Optional<String> title = fields.text("title");
        set(fields, "folder", folder, text -> new Destination(Optional.of(text), Optional.empty()));
        set(fields, "title", title, text -> new Destination(Optional.empty(), Optional.of(text)));
        builder.destination(new Destination(folder, title));
        builder.rights(rights(fields));
        set(fields, "fit", fields.text("fit"), text -> builder.fit(Fit.parse("fit", text)));
        List<Adapter> adapters = new ArrayList<>();
        for (Fields each : fields.objects("adapters", Adapter.MAX_COUNT)) {
            String name = each.required(each.text("name"), "name");
            double strength = each.number("strength").orElse(Adapter.DEFAULT_STRENGTH);
            each.checked("name", () -> new Adapter(name, Adapter.DEFAULT_STRENGTH));
            adapters.add(each.checked("strength", () -> new Adapter(name, strength)));
            each.refuseOthers();
        }
        fields.checked("adapters", () -> Adapter.checked(adapters));
        builder.adapters(adapters);
        fields.flag("loop").ifPresent(builder::loop);
        set(fields, "kind", fields.text("kind"), text -> builder.kind(OutputKind.parse("kind", text)));
    }

    private static Rights rights(Fields fields) throws Refusal {
        Optional<String> creator = fields.text("creator");
        Optional<String> copyright = fields.text("copyright");
        Optional<String> expires = fields.text("expires");
        set(fields, "creator", creator, text -> new Rights(Optional.of(text), Optional.empty(), Optional.empty()));
        set(fields, "copyright", copyright, text -> new Rights(Optional.empty(), Optional.of(text), Optional.empty()));
        Optional<Instant> at = expires.isEmpty()
                ? Optional.empty()
                : Optional.of(fields.checked("expires", () -> Rights.parseExpires("expires", expires.get())));
        return fields.checked("expires", () -> new Rights(creator, copyright, at));
    }

    private interface Setter<T> {
        Object set(T value);
    }

    private static <T> void set(Fields fields, String name, Optional<T> value, Setter<T> setter) throws Refusal {
        if (value.isPresent()) {
            fields.checked(name, () -> setter.set(value.get()));
        }
    }

    private static List<Shot> shots(Fields fields) throws Refusal {
        if (!fields.has("shots")) {
            return List.of(shot(fields, Transition.CUT));
        }
        List<Shot> shots = new ArrayList<>();
        for (Fields each : fields.objects("shots", GenerationRequest.MAX_SHOTS)) {
            Optional<String> next = each.text("transition");
            Transition transition = next.isPresent()
                    ? each.checked("transition", () -> Transition.parse("transition", next.get()))
                    : Transition.CUT;
            shots.add(shot(each, transition));
            each.refuseOthers();
        }
        return shots;
    }

    private static Shot shot(Fields fields, Transition next) throws Refusal {
        String prompt = fields.required(fields.text("prompt"), "prompt");
        fields.checked("prompt", () -> new Shot(prompt, "", Optional.empty()));
        String negative = fields.text("negativePrompt").orElse("");
        fields.checked("negativePrompt", () -> new Shot("-", negative, Optional.empty()));
        Optional<Double> seconds = fields.number("seconds");
        Optional<Integer> frames = fields.integer("frames");
        set(fields, "seconds", seconds, ClipLength.Seconds::new);
        set(fields, "frames", frames, ClipLength.Frames::new);
        Optional<ClipLength> length = fields.checked(() -> ClipLength.of(
                seconds.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                frames.map(OptionalInt::of).orElse(OptionalInt.empty())));
        Optional<String> moves = fields.text("camera");
        Camera camera = moves.isPresent()
                ? fields.checked("camera", () -> Camera.parse("camera", moves.get()))
                : Camera.UNSPECIFIED;
        List<Source> sources = new ArrayList<>();
        for (Fields each : fields.objects("sources", Shot.MAX_SOURCES)) {
            sources.add(source(each));
            each.refuseOthers();
        }
        return fields.checked(() -> new Shot(prompt, negative, length, sources, camera, next));
    }

    private static Source source(Fields fields) throws Refusal {
        String use = fields.required(fields.text("use"), "use");
        Media media = media(fields, "media").orElseThrow(() -> fields.missing("media"));
        switch (use) {
            case "keyframe" -> {
                Position at = at(fields);
                return new Source.Keyframe(media, at);
            }
            case "continue" -> {
                String side = fields.text("side").orElse("after");
                return new Source.Continuation(media, fields.checked("side", () -> side(side)));
            }
            case "restyle" -> {
                double strength = fields.number("strength").orElse(Source.Restyle.DEFAULT_STRENGTH);
                return fields.checked("strength", () -> new Source.Restyle(media, strength));
            }
            case "interpolate" -> {
                int factor = fields.integer("factor").orElse(Source.Interpolation.MIN_FACTOR);
                return fields.checked("factor", () -> new Source.Interpolation(media, factor));
            }
            case "reference" -> {
                String name = fields.required(fields.text("name"), "name");
                return fields.checked("name", () -> new Source.Reference(media, name));
            }
            case "control" -> {
                return new Source.Control(media);
            }
            case "inpaint" -> {
                return new Source.Inpainting(media, media(fields, "mask"));
            }
            default ->
                throw fields.<RuntimeException>checked("use", () -> {
                    throw new IllegalArgumentException("use must be one of keyframe, continue, restyle, interpolate,"
                            + " reference, control, inpaint: " + use);
                });
        }
    }

    private static Position at(Fields fields) throws Refusal {
        Optional<String> at = fields.textOrNumber("at");
        return fields.checked("at", () -> switch (at.orElse("first")) {
            case "first" -> Position.FIRST;
            case "last" -> Position.LAST;
            default -> {
                try {
                    yield Position.at(Double.parseDouble(at.get()));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException("at must be first, last or seconds: " + at.get(), e);
                }
            }
        });
    }

    private static Source.Continuation.Side side(String text) {
        return switch (text) {
            case "after" -> Source.Continuation.Side.AFTER;
            case "before" -> Source.Continuation.Side.BEFORE;
            default -> throw new IllegalArgumentException("side must be after or before: " + text);
        };
    }

    private static Optional<Media> media(Fields parent, String name) throws Refusal {
        Optional<Fields> found = parent.object(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = found.get();
        Optional<String> asset = fields.text("asset");
        Media media;
        if (asset.isPresent()) {
            media = fields.checked("asset", () -> new Media.Asset(asset.get()));
        } else {
            String sha256 = fields.required(fields.text("sha256"), "sha256");
            fields.checked("sha256", () -> new Media.Upload(sha256, sha256));
            String called = fields.text("name").orElse(sha256);
            media = fields.checked("name", () -> new Media.Upload(sha256, called));
        }
        fields.refuseOthers();
        return Optional.of(media);
    }
}
