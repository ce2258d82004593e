package org.patchreel.workflow;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.patchreel.api.Adapter;
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
import org.patchreel.api.MediaUse;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Rights;
import org.patchreel.api.Sampling;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StepCache;
import org.patchreel.api.Storyboard;

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
 * <tr><td>{@code step.cache}</td><td>{@code off}, {@code safe} or {@code fast}, see {@link StepCache}; the model's if left
 *     out</td></tr>
 * <tr><td>{@code guidance.mode}</td><td>{@code cfg}, {@code cfg-zero-star} or {@code apg}, see {@link GuidanceMode}; the
 *     model's if left out</td></tr>
 * <tr><td>{@code lora}</td><td>LoRAs that change the model, {@code NAME} or {@code NAME:STRENGTH} with commas between them, see
 *     {@link Adapter}</td></tr>
 * <tr><td>{@code folder}</td><td>where the clip goes, in the host's terms, with placeholders</td></tr>
 * <tr><td>{@code title}</td><td>what people call the clip, with placeholders</td></tr>
 * <tr><td>{@code creator}, {@code copyright}</td><td>who made the clip, and whose it is, with placeholders, see {@link Rights}</td></tr>
 * <tr><td>{@code expires}</td><td>when it may be used no longer, see {@link Rights#parseExpires}</td></tr>
 * <tr><td>{@code camera}</td><td>how the camera moves: {@code pan left, dolly in}, see {@link Camera#parse}</td></tr>
 * <tr><td>{@code image}</td><td>the picture that is the first frame</td></tr>
 * <tr><td>{@code last.image}</td><td>the picture that is the last frame</td></tr>
 * <tr><td>{@code keyframes}</td><td>pictures at times in seconds: {@code 1.5 = PATH, 3 = PATH}</td></tr>
 * <tr><td>{@code from}</td><td>the clip whose motion and composition stay, see {@link Source.Restyle}</td></tr>
 * <tr><td>{@code strength}</td><td>how much of it changes, above 0 to 1; {@value Source.Restyle#DEFAULT_STRENGTH} if left
 *     out</td></tr>
 * <tr><td>{@code mask}</td><td>the picture or clip that says what of {@code from} is made anew, or {@value SourceInput#BORDERS}, see {@link
 *     Source.Inpainting}</td></tr>
 * <tr><td>{@code control}</td><td>the clip that is followed, see {@link Source.Control}</td></tr>
 * <tr><td>{@code character.NAME}</td><td>a picture of a character or thing, see {@link Source.Reference}; further ones of it are
 *     {@code character.NAME.2} and so on</td></tr>
 * <tr><td>{@code extend}</td><td>the clip that is continued, see {@link Source.Continuation}</td></tr>
 * <tr><td>{@code extend.side}</td><td>{@code after} or {@code before} it; {@code after} if left out</td></tr>
 * <tr><td>{@code lead.to}</td><td>the clip that the made frames lead to; with {@code extend} the result connects both</td></tr>
 * <tr><td>{@code interpolate}</td><td>the clip that gets more frames a second, see {@link Source.Interpolation}</td></tr>
 * <tr><td>{@code factor}</td><td>how many times more, 2 to 8; 2 if left out</td></tr>
 * <tr><td>{@code loop}</td><td>{@code true} if the end shall lead to the beginning; {@code false}</td></tr>
 * <tr><td>{@code fit}</td><td>{@code cover} or {@code contain}, see {@link Fit}</td></tr>
 * <tr><td>{@code kind}</td><td>{@code clip} or {@code still}, see {@link OutputKind}; {@code clip} if left out</td></tr>
 * <tr><td>{@code storyboard}</td><td>the path of a text asset that describes several shots, or {@value
 *     SourceInput#PAYLOAD}, see {@link Storyboard}</td></tr>
 * <tr><td>{@code storyboard.property}</td><td>the property of the payload that holds such a text</td></tr>
 * </table>
 *
 * Without any of the three prompts the payload is a text asset that holds it. Pictures and clips are paths in the host's terms,
 * with placeholders, or {@value SourceInput#PAYLOAD} for the payload itself; they are read with the rights that the step has.
 * What is left out, the model's defaults fill. A storyboard stands in the place of a prompt, and says itself what a shot does
 * not show, how long it is, how the camera moves and of which pictures and clips it is made, whose paths are as above.
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
 * @param kind what is made
 * @param storyboard whether what stands for the prompt is a storyboard
 * @param adapters LoRAs that change the model
 * @param creator with placeholders
 * @param copyright with placeholders
 * @param expires when the clip may be used no longer
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
        Fit fit,
        OutputKind kind,
        boolean storyboard,
        List<Adapter> adapters,
        Optional<Template> creator,
        Optional<Template> copyright,
        Optional<Instant> expires) {

    /** The names of the arguments that name one picture or clip. */
    public static final List<String> MEDIA_NAMES =
            List.of("image", "last.image", "from", SourceInput.MASK, "control", "extend", "lead.to", "interpolate");

    private static final List<String> PROMPT_NAMES = List.of("prompt", "prompt.property", "prompt.asset");

    private static final List<String> STORYBOARD_NAMES = List.of("storyboard", "storyboard.property");

    /** The names of all arguments but those of characters, for which {@code character.NAME} stands: see {@link #isArgument}. */
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
            "step.cache",
            "guidance.mode",
            "lora",
            "folder",
            "title",
            "creator",
            "copyright",
            "expires",
            "camera",
            "image",
            "last.image",
            "keyframes",
            "from",
            "strength",
            SourceInput.MASK,
            "control",
            "character.NAME",
            "extend",
            "extend.side",
            "lead.to",
            "interpolate",
            "factor",
            "loop",
            "fit",
            "kind",
            "storyboard",
            "storyboard.property");

    /** Arguments that a storyboard has values of its own for. */
    private static final List<String> OF_A_SHOT = List.of(
            "negative.prompt",
            "seconds",
            "frames",
            "camera",
            "image",
            "last.image",
            "keyframes",
            "from",
            "strength",
            SourceInput.MASK,
            "control",
            "extend",
            "extend.side",
            "lead.to",
            "interpolate",
            "factor");

    private static final Pattern CHARACTER = Pattern.compile("character\\.(?<name>[\\p{L}\\p{M}\\p{N}_-]+)(\\.[2-9])?");

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
     * Says whether a name is an argument's.
     *
     * @param name for example {@code prompt} or {@code character.anna}
     * @return whether it is in {@link #NAMES} or that of a character
     */
    public static boolean isArgument(String name) {
        return NAMES.contains(name) || isCharacter(name);
    }

    /**
     * Says whether the value of an argument is one picture or clip.
     *
     * @param name of the argument
     * @return whether it is in {@link #MEDIA_NAMES} or that of a character
     */
    public static boolean isMedia(String name) {
        return MEDIA_NAMES.contains(name) || isCharacter(name);
    }

    private static boolean isCharacter(String name) {
        return CHARACTER.matcher(name).matches();
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
                .filter(name -> !known.contains(name) && !isCharacter(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "unknown argument " + name + ", known: " + String.join(", ", known));
                });
        Arguments given = new Arguments(values);
        PromptSource prompt = prompt(given);
        boolean storyboard =
                STORYBOARD_NAMES.stream().anyMatch(name -> given.text(name).isPresent());
        if (storyboard) {
            given.refuse(
                    Stream.concat(OF_A_SHOT.stream(), values.keySet().stream().filter(GenerateClipInput::isCharacter))
                            .toList(),
                    "a storyboard says that of each shot");
        }
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
                new Sampling(
                        given.whole("seed"),
                        given.integer("steps"),
                        given.decimal("guidance.scale"),
                        new Denoising(
                                given.text("step.cache").map(value -> StepCache.parse("step.cache", value)),
                                given.text("guidance.mode").map(value -> GuidanceMode.parse("guidance.mode", value)))),
                given.text("folder").map(Template::new),
                given.text("title").map(Template::new),
                given.text("camera").map(value -> Camera.parse("camera", value)).orElse(Camera.UNSPECIFIED),
                sources,
                given.truth("loop"),
                given.text("fit").map(value -> Fit.parse("fit", value)).orElse(Fit.COVER),
                given.text("kind").map(value -> OutputKind.parse("kind", value)).orElse(OutputKind.CLIP),
                storyboard,
                given.text("lora")
                        .map(value -> Adapter.parseAll("lora", value))
                        .map(Adapter::checked)
                        .orElse(List.of()),
                given.text("creator").map(Template::new),
                given.text("copyright").map(Template::new),
                given.text("expires").map(value -> Rights.parseExpires("expires", value)));
    }

    /**
     * Makes the request of this input for one payload. The same payload gives the same request.
     *
     * @param payload fills the placeholders
     * @param store keeps the pictures and clips; needed only if there are {@link #sources}, or a storyboard has some
     * @param reader reads a storyboard
     * @return the request
     * @throws IllegalArgumentException if the payload lacks what is asked of it, a picture or clip is not there or contradicts
     *     another one, or a value is out of range; the message names it
     * @throws IllegalStateException if there are sources and no store
     * @throws IOException if the payload, or a picture or clip, cannot be read or kept
     */
    public GenerationRequest request(StepPayload payload, Optional<SourceStore> store, Storyboard.Reader reader)
            throws IOException {
        if (storyboard) {
            Storyboard read = reader.read(storyboardName(), prompt(payload));
            return clip(read.shots(path -> SourceInput.media(path, payload, present(store))), payload)
                    .build();
        }
        Shot shot = new Shot(
                ArgumentText.trim(prompt(payload)),
                fill(negativePrompt, payload).orElse(""),
                length,
                List.of(),
                camera);
        GenerationRequest.Builder request = clip(List.of(shot), payload);
        // What can be refused without the files is refused before they are copied.
        GenerationRequest words = request.build();
        if (sources.isEmpty()) {
            return words;
        }
        for (SourceInput source : sources) {
            request.source(source.read(payload, present(store)));
        }
        return request.build();
    }

    private static SourceStore present(Optional<SourceStore> store) {
        return store.orElseThrow(() -> new IllegalStateException("no source store is there"));
    }

    private GenerationRequest.Builder clip(List<Shot> shots, StepPayload payload) throws IOException {
        GenerationRequest.Builder request = GenerationRequest.builder(shots)
                .frameInterpolation(frameInterpolation)
                .sampling(sampling)
                .destination(destination(payload))
                .loop(loop)
                .fit(fit)
                .kind(kind)
                .adapters(adapters)
                .rights(new Rights(fill(creator, payload), fill(copyright, payload), expires));
        model.ifPresent(request::model);
        size.ifPresent(request::size);
        frameRate.ifPresent(request::frameRate);
        return request;
    }

    /** What messages call the storyboard. */
    private String storyboardName() {
        return prompt.fold(
                text -> "storyboard", property -> property.name(), asset -> asset.path(), itself -> "storyboard");
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
                fit,
                kind,
                storyboard,
                adapters,
                creator,
                copyright,
                expires);
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
                        .orElseThrow(() -> new IllegalArgumentException("the payload has no property " + property.name()
                                + ", which should hold the " + (storyboard ? "storyboard" : "prompt"))),
                asset -> payload.text(Optional.of(asset.path()))
                        .orElseThrow(() -> new IllegalArgumentException("there is no text asset " + asset.path()
                                + ", which should hold the " + (storyboard ? "storyboard" : "prompt"))),
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
        given.require("factor", "interpolate");
        Side side = given.text("extend.side").map(GenerateClipInput::side).orElse(Side.AFTER);
        given.require(SourceInput.MASK, "from");
        Optional<String> mask = given.text(SourceInput.MASK);
        if (mask.isPresent() && strength.isPresent()) {
            throw new IllegalArgumentException("strength is for a clip that is restyled, not for one with a mask");
        }
        given.source(
                        "from",
                        mask.isPresent()
                                ? new SourceInput.Inpainted(mask.filter(value -> !value.equals(SourceInput.BORDERS))
                                        .map(Template::new))
                                : new MediaUse.Restyled(strength.orElse(Source.Restyle.DEFAULT_STRENGTH)))
                .ifPresent(found::add);
        given.source("control", new MediaUse.Controlled()).ifPresent(found::add);
        found.addAll(characters(given));
        given.source("image", new MediaUse.Frame(Position.FIRST)).ifPresent(found::add);
        given.text("keyframes").ifPresent(value -> found.addAll(keyframes(value)));
        given.source("last.image", new MediaUse.Frame(Position.LAST)).ifPresent(found::add);
        given.source("extend", new MediaUse.Continued(side)).ifPresent(found::add);
        given.source("lead.to", new MediaUse.Continued(Side.BEFORE)).ifPresent(found::add);
        int factor = given.integer("factor").orElse(Source.Interpolation.MIN_FACTOR);
        given.source("interpolate", new MediaUse.Interpolated(factor)).ifPresent(found::add);
        return List.copyOf(found);
    }

    /** In the order of their names, and of the pictures of each: a map from a host has none. */
    private static List<SourceInput> characters(Arguments given) {
        List<SourceInput> found = new ArrayList<>();
        for (String argument : new TreeSet<>(given.values().keySet())) {
            Matcher parts = CHARACTER.matcher(argument);
            if (parts.matches()) {
                given.source(argument, new MediaUse.Referenced(parts.group("name")))
                        .ifPresent(found::add);
            }
        }
        return found;
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
            KeyframeText keyframe = KeyframeText.parse("keyframes", each);
            keyframes.add(
                    new SourceInput("keyframes", new Template(keyframe.picture()), new MediaUse.Frame(keyframe.at())));
        }
        return keyframes;
    }

    private static PromptSource prompt(Arguments given) {
        List<String> names = Stream.concat(PROMPT_NAMES.stream(), STORYBOARD_NAMES.stream())
                .filter(name -> given.text(name).isPresent())
                .toList();
        if (names.size() > 1) {
            throw new IllegalArgumentException(
                    names.stream().anyMatch(STORYBOARD_NAMES::contains)
                            ? "only one of these can be given: " + String.join(", ", names)
                            : "only one of prompt, prompt.property and prompt.asset can be given");
        }
        List<PromptSource> sources = names.stream()
                .map(name -> source(name, given.text(name).orElseThrow()))
                .toList();
        return sources.isEmpty() ? new PromptSource.Payload() : sources.get(0);
    }

    private static PromptSource source(String name, String value) {
        return switch (name) {
            case "prompt.property", "storyboard.property" -> new PromptSource.Property(value);
            case "prompt.asset" -> new PromptSource.Asset(value);
            case "storyboard" ->
                value.equals(SourceInput.PAYLOAD) ? new PromptSource.Payload() : new PromptSource.Asset(value);
            default -> new PromptSource.Text(new Template(value));
        };
    }

    /** Values by name, still as text. */
    private record Arguments(Map<String, String> values) {

        Optional<String> text(String name) {
            return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
        }

        Optional<SourceInput> source(String name, MediaUse use) {
            return text(name).map(value -> new SourceInput(name, new Template(value), use));
        }

        void refuse(List<String> names, String reason) {
            names.stream().filter(name -> text(name).isPresent()).findFirst().ifPresent(name -> {
                throw new IllegalArgumentException(name + " cannot be given: " + reason);
            });
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
