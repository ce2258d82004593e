package org.patchreel.spi;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.Adapter;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

/**
 * A clip to make, with every default filled in.
 *
 * @param prompt checked text
 * @param negativePrompt checked text, may be empty
 * @param format what is generated: a size and a length on the model's {@link FrameGrid}, the rate that it was trained
 *     for
 * @param sampling seed, steps, guidance
 * @param known frames of the output that are given, at most one for each index; empty for a clip that is made of the prompt
 *     alone. Whether a model takes them, and needs the first, {@link ModelCapabilities#imageConditioning()} says
 * @param restyle what it starts from; empty for noise
 * @param loop whether the last frame shall be like the first, so that the first may follow the last but one
 * @param guides what it follows further
 * @param adapters LoRAs that change the model for this clip; of a task of several shots, the same for all
 */
public record ModelTask(
        String prompt,
        String negativePrompt,
        VideoFormat format,
        SamplingParameters sampling,
        List<KnownFrame> known,
        Optional<Restyle> restyle,
        boolean loop,
        Guides guides,
        List<Adapter> adapters) {

    /**
     * A task that starts from noise.
     *
     * @param prompt see above
     * @param negativePrompt see above
     * @param format see above
     * @param sampling see above
     * @param known see above
     */
    public ModelTask(
            String prompt,
            String negativePrompt,
            VideoFormat format,
            SamplingParameters sampling,
            List<KnownFrame> known) {
        this(prompt, negativePrompt, format, sampling, known, Optional.empty(), false, Guides.NONE);
    }

    /**
     * A task without adapters.
     *
     * @param prompt see above
     * @param negativePrompt see above
     * @param format see above
     * @param sampling see above
     * @param known see above
     * @param restyle see above
     * @param loop see above
     * @param guides see above
     */
    public ModelTask(
            String prompt,
            String negativePrompt,
            VideoFormat format,
            SamplingParameters sampling,
            List<KnownFrame> known,
            Optional<Restyle> restyle,
            boolean loop,
            Guides guides) {
        this(prompt, negativePrompt, format, sampling, known, restyle, loop, guides, List.of());
    }

    /**
     * Checks the known frames against the format.
     *
     * @throws IllegalArgumentException if one is behind the last frame or of another size, or two have one index; the message
     *     names the value
     * @throws NullPointerException if a value is null; the message is its name
     */
    public ModelTask {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(negativePrompt, "negativePrompt");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(restyle, "restyle");
        Objects.requireNonNull(guides, "guides");
        adapters = Adapter.checked(adapters);
        known = List.copyOf(Objects.requireNonNull(known, "known"));
        Set<Integer> indexes = new HashSet<>();
        for (KnownFrame each : known) {
            if (each.index() >= format.frameCount()) {
                throw new IllegalArgumentException(
                        "the known frame " + each.index() + " is behind the last of " + format.frameCount());
            }
            if (!indexes.add(each.index())) {
                throw new IllegalArgumentException("the known frame " + each.index() + " is given twice");
            }
            each.frame().checkSize(format.size());
            each.mask().ifPresent(mask -> mask.checkSize(format.size()));
        }
    }

    /**
     * This task for another prompt.
     *
     * @param text what the model reads
     * @return a task
     */
    public ModelTask withPrompt(String text) {
        return new ModelTask(text, negativePrompt, format, sampling, known, restyle, loop, guides, adapters);
    }

    /**
     * This task with LoRAs.
     *
     * @param chosen in the place of its own
     * @return a task
     * @throws IllegalArgumentException as {@link Adapter#checked} does
     */
    public ModelTask withAdapters(List<Adapter> chosen) {
        return new ModelTask(prompt, negativePrompt, format, sampling, known, restyle, loop, guides, chosen);
    }

    /**
     * This task with what its clip is made of.
     *
     * @param frames that are known
     * @param start what it starts from
     * @param followed what it follows further
     * @return a task
     * @throws IllegalArgumentException as the constructor does
     */
    public ModelTask with(List<KnownFrame> frames, Optional<Restyle> start, Guides followed) {
        return new ModelTask(prompt, negativePrompt, format, sampling, frames, start, loop, followed, adapters);
    }
}
