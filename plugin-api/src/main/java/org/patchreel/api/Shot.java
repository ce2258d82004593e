package org.patchreel.api;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one uninterrupted take shows, and how long. The size, the frame rate and the model are the same for all shots of a
 * {@link GenerationRequest} and stand there.
 *
 * @param prompt what the shot shows; 1 to {@value #MAX_PROMPT_LENGTH} characters, not blank, no control characters but tab
 *     and line ends, no unpaired surrogates
 * @param negativePrompt what the shot should not show; empty for the model's default, else the same limits
 * @param length of what is made, without the clips that it continues; empty for the model's default, or for the length of the
 *     clip that is restyled
 * @param sources pictures and clips that it is made of, at most {@value #MAX_SOURCES}: key frames at different places, pictures of
 *     characters and things, and at most one clip on each side that it continues, or one clip that it restyles or interpolates,
 *     or one that it follows and one of which it makes parts anew
 * @param camera how the camera moves
 * @param next how the shot passes into the next one; {@link Transition#CUT} for the last shot of a clip
 */
public record Shot(
        String prompt,
        String negativePrompt,
        Optional<ClipLength> length,
        List<Source> sources,
        Camera camera,
        Transition next) {

    /** Maximum length of a prompt in UTF-16 units: far past what any text encoder reads (512 tokens). */
    public static final int MAX_PROMPT_LENGTH = 10_000;

    /** Maximum number of sources. */
    public static final int MAX_SOURCES = 16;

    /**
     * A shot that is made of its prompt alone, which says all that is said of the camera.
     *
     * @param prompt see above
     * @param negativePrompt see above
     * @param length see above
     */
    public Shot(String prompt, String negativePrompt, Optional<ClipLength> length) {
        this(prompt, negativePrompt, length, List.of(), Camera.UNSPECIFIED);
    }

    /**
     * A shot that ends with a cut.
     *
     * @param prompt see above
     * @param negativePrompt see above
     * @param length see above
     * @param sources see above
     * @param camera see above
     */
    public Shot(
            String prompt, String negativePrompt, Optional<ClipLength> length, List<Source> sources, Camera camera) {
        this(prompt, negativePrompt, length, sources, camera, Transition.CUT);
    }

    /**
     * Checks the texts and the sources.
     *
     * @throws IllegalArgumentException if a text is too long, has a character that it may not have, or the prompt is blank, or
     *     sources contradict each other; the message names it
     * @throws NullPointerException if a value is null; the message is its name
     */
    public Shot {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(negativePrompt, "negativePrompt");
        Objects.requireNonNull(length, "length");
        Objects.requireNonNull(camera, "camera");
        Objects.requireNonNull(next, "next");
        checkText("prompt", prompt);
        checkText("negative prompt", negativePrompt);
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("prompt is empty: say in words what the clip shows");
        }
        sources = List.copyOf(Objects.requireNonNull(sources, "sources"));
        checkSources(sources);
    }

    private static void checkSources(List<Source> sources) {
        if (sources.size() > MAX_SOURCES) {
            throw new IllegalArgumentException(
                    "a shot has " + sources.size() + " pictures and clips, at most " + MAX_SOURCES + " are used");
        }
        Set<Object> places = new HashSet<>();
        for (Source source : sources) {
            Object place = source.fold(
                    Source.Keyframe::at,
                    Source.Continuation::side,
                    restyle -> Source.Restyle.class,
                    interpolation -> Source.Interpolation.class,
                    reference -> reference,
                    control -> Source.Control.class,
                    inpainting -> Source.Inpainting.class);
            if (!places.add(place)) {
                throw new IllegalArgumentException(source.<String, RuntimeException>fold(
                        keyframe -> "two pictures for one frame of a shot: " + keyframe.at(),
                        continuation -> "a shot continues one clip on each side, not two",
                        restyle -> "a shot restyles one clip, not two",
                        interpolation -> "a shot interpolates one clip, not two",
                        reference -> "the same picture twice for " + reference.name(),
                        control -> "a shot follows one control clip, not two",
                        inpainting -> "parts of one clip are made anew in a shot, not of two"));
            }
        }
        checkAlone(places, Source.Interpolation.class, "interpolates");
        Set<Object> clips = new HashSet<>(places);
        clips.removeIf(Source.Reference.class::isInstance);
        int references = places.size() - clips.size();
        if (references > Source.Reference.MAX_PICTURES) {
            throw new IllegalArgumentException("a shot has " + references
                    + " pictures of characters and things, at most " + Source.Reference.MAX_PICTURES + " are used");
        }
        checkAlone(clips, Source.Restyle.class, "restyles");
        checkContinuesNone(clips, Source.Control.class, "follows a control clip");
        checkContinuesNone(clips, Source.Inpainting.class, "makes parts of a clip anew");
    }

    private static void checkContinuesNone(Set<Object> places, Class<? extends Source> kind, String does) {
        if (places.contains(kind) && places.stream().anyMatch(Source.Continuation.Side.class::isInstance)) {
            throw new IllegalArgumentException("a shot that " + does + " continues no other clip");
        }
    }

    private static void checkAlone(Set<Object> places, Class<? extends Source> kind, String does) {
        if (places.contains(kind) && places.size() > 1) {
            throw new IllegalArgumentException("a shot that " + does
                    + " a clip has no other picture or clip, this one has " + (places.size() - 1));
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
