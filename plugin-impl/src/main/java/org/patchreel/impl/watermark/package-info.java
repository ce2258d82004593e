/**
 * The invisible watermark: a 64-bit ID in the luma of every frame, found again without the original.
 *
 * <p>{@link org.patchreel.impl.watermark.WatermarkService} is what the rest of Patchreel uses. Read {@link
 * org.patchreel.impl.watermark.WatermarkEmbedder} for what is added to a frame and {@link
 * org.patchreel.impl.watermark.WatermarkDetector} for how it is read.
 */
@NullMarked
package org.patchreel.impl.watermark;

import org.jspecify.annotations.NullMarked;
