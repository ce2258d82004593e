/**
 * From request to asset.
 *
 * <p>{@link org.patchreel.impl.generator.QueuedVideoGenerator} makes a {@code WorkOrder} of a request ({@code
 * RequestResolver}), asks the policies and queues a {@code Job}; one worker thread takes the jobs in turn. {@code Production}
 * makes the files of a clip, {@code Publication} signs and stores them: the classes to read first.
 */
@NullMarked
package org.patchreel.impl.generator;

import org.jspecify.annotations.NullMarked;
