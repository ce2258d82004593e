/**
 * From request to asset: the job queue and the pipeline.
 *
 * <p>{@link org.patchreel.impl.generator.QueuedVideoGenerator} checks a request ({@code RequestResolver}), asks the
 * policies and queues a {@code Job}; one worker thread takes the jobs in turn and runs {@code GenerationPipeline}, the class to read first.
 */
@NullMarked
package org.patchreel.impl.generator;

import org.jspecify.annotations.NullMarked;
