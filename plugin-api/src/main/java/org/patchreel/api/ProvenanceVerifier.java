package org.patchreel.api;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Says what a file is: by the manifest that it carries, by the watermark in its pictures, and by what this installation
 * remembers of the clips that it made. May be called from any thread; the file is only read.
 */
@ProviderType
public interface ProvenanceVerifier {

    /**
     * Examines a file. It may come from anywhere and may be damaged or hostile: what cannot be read is part of the report.
     *
     * @param file a local file
     * @return what is proved, and no more
     * @throws NullPointerException if the file is null; the message is the parameter's name
     * @throws IOException if the file itself cannot be read: it is missing, a folder, or not readable; or if what this
     *     installation remembers cannot be read, because then nothing can be said
     */
    ProvenanceReport verify(Path file) throws IOException;

    /**
     * Validates the C2PA manifests of a file and gives all that they hold, and what was found, as Content Credentials JSON. Neither
     * the pictures are looked at nor what this installation remembers.
     *
     * @param file a local file
     * @return the document; one without manifests, if the file carries none that can be read
     * @throws NullPointerException if the file is null; the message is the parameter's name
     * @throws IOException if the file itself cannot be read: it is missing, a folder, or not readable
     */
    ContentCredentials contentCredentials(Path file) throws IOException;
}
