/**
 * Adobe Experience Manager: workflow steps that make clips and put them into the DAM. {@link
 * org.patchreel.aem.GenerateClipExternalProcess} polls, {@link org.patchreel.aem.GenerateClipProcess} blocks; both are
 * thin, and {@link org.patchreel.aem.StepExecution} is the class to read first. The bundle needs nothing but Patchreel's
 * API: the generator may be in the same framework or on another machine.
 */
@NullMarked
package org.patchreel.aem;

import org.jspecify.annotations.NullMarked;
