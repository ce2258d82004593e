/**
 * For operators: the console's Gogo commands of the scope {@code patchreel}, a script at start, and health checks.
 *
 * <p>Results go to the standard output, for people or with {@code --json} as one JSON value; everything else goes to the
 * standard error. A command throws {@link java.lang.IllegalArgumentException} for a caller's mistake and any other
 * exception when it fails; a launcher makes exit statuses of them. One that has worked, but found what a script should know
 * of (a file that is not proved, a clip of a batch that could not be made), leaves the status in the session.
 */
@NullMarked
package org.patchreel.impl.admin;

import org.jspecify.annotations.NullMarked;
