package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.impl.fingerprint.FilePictures;

/** Decodes a file to small grey pictures. */
interface PictureReader {

    /**
     * Decodes a file.
     *
     * @throws IOException if it is no video or picture that can be decoded
     */
    FilePictures read(Path file) throws IOException;
}
