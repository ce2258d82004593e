package org.patchreel.workflow;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Destination;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Sampling;
import org.patchreel.api.Shot;

/**
 * The arguments of a step. They have the same names in every host:
 *
 * <table>
 * <caption>Arguments</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>{@code prompt}</td><td>the prompt, with {@linkplain Template placeholders}</td></tr>
 * <tr><td>{@code prompt.property}</td><td>the property of the payload that holds the prompt</td></tr>
 * <tr><td>{@code prompt.asset}</td><td>the path of a text asset that holds the prompt</td></tr>
 * <tr><td>{@code negative.prompt}</td><td>what the clip should not show, with placeholders</td></tr>
 * <tr><td>{@code model}</td><td>the model's name</td></tr>
 * <tr><td>{@code size}</td><td>{@code WIDTHxHEIGHT} in pixels, both even</td></tr>
 * <tr><td>{@code seconds} or {@code frames}</td><td>length, see {@link ClipLength}</td></tr>
 * <tr><td>{@code frame.rate}</td><td>frames per second: {@code 25}, {@code 30000/1001} or {@code 29.97}</td></tr>
 * <tr><td>{@code frame.interpolation}</td><td>{@code repeat} or {@code blend}, see {@link FrameInterpolation}</td></tr>
 * <tr><td>{@code seed}, {@code steps}, {@code guidance.scale}</td><td>see {@link Sampling}</td></tr>
 * <tr><td>{@code folder}</td><td>where the clip goes, in the host's terms, with placeholders</td></tr>
 * <tr><td>{@code title}</td><td>what people call the clip, with placeholders</td></tr>
 * <tr><td>{@code camera}</td><td>how the camera moves: {@code pan left, dolly in}, see {@link Camera#parse}</td></tr>
 * </table>
 *
 * Without any of the three prompts the payload is a text asset that holds it. What is left out, the model's defaults fill.
 *
 * @param prompt where it comes from
 * @param negativePrompt with placeholders
 * @param model the model's name
 * @param size in pixels
 * @param length the clip's length
 * @param frameRate frames per second
 * @param frameInterpolation what stands between the model's frames
 * @param sampling what is asked of the denoising
 * @param folder with placeholders
 * @param title with placeholders
 * @param camera how the camera moves
 */
