package org.patchreel.api;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

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
 * @param size the clip's size in pixels, each side a multiple of the model's stride; empty for the model's default
 * @param seconds the clip's length; the number of frames becomes the nearest 4n+1 of seconds × frame rate
 * @param frameRate frames per second, 1 to 120
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
        OptionalInt frameRate,
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
     */
    public GenerationRequest {
        checkText("prompt", prompt);
        checkText("negative prompt", negativePrompt);
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("prompt is empty: say in words what the clip shows");
        }
        Objects.requireNonNull(size, "size");
        if (model.isPresent() && model.get().isBlank()) {
            throw new IllegalArgumentException("model name is empty");
        }
        seconds.ifPresent(value -> {
            if (!(value > 0 && value <= 3600)) {
                throw new IllegalArgumentException("seconds must be more than 0 and at most 3600: " + value);
            }
        });
        frameRate.ifPresent(value -> checkRange("frame rate", value, 1, 120));
        steps.ifPresent(value -> checkRange("steps", value, 1, 1000));
        guidanceScale.ifPresent(SamplingParameters::checkGuidanceScale);
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(destination, "destination");
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
        return new GenerationRequest(
                prompt, value, model, size, seconds, frameRate, seed, steps, guidanceScale, destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #model}
     * @return this request for a named model
     */
    public GenerationRequest withModel(String value) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                Optional.of(value),
                size,
                seconds,
                frameRate,
                seed,
                steps,
                guidanceScale,
                destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param width in pixels
     * @param height in pixels
     * @return this request with another size
     */
    public GenerationRequest withSize(int width, int height) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                model,
                Optional.of(new FrameSize(width, height)),
                seconds,
                frameRate,
                seed,
                steps,
                guidanceScale,
                destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #seconds}
     * @return this request with another length
     */
    public GenerationRequest withSeconds(double value) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                model,
                size,
                OptionalDouble.of(value),
                frameRate,
                seed,
                steps,
                guidanceScale,
                destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #frameRate}
     * @return this request with another frame rate
     */
    public GenerationRequest withFrameRate(int value) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                model,
                size,
                seconds,
                OptionalInt.of(value),
                seed,
                steps,
                guidanceScale,
                destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #seed}
     * @return this request with a seed
     */
    public GenerationRequest withSeed(long value) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                model,
                size,
                seconds,
                frameRate,
                OptionalLong.of(value),
                steps,
                guidanceScale,
                destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #steps}
     * @return this request with another number of steps
     */
    public GenerationRequest withSteps(int value) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                model,
                size,
                seconds,
                frameRate,
                seed,
                OptionalInt.of(value),
                guidanceScale,
                destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #guidanceScale}
     * @return this request with another guidance scale
     */
    public GenerationRequest withGuidanceScale(double value) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                model,
                size,
                seconds,
                frameRate,
                seed,
                steps,
                OptionalDouble.of(value),
                destination);
    }

    /**
     * Copies this request with one value changed.
     *
     * @param value see {@link #destination}
     * @return this request with a destination
     */
    public GenerationRequest withDestination(Destination value) {
        return new GenerationRequest(
                prompt, negativePrompt, model, size, seconds, frameRate, seed, steps, guidanceScale, value);
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
