package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.patchreel.impl.store.Tree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders in which models keep what they have sampled, one for each job: a job whose process was killed goes on
 * from there. They are no part of the clip; what fails with them is logged.
 *
 * @param parent of the folders
 */
record WorkFolders(Path parent) {

    private static final Logger log = LoggerFactory.getLogger(WorkFolders.class);

    /** A job that failed and that nobody asks for again for so long is given up. */
    private static final Duration KEPT = Duration.ofDays(7);

    /** {@return the folder of a job; it need not exist} */
    Path of(String id) {
        return parent.resolve(id);
    }

    /** Deletes the folder of a job that has ended. */
    void delete(String id) {
        try {
            Tree.delete(of(id));
        } catch (IOException e) {
            log.warn("{} cannot be deleted", of(id), e);
        }
    }

    /**
     * Deletes what killed processes have left, a week after they last wrote there.
     *
     * @param clock says when that is
     * @param unfinished IDs of jobs that go on
     */
    void deleteAbandoned(InstantSource clock, Set<String> unfinished) {
        Instant latest = clock.instant().minus(KEPT);
        deleteUnless(folder -> unfinished.contains(folder.getFileName().toString())
                || !Files.getLastModifiedTime(folder).toInstant().isBefore(latest));
    }

    /** Deletes the folders of all jobs but one: whoever makes one at a time and begins it does not go on with another one. */
    void deleteOthers(String id) {
        deleteUnless(of(id)::equals);
    }

    private interface Keeping {
        boolean keeps(Path folder) throws IOException;
    }

    private void deleteUnless(Keeping keeping) {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent)) {
            for (Path folder : folders) {
                if (!keeping.keeps(folder)) {
                    delete(folder.getFileName().toString());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.warn("{} cannot be read", parent, e);
        }
    }
}
