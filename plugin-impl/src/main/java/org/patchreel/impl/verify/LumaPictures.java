package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.media.Bars;
import org.patchreel.impl.media.LumaReader;
import org.patchreel.impl.media.PictureArea;

/** Pictures as FFmpeg decodes them. A file with bars around its pictures is decoded a second time, without them. */
public final class LumaPictures implements PictureReader {

    /** Twice the side of the grids that fingerprints are made of. */
    private static final int SHORT_SIDE = 128;

    private static final int LONG_SIDE = 512;

    /** Creates a reader. */
    public LumaPictures() {}

    @Override
    public List<FilePictures> read(Path file) throws IOException {
        FilePictures whole = new FilePictures();
        PictureArea area = PictureArea.WHOLE;
        try (LumaReader reader = LumaReader.open(file, SHORT_SIDE, LONG_SIDE)) {
            FrameSize size = reader.size();
            float[] mean = new float[size.width() * size.height()];
            int kept = 0;
            while (reader.advance()) {
                if (whole.offer(seconds(reader))) {
                    byte[] luma = reader.luma();
                    whole.keep(luma, size.width(), size.height());
                    kept++;
                    for (int i = 0; i < mean.length; i++) {
                        mean[i] += ((luma[i] & 0xff) - mean[i]) / kept;
                    }
                }
            }
            if (kept > 0) {
                area = Bars.within(mean, size.width(), size.height());
            }
        }
        if (whole.isEmpty()) {
            throw new IOException(file + ": no picture can be decoded");
        }
        return area.equals(PictureArea.WHOLE) ? List.of(whole) : List.of(whole, within(file, area));
    }

    private static FilePictures within(Path file, PictureArea area) throws IOException {
        FilePictures pictures = new FilePictures();
        double share = Math.min(area.right() - area.left(), area.bottom() - area.top());
        try (LumaReader reader =
                LumaReader.open(file, (int) Math.ceil(SHORT_SIDE / share), (int) Math.ceil(LONG_SIDE / share))) {
            FrameSize size = reader.size();
            int left = (int) Math.round(area.left() * size.width());
            int top = (int) Math.round(area.top() * size.height());
            int width = Math.max(1, (int) Math.round(area.right() * size.width()) - left);
            int height = Math.max(1, (int) Math.round(area.bottom() * size.height()) - top);
            byte[] part = new byte[width * height];
            while (reader.advance()) {
                if (pictures.offer(seconds(reader))) {
                    byte[] luma = reader.luma();
                    for (int y = 0; y < height; y++) {
                        System.arraycopy(luma, (top + y) * size.width() + left, part, y * width, width);
                    }
                    pictures.keep(part, width, height);
                }
            }
        }
        return pictures;
    }

    private static double seconds(LumaReader reader) {
        return reader.time().toNanos() / 1e9;
    }
}
