/**
 * What hosts and workers write to each other: {@link org.patchreel.broker.wire.WireMessage}s as JSON in text messages, and {@link
 * org.patchreel.broker.wire.FilePart}s in bytes messages. Whatever is read may be hostile: sizes and ranges are checked, and a
 * version that is not known is refused.
 */
@NullMarked
package org.patchreel.broker.wire;

import org.jspecify.annotations.NullMarked;
