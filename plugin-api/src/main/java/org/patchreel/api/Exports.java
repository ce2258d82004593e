package org.patchreel.api;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Hands stored clips over to editors: their media and a timeline on which they follow each other. One service; may be called from
 * any thread. An argument that is null is refused with a {@link NullPointerException} whose message is the parameter's name.
 */
@ProviderType
public interface Exports {

    /**
     * Makes a folder with copies of the clips, in {@code media}, and what is asked for beside them. It appears whole or not at all.
     * Interrupting the thread ends the work.
     *
     * @param ids of the assets, in the order of the timeline; one may occur more than once
     * @param formats {@code otio}, {@code edl}, {@code mlt}, {@code xmp}, and {@code fcp7}, whose file names the folder
     * @param folder that is made; its name is the timeline's
     * @throws IllegalArgumentException if an asset or a format is not known, there are none, or the folder cannot be made; the
     *     message names it
     * @throws IOException if a clip cannot be read or is not as it was signed, or a file cannot be written
     * @throws InterruptedException if the thread was interrupted
     */
    void write(List<String> ids, Set<String> formats, Path folder) throws IOException, InterruptedException;

    /**
     * As {@link #write(List, Set, Path)}, and it is recorded who wanted that.
     *
     * @param ids as there
     * @param formats as there
     * @param folder as there
     * @param by who wants it
     * @throws IllegalArgumentException as there
     * @throws IOException as there, or if it cannot be recorded
     * @throws InterruptedException as there
     */
    default void write(List<String> ids, Set<String> formats, Path folder, Requester by)
            throws IOException, InterruptedException {
        write(ids, formats, folder);
    }

    /**
     * Hands out the clip without its visible label, if one was kept. It is recorded first who gets it.
     *
     * @param id of the asset
     * @param by who wants it
     * @return the file's bytes, read-only; the caller closes it
     * @throws IllegalArgumentException if the asset was rejected, or is not approved where only what is approved is handed over; the
     *     message names it
     * @throws java.nio.file.NoSuchFileException if there is no such asset, or no such file of it
     * @throws IOException if it cannot be recorded or read
     * @throws UnsupportedOperationException if nobody hands it out here, as unless an implementation overrides this
     */
    default SeekableByteChannel master(String id, Requester by) throws IOException {
        throw new UnsupportedOperationException("clips without their label are not handed out here");
    }
}
