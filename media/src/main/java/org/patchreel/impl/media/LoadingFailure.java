package org.patchreel.impl.media;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why native libraries cannot be loaded. JavaCPP says last where else it has looked, and a second attempt says no more than
 * that there was a first one.
 */
final class LoadingFailure {

    /** What the dynamic linker says of a library on a file system from which nothing can be executed. */
    private static final Pattern UNMAPPED =
            Pattern.compile("(/[^:]+): .*failed to map segment from shared object(?!.*Cannot allocate memory).*");

    private LoadingFailure() {}

    /** {@return the failure, or one that names the folder and its file system where that is the cause} */
    static UnsatisfiedLinkError explained(UnsatisfiedLinkError failure) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            Matcher unmapped = UNMAPPED.matcher(String.valueOf(each.getMessage()));
            if (unmapped.matches()) {
                UnsatisfiedLinkError explained = new UnsatisfiedLinkError(
                        Path.of(unmapped.group(1)).getParent()
                                + " is on a file system that is mounted noexec, from which native libraries cannot be loaded");
                explained.initCause(failure);
                return explained;
            }
        }
        return failure;
    }

    /** {@return why, also if it was an earlier attempt that failed} */
    static String reason(LinkageError failure) {
        @Nullable Throwable first = failure.getCause();
        return String.valueOf(
                failure instanceof NoClassDefFoundError && first != null ? first.getMessage() : failure.getMessage());
    }
}
