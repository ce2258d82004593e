package org.patchreel.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.patchreel.api.Camera;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;

/**
 * A request as the API reads it. The folder stays here: it is one of this host. What is the default is left out, as a person
 * would.
 */
final class RequestJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RequestJson() {}

    /**
     * {@return the request in UTF-8}
     *
     * @param id of the job; empty where none is made
     * @param project what the clip is for
     * @param request what to generate
     */
    static byte[] of(Optional<String> id, Optional<String> project, GenerationRequest request) {
        ObjectNode json = MAPPER.createObjectNode();
        id.ifPresent(value -> json.put("id", value));
        project.ifPresent(value -> json.put("project", value));
        request.model().ifPresent(value -> json.put("model", value));
        request.size().ifPresent(size -> json.put("size", size.width() + "x" + size.height()));
        request.frameRate()
                .ifPresent(rate -> json.put(
                        "frameRate",
                        rate.isWhole() ? rate.nominal() + "" : rate.numerator() + "/" + rate.denominator()));
        if (request.frameInterpolation() != FrameInterpolation.REPEAT) {
            json.put("frameInterpolation", request.frameInterpolation().label());
        }
        request.sampling().seed().ifPresent(value -> json.put("seed", value));
        request.sampling().steps().ifPresent(value -> json.put("steps", value));
        request.sampling().guidanceScale().ifPresent(value -> json.put("guidanceScale", value));
        request.sampling().denoising().stepCache().ifPresent(cache -> json.put("stepCache", cache.label()));
        request.sampling().denoising().guidanceMode().ifPresent(mode -> json.put("guidanceMode", mode.label()));
        request.adapters()
                .forEach(adapter -> json.withArray("/adapters")
                        .addObject()
                        .put("name", adapter.name())
                        .put("strength", adapter.strength()));
        request.destination().title().ifPresent(value -> json.put("title", value));
        request.rights().creator().ifPresent(value -> json.put("creator", value));
        request.rights().copyright().ifPresent(value -> json.put("copyright", value));
        request.rights().expires().ifPresent(value -> json.put("expires", value.toString()));
        if (request.fit() != Fit.COVER) {
            json.put("fit", request.fit().label());
        }
        if (request.loop()) {
            json.put("loop", true);
        }
        if (request.kind() != OutputKind.CLIP) {
            json.put("kind", request.kind().label());
        }
        request.shots().forEach(shot -> write(shot, json.withArray("/shots").addObject()));
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Shot shot, ObjectNode json) {
        json.put("prompt", shot.prompt());
        if (!shot.negativePrompt().isEmpty()) {
            json.put("negativePrompt", shot.negativePrompt());
        }
        shot.length()
                .ifPresent(length -> length.<Object, RuntimeException>fold(
                        seconds -> json.put("seconds", seconds.value()), frames -> json.put("frames", frames.count())));
        if (!shot.camera().equals(Camera.UNSPECIFIED)) {
            json.put("camera", shot.camera().toString());
        }
        json.put("transition", shot.next().label());
        shot.sources()
                .forEach(source -> write(source, json.withArray("/sources").addObject()));
    }

    private static void write(Source source, ObjectNode json) {
        write(source.media(), json.putObject("media"));
        source.<Object, RuntimeException>fold(
                keyframe -> {
                    json.put("use", "keyframe");
                    return keyframe.at().seconds().isPresent()
                            ? json.put("at", keyframe.at().seconds().getAsDouble())
                            : json.put("at", "last");
                },
                continuation -> json.put("use", "continue")
                        .put("side", continuation.side().name().toLowerCase(Locale.ROOT)),
                restyle -> json.put("use", "restyle").put("strength", restyle.strength()),
                interpolation -> json.put("use", "interpolate").put("factor", interpolation.factor()),
                reference -> json.put("use", "reference").put("name", reference.name()),
                control -> json.put("use", "control"),
                inpainting -> {
                    json.put("use", "inpaint");
                    inpainting.mask().ifPresent(mask -> write(mask, json.putObject("mask")));
                    return json;
                });
    }

    private static void write(Media media, ObjectNode json) {
        media.<Object, RuntimeException>fold(
                asset -> json.put("asset", asset.id()),
                upload -> json.put("sha256", upload.sha256()).put("name", upload.name()));
    }
}
