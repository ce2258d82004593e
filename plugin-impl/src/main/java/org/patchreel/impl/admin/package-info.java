/**
 * The console: Gogo commands of the scope {@code patchreel}.
 *
 * <p>Results go to the standard output, for people or with {@code --json} as one JSON value; everything else goes to the
 * standard error. A command throws {@link java.lang.IllegalArgumentException} for a caller's mistake and any other
 * exception when it fails; a launcher makes exit statuses of them.
 */
@NullMarked
package org.patchreel.impl.admin;

import org.jspecify.annotations.NullMarked;
