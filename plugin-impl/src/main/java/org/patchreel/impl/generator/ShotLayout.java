package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.FrameRate;
import org.patchreel.api.Position;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;

/**
 * Where the frames of a shot stand: which of the model's frames are known, and how many the model has to make so that the clip
 * has those that were asked for. Frames of a continued clip that the model knows are at the ends of what it makes: {@link
 * #head} of them before the made ones, {@link #tail} after them. The clip shows what lies between, from the frame after the
 * last one of the head, and beside it the continued clips' own frames.
 */
final class ShotLayout {

    /**
     * Latent frames of a continued clip that the model knows, besides the first: it shows how things move, and more of them made
     * longer clips no better (docs/decisions/0012).
     */
    private static final int KNOWN_LATENT_FRAMES = 1;

    private final ShotSources sources;
    private final FrameTiming timing;
    private final FrameGrid grid;
    private final boolean everyTimestep;
    private final boolean loop;
    private final Optional<WorkSource.Interpolated> between;
    private final Lead lead;
    private final int head;
    private final int tail;

    /**
     * What a shot goes on from that continues the ones before it without a cut.
     *
     * @param delivered frames of the clip since the last cut; 0 if the shot continues no other one
     * @param generated frames of the model that the shot before has, up to the last one that is shown
     */
    record Lead(long delivered, long generated) {

        /** The shot begins anew. */
        static final Lead NONE = new Lead(0, 0);
    }

    /**
     * Lays out a shot.
     *
     * @param sources of the shot
     * @param lead the shots that it continues
     * @param loop whether the clip's end leads to its beginning
     * @param timing of the model's frames and those of the clip
     * @param model that makes it
     * @throws IllegalArgumentException if the sources do not go with a loop
     */
    ShotLayout(ShotSources sources, Lead lead, boolean loop, FrameTiming timing, ModelCapabilities model) {
        this.sources = sources;
        this.lead = lead;
        this.timing = timing;
        this.grid = model.grid();
        this.everyTimestep = model.imageConditioning() == ImageConditioning.OPTIONAL;
        this.loop = loop;
        if (loop && sources.after().isPresent()) {
            throw new IllegalArgumentException("a loop returns to its own beginning and leads to no other clip");
        }
        if (loop && pictureAt(Position.LAST)) {
            throw new IllegalArgumentException("a loop ends with its first frame and has no last picture of its own");
        }
        if (sources.before().isPresent() && pictureAt(Position.FIRST)) {
            throw new IllegalArgumentException(
                    "a shot that continues a clip begins with the clip's last frame and has no"
                            + " first picture of its own");
        }
        if (sources.after().isPresent() && pictureAt(Position.LAST)) {
            throw new IllegalArgumentException("a shot that leads to a clip ends with the clip's first frame and has no"
                    + " last picture of its own");
        }
        this.between = sources.interpolated().map(clip -> interpolated(clip, timing.delivered(), model));
        this.head = sources.before().map(this::known).orElse(lead.generated() > 0 ? known(lead.generated()) : 0);
        this.tail = end().map(this::known).orElse(0);
    }

