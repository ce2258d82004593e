package org.patchreel.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What to do in one case of a closed choice: folds such as {@link JobState.Ended#fold} take one for each case, so that a
 * case that is added later does not compile until every caller handles it.
 *
 * @param <T> the case
 * @param <R> what the fold returns
 * @param <X> what the branch throws; inferred as {@link RuntimeException} where it throws nothing that is checked
 */
@ConsumerType
@FunctionalInterface
public interface Branch<T, R, X extends Exception> {

    /**
     * Handles the case.
     *
     * @param value the case
     * @return what the fold returns
     * @throws X as the fold's caller declares
     */
    R apply(T value) throws X;
}
