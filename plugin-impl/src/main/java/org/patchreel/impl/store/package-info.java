/**
 * Assets as folders of a local directory: {@code assets/<id>/} with the clip, its poster, its contact sheet and {@code
 * metadata.json}. Several processes may share one directory.
 *
 * <p>An asset is made in {@code .draft-<id>/} and renamed when it is whole, so that a reader sees all of it or nothing.
 */
@NullMarked
package org.patchreel.impl.store;

import org.jspecify.annotations.NullMarked;