public record GenerateClipInput(
        PromptSource prompt,
        Optional<Template> negativePrompt,
        Optional<String> model,
        Optional<FrameSize> size,
        Optional<ClipLength> length,
        Optional<FrameRate> frameRate,
        FrameInterpolation frameInterpolation,
        Sampling sampling,
        Optional<Template> folder,
        Optional<Template> title,
        Camera camera) {

    /** The names of all arguments. */
    public static final List<String> NAMES = List.of(
            "prompt",
            "prompt.property",
            "prompt.asset",
            "negative.prompt",
            "model",
            "size",
            "seconds",
            "frames",
            "frame.rate",
            "frame.interpolation",
            "seed",
            "steps",
            "guidance.scale",
            "folder",
            "title",
            "camera");

    /**
     * Reads arguments that a person has typed: one {@code name = value} on each line; blank lines and lines that begin with
     * {@code #} are passed over. For hosts whose steps have a single text field for arguments.
     *
     * @param text the arguments
     * @param hostNames names of arguments that the host itself reads
     * @return the input
     * @throws IllegalArgumentException if a line is malformed, a name is unknown or appears twice, or a value is no value of
     *     its kind or out of range; the message names it
     */
    public static GenerateClipInput parse(String text, String... hostNames) {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String line : text.lines().map(ArgumentText::trim).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("an argument is NAME = VALUE on a line of its own: " + line);
            }
            put(arguments, line.substring(0, equals), line.substring(equals + 1));
        }
        return of(arguments, hostNames);
    }

    /**
     * Reads arguments that the host has taken apart.
     *
     * @param arguments by name; a blank value counts as left out
     * @param hostNames names of arguments that the host itself reads
     * @return the input
     * @throws IllegalArgumentException if a name is unknown, or a value is no value of its kind or out of range; the message
     *     names it
     */
    public static GenerateClipInput of(Map<String, String> arguments, String... hostNames) {
        Map<String, String> values = new LinkedHashMap<>();
        arguments.forEach((name, value) -> put(values, name, value));
        List<String> known = Stream.concat(NAMES.stream(), Stream.of(hostNames)).toList();
        values.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "unknown argument " + name + ", known: " + String.join(", ", known));
                });
        Arguments given = new Arguments(values);
        return new GenerateClipInput(
                prompt(given),
                given.text("negative.prompt").map(Template::new),
                given.text("model"),
                given.text("size").map(value -> FrameSize.parse("size", value)),
                ClipLength.of(given.decimal("seconds"), given.integer("frames")),
                given.text("frame.rate").map(value -> FrameRate.parse("frame.rate", value)),
                given.text("frame.interpolation")
                        .map(value -> FrameInterpolation.parse("frame.interpolation", value))
                        .orElse(FrameInterpolation.REPEAT),
                new Sampling(given.whole("seed"), given.integer("steps"), given.decimal("guidance.scale")),
                given.text("folder").map(Template::new),
                given.text("title").map(Template::new),
                given.text("camera").map(value -> Camera.parse("camera", value)).orElse(Camera.UNSPECIFIED));
    }

    /**
     * Makes the request of this input for one payload.
     *
     * @param payload fills the placeholders
     * @return the request
     * @throws IllegalArgumentException if the payload lacks what is asked of it, or a value is out of range; the message
     *     names it
     * @throws IOException if the payload cannot be read
     */
    public GenerationRequest request(StepPayload payload) throws IOException {
        Shot shot = new Shot(
                ArgumentText.trim(prompt(payload)),
                fill(negativePrompt, payload).orElse(""),
                length,
                List.of(),
                camera);
        GenerationRequest.Builder request = GenerationRequest.builder(List.of(shot))
                .frameInterpolation(frameInterpolation)
                .sampling(sampling)
                .destination(new Destination(fill(folder, payload), fill(title, payload)));
        model.ifPresent(request::model);
        size.ifPresent(request::size);
        frameRate.ifPresent(request::frameRate);
        return request.build();
    }

    /**
     * Takes the folder away: for a host that copies the clip from the generator's store into its own, whose folders the
     * generator does not know.
     *
     * @return this input without a folder
     */
    public GenerateClipInput withoutFolder() {
        return new GenerateClipInput(
                prompt,
                negativePrompt,
                model,
                size,
                length,
                frameRate,
                frameInterpolation,
                sampling,
                Optional.empty(),
                title,
                camera);
    }

    private static void put(Map<String, String> arguments, String name, String value) {
        String trimmed = ArgumentText.trim(name);
        if (arguments.put(trimmed, ArgumentText.trim(value)) != null) {
            throw new IllegalArgumentException("the argument " + trimmed + " appears twice");
        }
    }

    private String prompt(StepPayload payload) throws IOException {
        return prompt.<String, IOException>fold(
                text -> text.template().fill(payload),
                property -> payload.property(property.name())
                        .filter(text -> !text.isBlank())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "the payload has no property " + property.name() + ", which should hold the prompt")),
                asset -> payload.text(Optional.of(asset.path()))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "there is no text asset " + asset.path() + ", which should hold the prompt")),
                itself -> payload.text(Optional.empty())
                        .orElseThrow(
                                () -> new IllegalArgumentException("the payload is not a text asset, and no prompt,"
                                        + " prompt.property or prompt.asset is given")));
    }

    private static Optional<String> fill(Optional<Template> template, StepPayload payload) throws IOException {
        return template.isEmpty()
                ? Optional.empty()
                : Optional.of(template.get().fill(payload));
    }

    private static PromptSource prompt(Arguments given) {
        List<PromptSource> sources = List.of("prompt", "prompt.property", "prompt.asset").stream()
                .flatMap(name -> given.text(name).map(value -> source(name, value)).stream())
                .toList();
        if (sources.size() > 1) {
            throw new IllegalArgumentException("only one of prompt, prompt.property and prompt.asset can be given");
        }
        return sources.isEmpty() ? new PromptSource.Payload() : sources.get(0);
    }

    private static PromptSource source(String name, String value) {
        return switch (name) {
            case "prompt.property" -> new PromptSource.Property(value);
            case "prompt.asset" -> new PromptSource.Asset(value);
            default -> new PromptSource.Text(new Template(value));
        };
    }

    /** Values by name, still as text. */
    private record Arguments(Map<String, String> values) {

        Optional<String> text(String name) {
            return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
        }

        OptionalInt integer(String name) {
            Optional<String> value = text(name);
            return value.isPresent() ? OptionalInt.of(ArgumentText.integer(name, value.get())) : OptionalInt.empty();
        }

        OptionalLong whole(String name) {
            Optional<String> value = text(name);
            return value.isPresent() ? OptionalLong.of(ArgumentText.whole(name, value.get())) : OptionalLong.empty();
        }

        OptionalDouble decimal(String name) {
            Optional<String> value = text(name);
            return value.isPresent()
                    ? OptionalDouble.of(ArgumentText.decimal(name, value.get()))
                    : OptionalDouble.empty();
        }
    }
}