    private static WorkSource.Interpolated interpolated(
            ShotSources.Interpolated clip, FrameRate rate, ModelCapabilities model) {
        SourceFile file = clip.file();
        long length = file.frameRate().frames(file.info().seconds());
        if (length < 2) {
            throw new IllegalArgumentException(file.name() + " has one frame: there is none to make a frame before");
        }
        if (length * clip.factor() > VideoFormat.MAX_FRAMES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s has %d frames: times %d they are %d, a clip has at most %d (%.3f seconds)",
                    file.name(),
                    length,
                    clip.factor(),
                    length * clip.factor(),
                    VideoFormat.MAX_FRAMES,
                    rate.seconds(VideoFormat.MAX_FRAMES)));
        }
        return new WorkSource.Interpolated(
                file.upload(),
                file.asset(),
                clip.factor(),
                Math.toIntExact(length),
                model.imageConditioning() != ImageConditioning.NONE);
    }

    /** {@return the number of frames of the clip, if the sources say so} */
    Optional<Long> frames() {
        return between.map(clip -> (long) clip.frames())
                .or(() -> sources.timed().map(clip -> (long) length(clip)));
    }

    private boolean pictureAt(Position position) {
        return sources.pictures().stream().anyMatch(picture -> picture.at().equals(position));
    }

    /** The clip whose first frames end the shot: the same as its beginning for a loop. */
    private Optional<SourceFile> end() {
        return loop ? sources.before() : sources.after();
    }

    /** Whether the model makes both ends alike by itself, or of one picture. */
    private boolean isClosed() {
        return loop && sources.before().isEmpty();
    }

    /** {@return whether the model has to make both ends alike} */
    boolean isTied() {
        return isClosed() && !pictureAt(Position.FIRST);
    }

    private int known(SourceFile clip) {
        return known(timing.generated().frames(timing.delivered().seconds(length(clip) - 1L)) + 1);
    }

    /** How many of a number of the model's frames, the last ones, it knows. */
    private int known(long frames) {
        if (!everyTimestep) {
            return 1;
        }
        long latent = Math.min(KNOWN_LATENT_FRAMES, (frames - 1) / grid.temporalStride());
        return grid.frames((int) latent + 1);
    }

    /** {@return the number of frames that a clip has in the rate of the result} */
    int length(SourceFile clip) {
        return Math.toIntExact(Math.max(1, timing.delivered().frames(clip.info().seconds())));
    }

    /** {@return the number of frames of all continued clips in the result} */
    int continued() {
        return sources.before().map(this::length).orElse(0)
                + sources.after().map(this::length).orElse(0);
    }

    /**
     * The number of frames that are made for the clip.
     *
     * @param asked 1 or more
     * @return the next number, not below it, with which both ends can be reached
     */
    long made(long asked) {
        if (tail > 0 || isClosed()) {
            return timing.deliveredFrames(steps(asked)) - (head > 0 ? 1 : 0);
        }
        if (!pictureAt(Position.LAST)) {
            return asked;
        }
        long made = asked;
        int generated = generated(asked);
        while (open(made + 1) <= generated) {
            made++;
        }
        return made;
    }

    /** The model's frames from the last one of the head, or the first one, to the one that ends the shot. */
    private long steps(long asked) {
        long wanted = asked + (head > 0 ? 1 : 0);
        long steps = grid.temporalStride();
        while (timing.deliveredFrames(steps) < wanted) {
            steps += grid.temporalStride();
        }
        return steps;
    }

    /**
     * The number of frames that the model makes, the known ones among them.
     *
     * @param asked as for {@link #made}
     * @return on the model's grid
     */
    int generated(long asked) {
        long frames;
        if (between.isPresent()) {
            frames = between.get().steps();
        } else if (tail > 0) {
            frames = Math.max(0, head - 1) + steps(asked) + tail;
        } else if (isClosed()) {
            frames = steps(asked) + 1;
        } else {
            frames = open(asked);
        }
        return grid.atLeast(Math.toIntExact(frames));
    }

    /** {@return how many of the model's frames it knows of the shot before} */
    int knownOfLead() {
        return lead.generated() > 0 ? head : 0;
    }

    /**
     * The number of the model's frames, after those that it knows of the shot before, that frames of the clip are made of.
     *
     * @param made frames of the clip
     */
    int used(long made) {
        long before = lead.delivered() > 0 ? timing.generatedFrames(lead.delivered()) : 0;
        return Math.toIntExact(timing.generatedFrames(lead.delivered() + made) - before);
    }

    /** The model's frames without anything at the end. */
    private long open(long made) {
        if (lead.generated() > 0) {
            return (long) head + used(made);
        }
        return head > 0 ? head - 1 + timing.generatedFrames(made + 1) : timing.generatedFrames(made);
    }

    /**
     * Places the sources.
     *
     * @param asked as for {@link #made}
     * @return in their order in the clip
     * @throws IllegalArgumentException if a picture stands beyond the end, or where the model does not know it
     */
    List<WorkSource> place(long asked) {
        int generated = generated(asked);
        List<WorkSource> placed = new ArrayList<>();
        sources.before().ifPresent(clip -> placed.add(continued(clip, Side.AFTER, 0, head, true)));
        Set<Integer> taken = new HashSet<>();
        for (ShotSources.Placed picture : sources.pictures()) {
            int index = index(picture, asked, generated);
            if (!taken.add(index)) {
                throw new IllegalArgumentException(picture.file().name() + " at " + picture.at()
                        + " is too near to another picture: the model knows " + grain());
            }
            placed.add(new WorkSource.Picture(
                    picture.file().upload(), picture.file().asset(), index));
            if (isClosed() && picture.at().equals(Position.FIRST)) {
                placed.add(new WorkSource.Picture(
                        picture.file().upload(), picture.file().asset(), generated - 1));
            }
        }
        end().ifPresent(clip -> placed.add(continued(clip, Side.BEFORE, generated - tail, tail, !loop)));
        sources.restyled()
                .ifPresent(restyled -> placed.add(new WorkSource.Restyled(
                        restyled.file().upload(), restyled.file().asset(), restyled.strength())));
        between.ifPresent(placed::add);
        for (ShotSources.Guide guide : sources.guides()) {
            placed.add(new WorkSource.Guide(guide.file().upload(), guide.file().asset(), guide.role(), guide.name()));
        }
        return List.copyOf(placed);
    }

    private WorkSource continued(SourceFile clip, Side side, int index, int known, boolean shown) {
        return new WorkSource.Continued(clip.upload(), clip.asset(), side, index, known, length(clip), shown);
    }

    private int index(ShotSources.Placed picture, long asked, int generated) {
        if (picture.at().seconds().isEmpty()) {
            return generated - 1;
        }
        double seconds = picture.at().seconds().getAsDouble();
        double end = timing.delivered().seconds(made(asked));
        if (seconds > end) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s at %s is beyond the end of what is made, %.3f s",
                    picture.file().name(),
                    picture.at(),
                    end));
        }
        FrameRate rate = timing.generated();
        int grain = everyTimestep ? grid.temporalStride() : 1;
        int first = Math.max(0, head - 1);
        int last = generated - Math.max(1, tail);
        int index = first + grain * (int) Math.round(rate.frames(seconds) / (double) grain);
        index = Math.min(index, last);
        boolean besideAClip = (index == first && head > 0) || (index == last && tail > 0);
        if (besideAClip || (isClosed() && index == last)) {
            throw new IllegalArgumentException(picture.file().name() + " at " + picture.at()
                    + " is too near to the shot's end: the model knows " + grain());
        }
        return index;
    }

    private String grain() {
        return everyTimestep
                ? String.format(
                        Locale.ROOT,
                        "every %dth frame, one in %.3f s",
                        grid.temporalStride(),
                        timing.generated().seconds(grid.temporalStride()))
                : "one picture a frame";
    }
}
