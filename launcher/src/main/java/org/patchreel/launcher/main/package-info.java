/**
 * The program in the executable jar: unpacks the app, starts the framework and ends the process. It runs outside the
 * framework, on the class path, and sees nothing of the bundles but Java's own types.
 */
@NullMarked
package org.patchreel.launcher.main;

import org.jspecify.annotations.NullMarked;
