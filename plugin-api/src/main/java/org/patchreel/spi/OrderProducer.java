package org.patchreel.spi;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.patchreel.api.GenerationException;
import org.patchreel.api.Media;

/**
 * Makes the files of clips that another machine has ordered, with the models of this one: marked and encoded, neither signed
 * nor stored. See {@link RemoteModel}. A service; its methods may be called from any thread.
 */
@ProviderType
public interface OrderProducer {

    /**
     * Finds out whether clips could be made: whether there is what marks and encodes them.
     *
     * @throws GenerationException if they could not; the message says what is missing
     */
    void check() throws GenerationException;

    /**
     * The pictures and clips that an order is made of.
     *
     * @param order as written by the machine that orders
     * @return each once; they have to be in the {@link org.patchreel.api.SourceStore} when the clip is made
     * @throws IllegalArgumentException if it is no order, or one of a newer version; the message says so
     */
    List<Media.Upload> sources(String order);

    /**
     * Makes the files of one clip. Blocks until they are complete; what is there on failure and on cancellation is the
     * caller's to delete.
     *
     * @param order as written by the machine that orders
     * @param directory exists, and takes the files, named as in {@link org.patchreel.api.AssetFile}
     * @param monitor receives progress, and says whether to cancel
     * @return what is known of the clip, one line of JSON
     * @throws IllegalArgumentException if it is no order, or one of a newer version; the message says so
     * @throws GenerationException if the clip cannot be made
     * @throws GenerationCancelledException soon after the monitor said so
     */
    String produce(String order, Path directory, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException;
}
