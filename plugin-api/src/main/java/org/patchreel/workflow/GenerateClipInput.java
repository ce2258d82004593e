package org.patchreel.workflow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Destination;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Position;
import org.patchreel.api.Sampling;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.SourceStore;

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
 * <tr><td>{@code image}</td><td>the picture that is the first frame</td></tr>
 * <tr><td>{@code last.image}</td><td>the picture that is the last frame</td></tr>
 * <tr><td>{@code keyframes}</td><td>pictures at times in seconds: {@code 1.5 = PATH, 3 = PATH}</td></tr>
 * <tr><td>{@code from}</td><td>the clip whose motion and composition stay, see {@link Source.Restyle}</td></tr>
 * <tr><td>{@code strength}</td><td>how much of it changes, above 0 to 1; {@value Source.Restyle#DEFAULT_STRENGTH} if left
 *     out</td></tr>
 * <tr><td>{@code extend}</td><td>the clip that is continued, see {@link Source.Continuation}</td></tr>
 * <tr><td>{@code extend.side}</td><td>{@code after} or {@code before} it; {@code after} if left out</td></tr>
 * <tr><td>{@code lead.to}</td><td>the clip that the made frames lead to; with {@code extend} the result connects both</td></tr>
 * <tr><td>{@code loop}</td><td>{@code true} if the end shall lead to the beginning; {@code false}</td></tr>
 * <tr><td>{@code fit}</td><td>{@code cover} or {@code contain}, see {@link Fit}</td></tr>
 * </table>
 *
 * Without any of the three prompts the payload is a text asset that holds it. Pictures and clips are paths in the host's terms,
 * with placeholders, or {@value SourceInput#PAYLOAD} for the payload itself; they are read with the rights that the step has.
 * What is left out, the model's defaults fill.
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
 * @param sources pictures and clips that the clip is made of
 * @param loop whether the end leads to the beginning
 * @param fit how pictures and clips of another shape fill the frame
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
        Camera camera,
        List<SourceInput> sources,
        boolean loop,
        Fit fit) {

    /** The names of the arguments that name one picture or clip. */
    public static final List<String> MEDIA_NAMES = List.of("image", "last.image", "from", "extend", "lead.to");

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
            "camera",
            "image",
            "last.image",
            "keyframes",
            "from",
            "strength",
            "extend",
            "extend.side",
            "lead.to",
            "loop",
            "fit");

    /** A comma that a time and an equals sign follow: paths may have commas, too. */
    private static final Pattern BETWEEN_KEYFRAMES = Pattern.compile(",(?=\\s*[0-9.]+\\s*=)");

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
        PromptSource prompt = prompt(given);
        List<SourceInput> sources = sources(given);
        if (prompt instanceof PromptSource.Payload) {
            sources.stream().filter(SourceInput::isPayload).findFirst().ifPresent(source -> {
                throw new IllegalArgumentException("the payload is the picture or clip of " + source.argument()
                        + " and cannot hold the prompt, too: give prompt, prompt.property or prompt.asset");
            });
        }
        return new GenerateClipInput(
                prompt,
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
                given.text("camera").map(value -> Camera.parse("camera", value)).orElse(Camera.UNSPECIFIED),
                sources,
                given.truth("loop"),
                given.text("fit").map(value -> Fit.parse("fit", value)).orElse(Fit.COVER));
    }

    /**
     * Makes the request of this input for one payload. The same payload gives the same request.
     *
     * @param payload fills the placeholders
     * @param store keeps the pictures and clips; needed only if there are {@link #sources}
     * @return the request
     * @throws IllegalArgumentException if the payload lacks what is asked of it, a picture or clip is not there or contradicts
     *     another one, or a value is out of range; the message names it
     * @throws IllegalStateException if there are sources and no store
     * @throws IOException if the payload, or a picture or clip, cannot be read or kept
     */
    public GenerationRequest request(StepPayload payload, Optional<SourceStore> store) throws IOException {
        Shot shot = new Shot(
                ArgumentText.trim(prompt(payload)),
                fill(negativePrompt, payload).orElse(""),
                length,
                List.of(),
                camera);
        GenerationRequest.Builder request = GenerationRequest.builder(List.of(shot))
                .frameInterpolation(frameInterpolation)
                .sampling(sampling)
                .destination(destination(payload))
                .loop(loop)
                .fit(fit);
        model.ifPresent(request::model);
        size.ifPresent(request::size);
        frameRate.ifPresent(request::frameRate);
        // What can be refused without the files is refused before they are copied.
        GenerationRequest words = request.build();
        if (sources.isEmpty()) {
            return words;
        }
        SourceStore present = store.orElseThrow(() -> new IllegalStateException("no source store is there"));
        for (SourceInput source : sources) {
            request.source(source.read(payload, present));
        }
        return request.build();
    }

    /**
     * Where the clip goes for one payload.
     *
     * @param payload fills the placeholders
     * @return the destination of the request
     * @throws IllegalArgumentException if the payload lacks what is asked of it; the message names it
     * @throws IOException if the payload cannot be read
     */
    public Destination destination(StepPayload payload) throws IOException {
        return new Destination(fill(folder, payload), fill(title, payload));
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
                camera,
                sources,
                loop,
                fit);
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

    /** In the order in which every caller names them: the same request has the same bytes. */
    private static List<SourceInput> sources(Arguments given) {
        List<SourceInput> found = new ArrayList<>();
        OptionalDouble strength = given.decimal("strength");
        given.require("strength", "from");
        given.require("extend.side", "extend");
        Side side = given.text("extend.side").map(GenerateClipInput::side).orElse(Side.AFTER);
        given.source("from", new SourceInput.Restyled(strength.orElse(Source.Restyle.DEFAULT_STRENGTH)))
                .ifPresent(found::add);
        given.source("image", new SourceInput.Frame(Position.FIRST)).ifPresent(found::add);
        given.text("keyframes").ifPresent(value -> found.addAll(keyframes(value)));
        given.source("last.image", new SourceInput.Frame(Position.LAST)).ifPresent(found::add);
        given.source("extend", new SourceInput.Continued(side)).ifPresent(found::add);
        given.source("lead.to", new SourceInput.Continued(Side.BEFORE)).ifPresent(found::add);
        return List.copyOf(found);
    }

    private static Side side(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "after" -> Side.AFTER;
            case "before" -> Side.BEFORE;
            default -> throw new IllegalArgumentException("extend.side must be after or before: " + value);
        };
    }

    private static List<SourceInput> keyframes(String value) {
        List<SourceInput> keyframes = new ArrayList<>();
        for (String each : BETWEEN_KEYFRAMES.split(value, -1)) {
            int equals = each.indexOf('=');
            String path = ArgumentText.trim(each.substring(equals + 1));
            if (equals < 1 || path.isEmpty()) {
                throw new IllegalArgumentException("keyframes are SECONDS = PATH, SECONDS = PATH: " + value);
            }
            Position at = Position.at(ArgumentText.decimal("keyframes", each.substring(0, equals)));
            keyframes.add(new SourceInput("keyframes", new Template(path), new SourceInput.Frame(at)));
        }
        return keyframes;
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

        Optional<SourceInput> source(String name, SourceInput.Use use) {
            return text(name).map(value -> new SourceInput(name, new Template(value), use));
        }

        void require(String name, String other) {
            if (text(name).isPresent() && text(other).isEmpty()) {
                throw new IllegalArgumentException(name + " goes with " + other + ", which is missing");
            }
        }

        boolean truth(String name) {
            String value = text(name).orElse("false").toLowerCase(Locale.ROOT);
            if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(name + " must be true or false: " + value);
            }
            return value.equals("true");
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
