package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.media.LumaReader;

/** Pictures as FFmpeg decodes them. */
final class LumaPictures implements PictureReader {

    /** Twice the side of the grids that fingerprints are made of. */
    private static final int SHORT_SIDE = 128;

    private static final int LONG_SIDE = 512;

    /** Four hours of 60 frames a second; what comes after is not looked at. */
    private static final int MOST_FRAMES = 864_000;

    @Override
    public FilePictures read(Path file) throws IOException {
        FilePictures pictures = new FilePictures();
        try (LumaReader reader = LumaReader.open(file, SHORT_SIDE, LONG_SIDE)) {
            for (int i = 0; i < MOST_FRAMES && reader.advance(); i++) {
                pictures.add(
                        reader.luma(),
                        reader.size().width(),
                        reader.size().height(),
                        reader.time().toNanos() / 1e9);
            }
        }
        if (pictures.isEmpty()) {
            throw new IOException(file + ": no picture can be decoded");
        }
        return pictures;
    }
}
