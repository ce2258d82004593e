/**
 * For callers: hand over a prompt, watch the job, receive an asset; hand over a file, learn what it is.
 *
 * <p>Get {@link org.patchreel.api.VideoGenerator} from the service registry, submit a {@link
 * org.patchreel.api.GenerationRequest}, say by a {@link org.patchreel.api.Requester} who asks, and follow the {@link
 * org.patchreel.api.GenerationJob}. Every change of a job is also published by EventAdmin, see {@link
 * org.patchreel.api.GenerationEvents}. {@link org.patchreel.api.ProvenanceVerifier} examines files.
 * {@link org.patchreel.api.Reviews} takes what people decide who have looked at an asset.
 *
 * <p>Values are immutable. Null is nowhere accepted unless it says so. Sizes are in pixels, times in seconds or as {@link
 * java.time.Duration}, rates in frames per second.
 */
@NullMarked
@Export
@Version("2.0.0")
package org.patchreel.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
