package org.patchreel.impl.admin;

import org.jspecify.annotations.Nullable;

/**
 * Ends a console command that did not succeed, with one line for its user. It has no stack trace: where a caller's mistake
 * was noticed helps nobody.
 *
 * <p>Karaf's shell knows exceptions by this name: it prints their message and logs them at DEBUG, where it logs all others
 * at ERROR with their stack traces.
 *
 * @see <a href="https://github.com/apache/karaf/blob/karaf-4.4.10/shell/core/src/main/java/org/apache/karaf/shell/support/ShellUtil.java">ShellUtil.logException</a>
 */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CommandException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
