package org.patchreel.impl.generator;

import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.spi.ModelTask;

/**
 * A clip to make, with every choice made. It consists of values alone and can be carried to another process or machine:
 * see {@link WorkOrderJson}.
 *
 * @param id of the job and its asset
 * @param model name of the model that shall make the frames
 * @param task for the model, in the size, length and rate in which it makes the frames
 * @param output how the frames become the clip
 * @param destination where the clip goes
 * @param sourceType what the pictures will come from, as it follows from what was asked for
 */
record WorkOrder(
        String id, String model, ModelTask task, Output output, Destination destination, DigitalSourceType sourceType) {

    /**
     * How the model's frames become the clip.
     *
     * @param format of the clip
     * @param interpolation what stands between the model's frames if the rates differ
     */
    record Output(VideoFormat format, FrameInterpolation interpolation) {}

    /** {@return the clip's format} */
    VideoFormat format() {
        return output.format();
    }

    /** {@return how the frames come from the model's rate to the clip's} */
    FrameTiming timing() {
        return new FrameTiming(task.format().frameRate(), format().frameRate(), output.interpolation());
    }
}
