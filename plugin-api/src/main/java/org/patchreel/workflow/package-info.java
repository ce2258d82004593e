/**
 * For hosts: the workflow step that makes a clip, in terms of no host. {@link
 * org.patchreel.workflow.GenerateClipStep} is the class to read first; a host's adapter hands it the step's arguments and
 * the {@link org.patchreel.workflow.StepPayload} and turns the {@link org.patchreel.workflow.StepState} that comes back
 * into the host's own.
 */
@NullMarked
@Export
@Version("2.0.0")
package org.patchreel.workflow;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
