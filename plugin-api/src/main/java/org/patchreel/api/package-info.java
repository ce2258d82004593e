/**
 * For callers: hand over a prompt, watch the job, receive an asset; hand over a file, learn what it is.
 *
 * <p>Get {@link org.patchreel.api.VideoGenerator} from the service registry, submit a {@link
 * org.patchreel.api.GenerationRequest} and follow the {@link org.patchreel.api.GenerationJob}. Every change of a job is
 * also published by EventAdmin, see {@link org.patchreel.api.GenerationEvents}. {@link org.patchreel.api.ProvenanceVerifier} examines files.
 */
@NullMarked
@Export
@Version("1.0.0")
package org.patchreel.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
