/**
 * Fingerprints of clips: what a clip looks like, kept in a few kilobytes, and found again in a file that was encoded anew,
 * scaled, cropped, mirrored, trimmed or put together with others. Second line of recovery beside the watermark, and the
 * guard against a mark that was carried over to other pictures.
 *
 * <p>The descriptor of a frame is the frame signature of MPEG-7's Video Signature, see {@link
 * org.patchreel.impl.fingerprint.FrameSignature}; begin with {@link org.patchreel.impl.fingerprint.Fingerprint}, then
 * {@link org.patchreel.impl.fingerprint.FingerprintMatcher}.
 */
@NullMarked
package org.patchreel.impl.fingerprint;

import org.jspecify.annotations.NullMarked;
