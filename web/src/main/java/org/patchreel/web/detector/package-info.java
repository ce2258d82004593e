/**
 * The public detector at {@code /patchreel/detector/}: a page and an address that say whether a file is from this installation, to
 * everybody, without an account. {@link org.patchreel.web.detector.Detector} is the configured service.
 */
@NullMarked
package org.patchreel.web.detector;

import org.jspecify.annotations.NullMarked;
