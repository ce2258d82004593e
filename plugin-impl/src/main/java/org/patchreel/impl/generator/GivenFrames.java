package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.Media;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.Restyle;
import org.patchreel.spi.VideoFrame;

/**
 * Reads the frames of an order's pictures and clips. They are decoded in the size in which they are used, and as late.
 *
 * @param order what is made
 * @param files finds the sources
 */
record GivenFrames(WorkOrder order, SourceFiles files) {

    /** A task with its frames; closing it ends what still reads. */
    record Task(ModelTask task) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (task.restyle().isPresent()) {
                task.restyle().get().frames().close();
            }
        }
    }

    /**
     * Completes the model's task.
     *
     * @return the task with its known frames and what it starts from
     * @throws GenerationException if a source cannot be read any more
     */
    Task task() throws GenerationException {
        List<KnownFrame> known = new ArrayList<>();
        for (WorkSource source : order.sources()) {
            known.addAll(source.<List<KnownFrame>, GenerationException>fold(
                    picture -> frames(picture.file(), picture.index(), new ClipFrames.Times(0, generatedRate(), 1)),
                    this::frames,
                    restyled -> List.of()));
        }
        Optional<WorkSource.Restyled> from = order.restyled();
        return new Task(order.task().with(known, from.isEmpty() ? Optional.empty() : Optional.of(start(from.get()))));
    }

    private Restyle start(WorkSource.Restyled clip) throws GenerationException {
        VideoFormat format = order.task().format();
        ClipFrames.Times times = new ClipFrames.Times(0, generatedRate(), format.frameCount());
        return read(
                clip.file(),
                file -> new Restyle(
                        ClipFrames.open(file, format.size(), order.output().fit(), times), clip.strength()));
    }

    private FrameRate generatedRate() {
        return order.task().format().frameRate();
    }

    private List<KnownFrame> frames(WorkSource.Continued clip) throws GenerationException {
        double first = clip.side() == Side.BEFORE
                ? 0
                : Math.max(
                        0,
                        order.format().frameRate().seconds(clip.length() - 1L)
                                - generatedRate().seconds(clip.known() - 1L));
        return frames(clip.file(), clip.index(), new ClipFrames.Times(first, generatedRate(), clip.known()));
    }

    private List<KnownFrame> frames(Media.Upload media, int index, ClipFrames.Times times) throws GenerationException {
        FrameSize size = order.task().format().size();
        return read(media, file -> {
            List<KnownFrame> known = new ArrayList<>();
            try (FrameSource frames = ClipFrames.open(file, size, order.output().fit(), times)) {
                for (Optional<VideoFrame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                    ByteBuffer copy = ByteBuffer.allocate(frame.get().rgb().remaining());
                    copy.put(frame.get().rgb()).flip();
                    known.add(new KnownFrame(index + known.size(), new VideoFrame(size.width(), size.height(), copy)));
                }
            }
            return known;
        });
    }

    /** Reads a file. */
    private interface Reading<T> {
        T from(Path file) throws IOException;
    }

    private <T> T read(Media.Upload media, Reading<T> reading) throws GenerationException {
        try {
            return reading.from(files.path(media));
        } catch (IOException | IllegalArgumentException e) {
            throw new GenerationException(Reason.STORAGE, media.name() + " cannot be read: " + Blame.inOneLine(e), e);
        }
    }

    /**
     * Puts the frames of continued clips beside those that are made.
     *
     * @param next takes all frames of the clip; closed with the returned sink
     * @param monitor says whether to stop
     * @return takes the made frames
     */
    FrameSink joined(FrameSink next, GenerationMonitor monitor) {
        return order.continued().stream().anyMatch(WorkSource.Continued::shown)
                ? new JoinedFrames(clip(Side.AFTER), clip(Side.BEFORE), order.made(), monitor::cancelled, next)
                : next;
    }

    private Optional<JoinedFrames.Clip> clip(Side side) {
        return order.continued().stream()
                .filter(clip -> clip.side() == side && clip.shown())
                .findFirst()
                .map(clip -> () -> ClipFrames.open(
                        files.path(clip.file()),
                        order.format().size(),
                        order.output().fit(),
                        new ClipFrames.Times(0, order.format().frameRate(), clip.length())));
    }
}
