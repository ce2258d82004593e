package org.patchreel.impl.media;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Makes two pictures of the frames that pass: the poster, which is one frame, and the contact sheet, up to {@value
 * ContactSheet#MAX_FRAMES} frames evenly spread from the first to the last. It keeps one frame and the sheet, whatever the
 * clip's length.
 *
 * <p>Both files are written when the sink is closed after the format's last frame; otherwise there are none.
 */
public final class PreviewImages extends ForwardingFrameSink {
    private final VideoFormat format;
    private final int posterFrame;
    private final Path posterFile;
    private final Path sheetFile;
    private final ContactSheet sheet;
    private @Nullable BufferedImage poster;
    private @Nullable CoverScaler thumbnails;
    private int frames;
    private boolean failed;
    private boolean closed;

    /**
     * Creates the sink, with the middle frame as poster.
     *
     * @param format of the frames that will come
     * @param poster where the poster goes, a JPEG file
     * @param contactSheet where the contact sheet goes, a JPEG file
     * @param next takes each frame first; closed with this sink
     */
    public PreviewImages(VideoFormat format, Path poster, Path contactSheet, FrameSink next) {
        this(format, format.frameCount() / 2, poster, contactSheet, next);
    }

    /**
     * Creates the sink.
     *
     * @param format of the frames that will come
     * @param posterFrame index of the frame that is the poster
     * @param poster where the poster goes, a JPEG file
     * @param contactSheet where the contact sheet goes, a JPEG file
     * @param next takes each frame first; closed with this sink
     */
    public PreviewImages(VideoFormat format, int posterFrame, Path poster, Path contactSheet, FrameSink next) {
        super(next);
        this.format = format;
        this.posterFrame = posterFrame;
        this.posterFile = poster;
        this.sheetFile = contactSheet;
        this.sheet = new ContactSheet(format);
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        failed = true; // until this frame is through
        next.accept(frame);
        if (frames == posterFrame) {
            poster = FrameImage.of(frame);
        }
        if (sheet.wants(frames)) {
            sheet.add(frames, FrameImage.of(thumbnail(frame)));
        }
        frames++;
        failed = false;
    }

    private VideoFrame thumbnail(VideoFrame frame) {
        if (thumbnails == null) {
            thumbnails = new CoverScaler(new FrameSize(frame.width(), frame.height()), sheet.thumbnailSize());
        }
        return thumbnails.scale(frame);
    }

    /**
     * Closes the next sink, then writes both files if every frame of the format has passed.
     *
     * @throws IOException if a file cannot be written; the message names it and the reason
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (thumbnails != null) {
            thumbnails.close();
        }
        next.close();
        if (poster != null && !failed && frames == format.frameCount()) {
            JpegFile.write(poster, posterFile);
            JpegFile.write(sheet.image(), sheetFile);
        }
    }
}
