package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.media.LumaListener;

/** Decodes a file to small grey pictures. */
public interface PictureReader {

    /**
     * Decodes a file.
     *
     * @param file to decode
     * @param others read it, too
     * @return the whole pictures, then, if there are bars around them, what the bars leave
     * @throws IOException if it is not a video or picture that can be decoded
     */
    List<FilePictures> read(Path file, List<? extends LumaListener> others) throws IOException;
}
