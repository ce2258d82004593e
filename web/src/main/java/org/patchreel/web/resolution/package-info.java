/**
 * C2PA's Soft Binding Resolution API: leads from a watermark, or from a file, to the manifests of this installation's
 * clips. Off until it is configured.
 *
 * <p>{@link org.patchreel.web.resolution.ResolutionService} is the component with the configuration, {@code ResolutionApi} the
 * operations, on the exchange of {@link org.patchreel.web.http}. What is known of manifests comes from a {@link
 * org.patchreel.spi.SoftBindingResolver}.
 *
 * @see <a href="https://spec.c2pa.org/specifications/specifications/2.2/softbinding/Decoupled.html">C2PA 2.2, Soft Binding
 *     Resolution API</a>
 */
@NullMarked
package org.patchreel.web.resolution;

import org.jspecify.annotations.NullMarked;
