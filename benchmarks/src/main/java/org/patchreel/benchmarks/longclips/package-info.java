/** How clips that are made in windows hold together: at the joints of the windows, and from their first second to their last. */
package org.patchreel.benchmarks.longclips;
