/**
 * The main thread of the executable jar: runs one console command and ends the process with its status.
 *
 * <p>Only the executable jar contains this bundle; an asset manager has a main thread of its own.
 */
@NullMarked
package org.patchreel.launcher;

import org.jspecify.annotations.NullMarked;
