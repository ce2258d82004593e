/**
 * C2PA's Soft Binding Resolution API: leads from a watermark, or from a file, to the manifests of this installation's
 * clips. Off until it is configured.
 *
 * <p>{@link org.patchreel.impl.resolution.ResolutionService} answers requests and knows nothing of servlets; the two
 * servlets beside it bring requests of the two generations of the servlet API to it, each where its whiteboard is there.
 *
 * @see <a href="https://spec.c2pa.org/specifications/specifications/2.2/softbinding/Decoupled.html">C2PA 2.2, Soft Binding
 *     Resolution API</a>
 */
@NullMarked
package org.patchreel.impl.resolution;

import org.jspecify.annotations.NullMarked;
