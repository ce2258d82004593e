package org.patchreel.runtime.wan;

import java.util.Optional;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelDescriptor.ImageConditioning;

/** The description of a model of which nothing is known; its health says why. */
public final class UnreadableModel {
    private UnreadableModel() {}

    /**
     * Describes it.
     *
     * @param name by which requests choose it
     * @param source where it comes from, for people
     * @param device that is configured
     * @param precision that is configured
     */
    public static ModelDescriptor describe(String name, String source, String device, String precision) {
        return new ModelDescriptor(
                name,
                ModelDescriptor.UNKNOWN_FAMILY,
                source,
                device,
                precision,
                0,
                Optional.empty(),
                16,
                1,
                VideoFormat.MAX_FRAMES,
                new VideoFormat(16, 16, 1, 1),
                new FrameSize(16, 16),
                1,
                1,
                "",
                ImageConditioning.NONE);
    }
}
