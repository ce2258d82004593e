/**
 * From frames to files and back: scaling, encoding to MP4, poster and contact sheet, reading clips and pictures. FFmpeg
 * stays within this package.
 *
 * <p>The classes are {@link org.patchreel.spi.FrameSink}s that are put together to a chain, the encoder last. One rule
 * holds for all of them: <em>closing a sink closes the sink after it</em>, so that the head of the chain goes into one
 * try-with-resources. A frame that a sink hands on is valid during that call.
 *
 * <p>Native objects are freed by the object that allocated them, in {@code close()} or before an exception leaves a
 * constructor; none waits for the garbage collector.
 */
@NullMarked
package org.patchreel.impl.media;

import org.jspecify.annotations.NullMarked;
