/**
 * How models come into an installation: unpacked from bundles, or configured by directory. Each becomes a {@link
 * org.patchreel.spi.VideoModel} service.
 */
@NullMarked
package org.patchreel.runtime.model;

import org.jspecify.annotations.NullMarked;
