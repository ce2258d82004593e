package org.patchreel.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a caller wants to see. Only the prompt is required; what is left out, the model's defaults fill.
 *
 * <p>Start from {@link #of(String)} and add what matters:
 *
 * <pre>{@code
 * GenerationRequest.of("a red ball rolls past a tree").withSize(640, 368).withSeconds(2).withSeed(7)
 * }</pre>
 *
 * @param prompt what the clip shows; 1 to {@value #MAX_PROMPT_LENGTH} characters, not blank, no control characters but
 *     tab and line ends, no unpaired surrogates
 * @param negativePrompt what the clip should not show; empty for nothing, else the same limits
 * @param model the name of the model, {@code VideoModel.NAME}; empty for the installation's default
 * @param size the clip's size in pixels, each side even; the model makes frames in a size of its own, which are scaled to
 *     cover it; empty for the model's default
 * @param seconds the clip's length; it has seconds × frame rate frames, rounded to the nearest whole number
 * @param frames the clip's length in frames, 1 to {@value VideoFormat#MAX_FRAMES}; not together with seconds
 * @param frameRate frames per second; empty for the model's. With another rate than the model's the motion keeps its speed
 * @param frameInterpolation what stands between the model's frames if the rates differ
 * @param seed chooses among the clips that a prompt can give: the same seed, settings and machine give the same frames;
 *     empty for a random one, which the asset's metadata then names
 * @param steps denoising steps, 1 to 1000; more steps are slower and finer
 * @param guidanceScale how strongly the prompt pulls, 1 to 100; 1 switches guidance off and halves the work (<a
 *     href="https://arxiv.org/abs/2207.12598">Ho and Salimans, Classifier-Free Diffusion Guidance</a>)
 * @param destination where the clip goes and what it is called
 */
public record GenerationRequest(
        String prompt,
        String negativePrompt,
        Optional<String> model,
        Optional<FrameSize> size,
        OptionalDouble seconds,
        OptionalInt frames,
        Optional<FrameRate> frameRate,
        FrameInterpolation frameInterpolation,
        OptionalLong seed,
        OptionalInt steps,
        OptionalDouble guidanceScale,
        Destination destination) {

    /** The longest prompt, in UTF-16 units: far past what any text encoder reads (512 tokens). */
    public static final int MAX_PROMPT_LENGTH = 10_000;

    /**
     * Checks what can be checked without a model.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     * @throws NullPointerException if a value is null; the message is its name
     */
    public GenerationRequest {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(negativePrompt, "negativePrompt");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(seconds, "seconds");
        Objects.requireNonNull(frames, "frames");
        Objects.requireNonNull(frameRate, "frameRate");
        Objects.requireNonNull(frameInterpolation, "frameInterpolation");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(steps, "steps");
        Objects.requireNonNull(guidanceScale, "guidanceScale");
        Objects.requireNonNull(destination, "destination");
        checkText("prompt", prompt);
        checkText("negative prompt", negativePrompt);
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("prompt is empty: say in words what the clip shows");
        }
        size.ifPresent(VideoFormat::checkSize);
        if (model.isPresent() && model.get().isBlank()) {
            throw new IllegalArgumentException("model name is empty");
        }
        seconds.ifPresent(value -> {
            if (!(value > 0 && value <= 3600)) {
                throw new IllegalArgumentException("seconds must be more than 0 and at most 3600: " + value);
            }
        });
        frames.ifPresent(value -> checkRange("frames", value, 1, VideoFormat.MAX_FRAMES));
        if (seconds.isPresent() && frames.isPresent()) {
            throw new IllegalArgumentException("seconds and frames both say how long the clip is: "
                    + seconds.getAsDouble() + " and " + frames.getAsInt() + "; give one of them");
        }
        steps.ifPresent(value -> checkRange("steps", value, 1, 1000));
        guidanceScale.ifPresent(SamplingParameters::checkGuidanceScale);
    }

    /**
     * A request that leaves all but the prompt to the model's defaults.
     *
     * @param prompt what the clip shows
     * @return the request
     */
    public static GenerationRequest of(String prompt) {
        return new GenerationRequest(
                prompt,
                "",
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                FrameInterpolation.REPEAT,
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                Destination.DEFAULT);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #negativePrompt}
     * @return this request with another negative prompt
     */
    public GenerationRequest withNegativePrompt(String value) {
        Draft draft = new Draft(this);
        draft.negativePrompt = value;
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #model}
     * @return this request for a named model
     */
    public GenerationRequest withModel(String value) {
        Draft draft = new Draft(this);
        draft.model = Optional.of(Objects.requireNonNull(value, "model"));
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param width in pixels
     * @param height in pixels
     * @return this request with another size
     */
    public GenerationRequest withSize(int width, int height) {
        Draft draft = new Draft(this);
        draft.size = Optional.of(new FrameSize(width, height));
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #seconds}
     * @return this request with another length
     */
    public GenerationRequest withSeconds(double value) {
        Draft draft = new Draft(this);
        draft.seconds = OptionalDouble.of(value);
        draft.frames = OptionalInt.empty();
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #frames}
     * @return this request with another length
     */
    public GenerationRequest withFrames(int value) {
        Draft draft = new Draft(this);
        draft.frames = OptionalInt.of(value);
        draft.seconds = OptionalDouble.empty();
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value whole frames per second
     * @return this request with another frame rate
     */
    public GenerationRequest withFrameRate(int value) {
        Draft draft = new Draft(this);
        draft.frameRate = Optional.of(FrameRate.of(value));
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #frameRate}
     * @return this request with another frame rate
     */
    public GenerationRequest withFrameRate(FrameRate value) {
        Draft draft = new Draft(this);
        draft.frameRate = Optional.of(Objects.requireNonNull(value, "frameRate"));
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #frameInterpolation}
     * @return this request with another interpolation
     */
    public GenerationRequest withFrameInterpolation(FrameInterpolation value) {
        Draft draft = new Draft(this);
        draft.frameInterpolation = value;
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #seed}
     * @return this request with a seed
     */
    public GenerationRequest withSeed(long value) {
        Draft draft = new Draft(this);
        draft.seed = OptionalLong.of(value);
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #steps}
     * @return this request with another number of steps
     */
    public GenerationRequest withSteps(int value) {
        Draft draft = new Draft(this);
        draft.steps = OptionalInt.of(value);
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #guidanceScale}
     * @return this request with another guidance scale
     */
    public GenerationRequest withGuidanceScale(double value) {
        Draft draft = new Draft(this);
        draft.guidanceScale = OptionalDouble.of(value);
        return draft.request();
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #destination}
     * @return this request with a destination
     */
    public GenerationRequest withDestination(Destination value) {
        Draft draft = new Draft(this);
        draft.destination = value;
        return draft.request();
    }

    /**
     * This request as bytes that stay the same from version to version of Patchreel, for hashes that name what it asks for. A
     * value that was added later takes part only where it is not the default.
     *
     * @return UTF-8
     */
    public byte[] canonical() {
        StringBuilder text = new StringBuilder("GenerationRequest[prompt=").append(prompt);
        text.append(", negativePrompt=").append(negativePrompt);
        text.append(", model=").append(text(model));
        text.append(", size=").append(text(size));
        text.append(", seconds=").append(text(seconds));
        text.append(", frameRate=")
                .append(
                        frameRate.isPresent() && frameRate.get().isWhole()
                                ? text(OptionalInt.of(frameRate.get().nominal()))
                                : text(OptionalInt.empty()));
        text.append(", seed=")
                .append(seed.isPresent() ? "OptionalLong[" + seed.getAsLong() + "]" : "OptionalLong.empty");
        text.append(", steps=").append(text(steps));
        text.append(", guidanceScale=").append(text(guidanceScale));
        text.append(", destination=Destination[folder=").append(text(destination.folder()));
        text.append(", title=").append(text(destination.title())).append("]]");
        frameRate
                .filter(rate -> !rate.isWhole())
                .ifPresent(rate -> text.append("\nframe rate ")
                        .append(rate.numerator())
                        .append('/')
                        .append(rate.denominator()));
        frames.ifPresent(count -> text.append("\nframes ").append(count));
        if (frameInterpolation != FrameInterpolation.REPEAT) {
            text.append("\nframe interpolation ").append(frameInterpolation.label());
        }
        // A text that looks like what stands between the values says where it ends.
        List<String> texts = Stream.of(
                        Optional.of(prompt),
                        Optional.of(negativePrompt),
                        model,
                        destination.folder(),
                        destination.title())
                .map(value -> value.orElse(""))
                .toList();
        if (texts.stream().anyMatch(value -> value.contains("=") || value.contains("\n"))) {
            text.append("\nlengths");
            texts.forEach(value -> text.append(' ').append(value.length()));
        }
        return text.toString().getBytes(UTF_8);
    }

    private static String text(Optional<?> value) {
        return value.isPresent() ? "Optional[" + value.get() + "]" : "Optional.empty";
    }

    private static String text(OptionalInt value) {
        return value.isPresent() ? "OptionalInt[" + value.getAsInt() + "]" : "OptionalInt.empty";
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? "OptionalDouble[" + value.getAsDouble() + "]" : "OptionalDouble.empty";
    }

    /** The values of a copy. */
    private static final class Draft {
        private final String prompt;
        private String negativePrompt;
        private Optional<String> model;
        private Optional<FrameSize> size;
        private OptionalDouble seconds;
        private OptionalInt frames;
        private Optional<FrameRate> frameRate;
        private FrameInterpolation frameInterpolation;
        private OptionalLong seed;
        private OptionalInt steps;
        private OptionalDouble guidanceScale;
        private Destination destination;

        Draft(GenerationRequest of) {
            prompt = of.prompt;
            negativePrompt = of.negativePrompt;
            model = of.model;
            size = of.size;
            seconds = of.seconds;
            frames = of.frames;
            frameRate = of.frameRate;
            frameInterpolation = of.frameInterpolation;
            seed = of.seed;
            steps = of.steps;
            guidanceScale = of.guidanceScale;
            destination = of.destination;
        }

        GenerationRequest request() {
            return new GenerationRequest(
                    prompt,
                    negativePrompt,
                    model,
                    size,
                    seconds,
                    frames,
                    frameRate,
                    frameInterpolation,
                    seed,
                    steps,
                    guidanceScale,
                    destination);
        }
    }

    private static void checkRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ": " + value);
        }
    }

    private static void checkText(String name, String text) {
        if (text.length() > MAX_PROMPT_LENGTH) {
            throw new IllegalArgumentException(
                    name + " has " + text.length() + " characters, at most " + MAX_PROMPT_LENGTH + " are read");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        String.format("%s has an unpaired surrogate U+%04X at character %d", name, (int) c, i));
            } else if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
                throw new IllegalArgumentException(
                        String.format("%s has a control character U+%04X at character %d", name, (int) c, i));
            }
        }
    }
}
