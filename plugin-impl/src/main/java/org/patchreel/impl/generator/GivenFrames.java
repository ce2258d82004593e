package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.Media;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.generator.WorkSource.Guide.Role;
import org.patchreel.impl.media.KeptClip;
import org.patchreel.impl.media.MediaException;
import org.patchreel.impl.media.SourceReader;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.Guides;
import org.patchreel.spi.Inpainting;
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

    /**
     * How much of the frames between those of an interpolated clip, which begin as blends of them, the model makes anew. More was
     * farther from the truth (docs/decisions/0015).
     */
    private static final double STRENGTH = 0.15;

    /** A task with its frames; closing it ends what still reads. */
    record Task(ModelTask task) implements AutoCloseable {
        @Override
        public void close() throws GenerationException {
            List<FrameSource> sources = new ArrayList<>();
            task.restyle().ifPresent(restyle -> sources.add(restyle.frames()));
            task.guides().control().ifPresent(sources::add);
            task.guides().inpainting().ifPresent(clip -> {
                sources.add(clip.frames());
                sources.add(clip.mask());
            });
            try {
                closeAll(sources);
            } catch (IOException e) {
                throw new GenerationException(Reason.STORAGE, "a source cannot be closed: " + e.getMessage(), e);
            }
        }
    }

    private static void closeAll(List<FrameSource> sources) throws IOException {
        @Nullable IOException failure = null;
        for (FrameSource source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Completes the model's task for a shot.
     *
     * @param shot of the order
     * @param before the last frames of the shot before, which it continues; none if it does not
     * @return the task with its known frames, what it starts from and what it follows
     * @throws GenerationException if a source cannot be read any more
     */
    Task task(WorkShot shot, List<VideoFrame> before) throws GenerationException {
        List<KnownFrame> known = new ArrayList<>();
        before.forEach(frame -> known.add(new KnownFrame(known.size(), frame)));
        for (WorkSource source : shot.sources()) {
            known.addAll(source.<List<KnownFrame>, GenerationException>fold(
                    this::frames,
                    this::frames,
                    restyled -> List.of(),
                    clip -> clip.known()
                            ? frames(clip.file(), 0, new ClipFrames.Times(0, generatedRate(), 1))
                            : List.of(),
                    guide -> List.of()));
        }
        List<FrameSource> open = new ArrayList<>();
        try {
            Optional<Restyle> start = Optional.empty();
            if (shot.restyled().isPresent()) {
                WorkSource.Restyled from = shot.restyled().get();
                start = Optional.of(new Restyle(clip(from.file(), shot, open), from.strength()));
            } else if (shot.interpolated().isPresent()) {
                start = Optional.of(start(shot.interpolated().get(), shot.task().format(), open));
            }
            return new Task(shot.task().with(known, start, guides(shot, open)));
        } catch (GenerationException | RuntimeException | Error e) {
            try {
                closeAll(open);
            } catch (IOException unclosed) {
                e.addSuppressed(unclosed);
            }
            throw e;
        }
    }

    private Guides guides(WorkShot shot, List<FrameSource> open) throws GenerationException {
        List<VideoFrame> references = new ArrayList<>();
        for (WorkSource.Guide reference : shot.guides(Role.REFERENCE)) {
            references.add(reference(reference.file()));
        }
        Optional<FrameSource> control = Optional.empty();
        for (WorkSource.Guide clip : shot.guides(Role.CONTROL)) {
            control = Optional.of(clip(clip.file(), shot, open));
        }
        Optional<Inpainting> inpainting = Optional.empty();
        for (WorkSource.Guide clip : shot.guides(Role.INPAINTED)) {
            inpainting = Optional.of(new Inpainting(clip(clip.file(), shot, open), mask(clip.file(), shot, open)));
        }
        return new Guides(references, control, inpainting);
    }

    /** A picture in its own shape, made smaller if it is larger than the frame. */
    private VideoFrame reference(Media.Upload picture) throws GenerationException {
        FrameSize frame = order.generated().size();
        return read(picture, file -> {
            FrameSize own = SourceReader.probe(file).size();
            double scale =
                    Math.min(1, Math.min((double) frame.width() / own.width(), (double) frame.height() / own.height()));
            FrameSize size = new FrameSize(scaled(own.width(), scale), scaled(own.height(), scale));
            try (SourceReader reader = SourceReader.open(file, size, Fit.COVER)) {
                return copy(reader.next().orElseThrow(() -> new IOException("it has no picture")));
            }
        });
    }

    private static int scaled(int side, double scale) {
        return Math.max(1, (int) Math.round(side * scale));
    }

    private FrameSource mask(Media.Upload clip, WorkShot shot, List<FrameSource> open) throws GenerationException {
        VideoFormat format = shot.task().format();
        Optional<FrameSource> given = Optional.empty();
        for (WorkSource.Guide mask : shot.guides(Role.MASK)) {
            given = Optional.of(clip(mask.file(), shot, open));
        }
        return new MaskFrames(given, borders(clip), format.size(), format.frameCount());
    }

    /** What the model makes beside a picture or clip, if there is anything. */
    private Optional<Borders> borders(Media.Upload media) throws GenerationException {
        return order.output().outpaints()
                ? Optional.of(read(
                                media,
                                file -> new Borders(
                                        SourceReader.probe(file).size(),
                                        order.generated().size())))
                        .filter(Borders::any)
                : Optional.empty();
    }

    /** All frames of a clip. */
    private FrameSource clip(Media.Upload media, WorkShot shot, List<FrameSource> open) throws GenerationException {
        VideoFormat format = shot.task().format();
        ClipFrames.Times times = new ClipFrames.Times(0, generatedRate(), format.frameCount());
        FrameSource frames = read(
                media,
                file -> ClipFrames.open(file, format.size(), order.output().fit(), times));
        open.add(frames);
        return frames;
    }

    private List<KnownFrame> frames(WorkSource.Picture picture) throws GenerationException {
        List<KnownFrame> known = frames(picture.file(), picture.index(), new ClipFrames.Times(0, generatedRate(), 1));
        Optional<Borders> borders = borders(picture.file());
        if (borders.isEmpty()) {
            return known;
        }
        FrameSize size = order.generated().size();
        ByteBuffer mask = ByteBuffer.allocate(3 * size.width() * size.height());
        borders.get().whiten(mask);
        VideoFrame outside = new VideoFrame(size.width(), size.height(), mask);
        return known.stream()
                .map(frame -> new KnownFrame(frame.index(), frame.frame(), Optional.of(outside)))
                .toList();
    }

    private Restyle start(WorkSource.Interpolated clip, VideoFormat format, List<FrameSource> open)
            throws GenerationException {
        FrameSource frames = read(
                clip.file(),
                file -> new BlendedFrames(frames(clip, format.size()), clip.factor(), format.frameCount()));
        open.add(frames);
        return new Restyle(frames, STRENGTH);
    }

    /** All frames of a clip, in its own rate. */
    private ClipFrames frames(WorkSource.Interpolated clip, FrameSize size) throws IOException {
        FrameRate rate = order.format().frameRate();
        return ClipFrames.open(
                files.path(clip.file()),
                size,
                order.output().fit(),
                new ClipFrames.Times(
                        0, new FrameRate(rate.numerator() / clip.factor(), rate.denominator()), clip.length()));
    }

    private FrameRate generatedRate() {
        return order.generated().frameRate();
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
        FrameSize size = order.generated().size();
        return read(media, file -> {
            List<KnownFrame> known = new ArrayList<>();
            try (FrameSource frames = ClipFrames.open(file, size, order.output().fit(), times)) {
                for (Optional<VideoFrame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                    known.add(new KnownFrame(index + known.size(), copy(frame.get())));
                }
            }
            return known;
        });
    }

    private static VideoFrame copy(VideoFrame frame) {
        ByteBuffer copy = ByteBuffer.allocate(frame.rgb().remaining());
        copy.put(frame.rgb()).flip();
        return new VideoFrame(frame.width(), frame.height(), copy);
    }

    /** Reads a file. */
    private interface Reading<T> {
        T from(Path file) throws IOException;
    }

    private <T> T read(Media.Upload media, Reading<T> reading) throws GenerationException {
        try {
            return reading.from(files.path(media));
        } catch (MediaException e) {
            throw new GenerationException(Reason.STORAGE, media.name() + " cannot be read: " + e.reason(), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new GenerationException(Reason.STORAGE, media.name() + " cannot be read: " + Blame.inOneLine(e), e);
        }
    }

    /**
     * Gives the frames between those of a clip the detail of the clip.
     *
     * @param next takes the frames between; closed with the returned sink
     * @return takes all of the model's frames, in the size of the result
     */
    FrameSink detailed(FrameSink next) {
        return order.interpolated()
                .<FrameSink>map(clip -> new FramesBetween(
                        () -> frames(clip, order.format().size()),
                        clip,
                        (double) order.format().width() / order.generated().width(),
                        next))
                .orElse(next);
    }

    /**
     * Puts the frames of continued and interpolated clips beside those that are made.
     *
     * @param next takes all frames of the clip; closed with the returned sink
     * @param monitor says whether to stop
     * @return takes the made frames
     */
    FrameSink joined(FrameSink next, GenerationMonitor monitor) {
        if (order.interpolated().isPresent()) {
            WorkSource.Interpolated clip = order.interpolated().get();
            return new InterleavedFrames(() -> frames(clip, order.format().size()), clip, next);
        }
        return order.continued().stream().anyMatch(WorkSource.Continued::shown)
                ? new JoinedFrames(clip(Side.AFTER), clip(Side.BEFORE), order.made(), monitor::cancelled, next)
                : next;
    }

    /**
     * The continued clips of assets that the result shows, all of whose frames {@link #joined} adds. Coded frames from outside
     * stay outside: assets are decoded in the host's process, too. So do frames into which a label is drawn.
     *
     * @throws IOException if the source store cannot be read
     */
    List<KeptClip> kept() throws IOException {
        List<KeptClip> kept = new ArrayList<>();
        BitSet labelled = LabelledSpans.of(order);
        for (WorkSource.Continued clip : order.continued()) {
            int first = LabelledSpans.first(order, clip);
            if (clip.shown()
                    && clip.asset().isPresent()
                    && labelled.get(first, first + clip.length()).isEmpty()) {
                kept.add(new KeptClip(files.path(clip.file()), first, clip.length()));
            }
        }
        return kept;
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
