package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.media.Bars;
import org.patchreel.impl.media.LumaFrame;
import org.patchreel.impl.media.LumaListener;
import org.patchreel.impl.media.LumaReader;
import org.patchreel.impl.media.LumaSize;
import org.patchreel.impl.media.MediaException;
import org.patchreel.impl.media.PictureArea;

/** Pictures as FFmpeg decodes them. A file with bars around its pictures is decoded a second time, without them. */
public final class LumaPictures implements PictureReader {

    /** Twice the side of the grids that fingerprints are made of. */
    private static final int SHORT_SIDE = 128;

    private static final int LONG_SIDE = 512;

    /** Creates a reader. */
    public LumaPictures() {}

    @Override
    public List<FilePictures> read(Path file, List<? extends LumaListener> others) throws IOException {
        WholePictures whole = new WholePictures();
        List<LumaListener> listeners = new ArrayList<>(List.of(whole));
        listeners.addAll(others);
        LumaReader.read(file, listeners);
        if (whole.pictures.isEmpty()) {
            throw new MediaException(file, "no picture can be decoded");
        }
        PictureArea area = whole.area();
        if (area.equals(PictureArea.WHOLE)) {
            return List.of(whole.pictures);
        }
        PicturesWithin within = new PicturesWithin(area);
        LumaReader.read(file, List.of(within));
        return List.of(whole.pictures, within.pictures);
    }

    private static double seconds(LumaFrame frame) {
        return frame.time().toNanos() / 1e9;
    }

    /** Whole pictures, and where there are bars around them. */
    private static final class WholePictures implements LumaListener {
        final FilePictures pictures = new FilePictures();
        private FrameSize size = new FrameSize(1, 1);
        private float[] mean = new float[0];
        private int kept;

        @Override
        public LumaSize wanted() {
            return new LumaSize(SHORT_SIDE, LONG_SIDE);
        }

        @Override
        public void begin(FrameSize nativeSize, FrameSize given) {
            size = given;
            mean = new float[given.width() * given.height()];
        }

        @Override
        public void accept(LumaFrame frame) throws IOException {
            if (pictures.offer(seconds(frame))) {
                byte[] luma = frame.luma();
                pictures.keep(luma, size.width(), size.height());
                kept++;
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += ((luma[i] & 0xff) - mean[i]) / kept;
                }
            }
        }

        PictureArea area() {
            return kept > 0 ? Bars.within(mean, size.width(), size.height()) : PictureArea.WHOLE;
        }
    }

    /** What bars leave of the pictures. */
    private static final class PicturesWithin implements LumaListener {
        final FilePictures pictures = new FilePictures();
        private final PictureArea area;
        private FrameSize size = new FrameSize(1, 1);
        private int left;
        private int top;
        private int width;
        private int height;
        private byte[] part = new byte[0];

        PicturesWithin(PictureArea area) {
            this.area = area;
        }

        @Override
        public LumaSize wanted() {
            double share = Math.min(area.right() - area.left(), area.bottom() - area.top());
            return new LumaSize((int) Math.ceil(SHORT_SIDE / share), (int) Math.ceil(LONG_SIDE / share));
        }

        @Override
        public void begin(FrameSize nativeSize, FrameSize given) {
            size = given;
            left = (int) Math.round(area.left() * size.width());
            top = (int) Math.round(area.top() * size.height());
            width = Math.max(1, (int) Math.round(area.right() * size.width()) - left);
            height = Math.max(1, (int) Math.round(area.bottom() * size.height()) - top);
            part = new byte[width * height];
        }

        @Override
        public void accept(LumaFrame frame) throws IOException {
            if (pictures.offer(seconds(frame))) {
                byte[] luma = frame.luma();
                for (int y = 0; y < height; y++) {
                    System.arraycopy(luma, (top + y) * size.width() + left, part, y * width, width);
                }
                pictures.keep(part, width, height);
            }
        }
    }
}
