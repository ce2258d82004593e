package org.patchreel.spi;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Tells classes of pictures apart, by a network or otherwise. What follows from a score is the asker's to decide. May be called from
 * any thread.
 */
@ConsumerType
public interface PictureClassifier {

    /** {@return what classifies, with its version, for logs and reports} */
    String name();

    /** {@return the classes: words in lower case, always the same ones in the same order} */
    List<String> labels();

    /**
     * Classifies a picture. The first call may take seconds, because it loads what is needed.
     *
     * @param picture of any size
     * @return a score from 0 to 1 for each class; they add up to 1
     * @throws IOException if the classifier cannot be used on this machine; the message says why
     */
    Map<String, Double> scores(VideoFrame picture) throws IOException;
}
