/**
 * The register of jobs, which survives restarts, the order in which jobs are served, and what they may cost. Knows nothing of how
 * a clip is made.
 */
@NullMarked
package org.patchreel.impl.jobs;

import org.jspecify.annotations.NullMarked;
