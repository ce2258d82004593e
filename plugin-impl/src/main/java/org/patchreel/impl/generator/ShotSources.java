package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.impl.generator.WorkSource.Guide.Role;

/**
 * The pictures and clips of a shot, found and looked at.
 *
 * @param pictures that the shot shows
 * @param before the clip that the made frames come after
 * @param after the clip that the made frames come before
 * @param restyled the clip, or for a still the picture, that is restyled
 * @param interpolated the clip that gets more frames a second
 * @param guides what the model follows, in their order
 */
record ShotSources(
        List<Placed> pictures,
        Optional<SourceFile> before,
        Optional<SourceFile> after,
        Optional<Restyled> restyled,
        Optional<Interpolated> interpolated,
        List<Guide> guides) {

    /** Smallest side of a picture in pixels: less shows nothing. */
    private static final int MIN_SIDE = 16;

    /** Pictures that are longer are cut: no model was trained with longer ones. */
    private static final double MAX_ASPECT = 3;

    /** A picture and where it stands. */
    record Placed(SourceFile file, Position at) {}

    /** A picture or clip and what it says to the model. */
    record Guide(SourceFile file, WorkSource.Guide.Role role, Optional<String> name) {

        Guide(SourceFile file, WorkSource.Guide.Role role) {
            this(file, role, Optional.empty());
        }
    }

    /** A clip or picture and how far it is left. */
    record Restyled(SourceFile file, double strength) {}

    /** A clip and how many frames it gets for each of its own. */
    record Interpolated(SourceFile file, int factor) {

        FrameRate frameRate() {
            FrameRate rate = file.frameRate();
            if ((long) rate.numerator() * factor > (long) FrameRate.MAX * rate.denominator()) {
                throw new IllegalArgumentException(file.name() + " has " + rate + " frames per second: times " + factor
                        + " they are more than " + FrameRate.MAX);
            }
            return rate.times(factor);
        }
    }

    /**
     * Finds the sources of a shot.
     *
     * @param kind what is made of them
     * @throws IllegalArgumentException if one is not there or is not of the kind that is needed; the message names it
     * @throws GenerationException if a store cannot be read
     */
    static ShotSources find(Shot shot, OutputKind kind, SourceFiles files) throws GenerationException {
        Builder found = new Builder();
        for (Source source : shot.sources()) {
            SourceFile file = files.find(source.media());
            checkSize(file);
            source.fold(
                    keyframe -> found.pictures.add(new Placed(picture(file), keyframe.at())),
                    continuation -> found.continued.put(continuation.side(), clip(file)),
                    restyle -> found.restyled = new Restyled(moving(file, kind), restyle.strength()),
                    interpolation -> found.interpolated = new Interpolated(clip(file), interpolation.factor()),
                    reference ->
                            found.guides.add(new Guide(picture(file), Role.REFERENCE, Optional.of(reference.name()))),
                    control -> found.guides.add(new Guide(moving(file, kind), Role.CONTROL)),
                    inpainting -> found.inpainted(moving(file, kind), inpainting.mask(), files));
        }
        return found.build();
    }

    /** Collects the sources. */
    private static final class Builder {
        private final List<Placed> pictures = new ArrayList<>();
        private final Map<Side, SourceFile> continued = new EnumMap<>(Side.class);
        private @Nullable Restyled restyled;
        private @Nullable Interpolated interpolated;
        private final List<Guide> guides = new ArrayList<>();

        private boolean inpainted(SourceFile clip, Optional<Media> mask, SourceFiles files) throws GenerationException {
            guides.add(new Guide(clip, Role.INPAINTED));
            if (mask.isPresent()) {
                SourceFile found = files.find(mask.get());
                checkMask(found, clip);
                guides.add(new Guide(found, Role.MASK));
            }
            return true;
        }

        ShotSources build() {
            return new ShotSources(
                    List.copyOf(pictures),
                    Optional.ofNullable(continued.get(Side.AFTER)),
                    Optional.ofNullable(continued.get(Side.BEFORE)),
                    Optional.ofNullable(restyled),
                    Optional.ofNullable(interpolated),
                    List.copyOf(guides));
        }
    }

    private static void checkSize(SourceFile file) {
        FrameSize size = file.info().size();
        if (Math.min(size.width(), size.height()) < MIN_SIDE) {
            throw new IllegalArgumentException(
                    file.name() + " has " + size + " pixels, at least " + MIN_SIDE + " a side are needed");
        }
    }

    /** A mask has the shape of its clip, in any size, and if it is a clip, the length. */
    private static void checkMask(SourceFile mask, SourceFile clip) {
        FrameSize size = mask.info().size();
        FrameSize shape = clip.info().size();
        // to a pixel, as sides of a smaller mask were rounded
        double width = (double) shape.width() * size.height() / shape.height();
        double height = (double) shape.height() * size.width() / shape.width();
        if (Math.abs(width - size.width()) > 1 && Math.abs(height - size.height()) > 1) {
            throw new IllegalArgumentException("the mask " + mask.name() + " has " + size + " pixels, " + clip.name()
                    + " has " + shape + ": a mask has the shape of its clip, in any size");
        }
        double apart = Math.abs(mask.info().seconds() - clip.info().seconds());
        if (!mask.info().picture()
                && (clip.info().picture() || apart > 1 / clip.info().frameRate())) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the mask %s has %d frames in %.3f s, %s has %d in %.3f s: a mask is a picture, or as long as its clip",
                    mask.name(),
                    mask.info().frames(),
                    mask.info().seconds(),
                    clip.name(),
                    clip.info().frames(),
                    clip.info().seconds()));
        }
    }

    /** A clip; a picture for a still. */
    private static SourceFile moving(SourceFile file, OutputKind kind) {
        return kind == OutputKind.STILL ? picture(file) : clip(file);
    }

    private static SourceFile picture(SourceFile file) {
        if (!file.info().picture()) {
            throw new IllegalArgumentException(
                    file.name() + " has " + file.info().frames()
                            + " frames, a picture is needed here; a clip can be extended, blended, looped, restyled or interpolated");
        }
        return file;
    }

    private static SourceFile clip(SourceFile file) {
        if (file.info().picture()) {
            throw new IllegalArgumentException(file.name() + " is a picture, a clip is needed here");
        }
        return file;
    }

    private Stream<SourceFile> all() {
        return Stream.of(
                        pictures.stream().map(Placed::file),
                        before.stream(),
                        after.stream(),
                        restyled.map(Restyled::file).stream(),
                        interpolated.map(Interpolated::file).stream(),
                        guides.stream()
                                .filter(guide -> guide.role() == Role.REFERENCE || guide.role() == Role.INPAINTED)
                                .map(Guide::file))
                .flatMap(files -> files);
    }

    /** {@return the file of a role, the first one if there are several} */
    Optional<SourceFile> guide(Role role) {
        return guides.stream()
                .filter(guide -> guide.role() == role)
                .map(Guide::file)
                .findFirst();
    }

    /** {@return the clip that the result is as long as, unless a length is asked for} */
    Optional<SourceFile> timed() {
        return restyled.map(Restyled::file).or(() -> guide(Role.INPAINTED)).or(() -> guide(Role.CONTROL));
    }

    /** {@return whether the model has to know frames} */
    boolean haveKnownFrames() {
        return !pictures.isEmpty() || continued().isPresent();
    }

    /** {@return whether the first of the model's frames is known} */
    boolean haveFirstFrame() {
        return before.isPresent()
                || interpolated.isPresent()
                || pictures.stream().anyMatch(picture -> picture.at().equals(Position.FIRST));
    }

    /** {@return the clip that the result is to look like: the one whose frames come first in it} */
    private Optional<SourceFile> shown() {
        return interpolated.map(Interpolated::file).or(this::continued);
    }

    private Optional<SourceFile> continued() {
        return before.or(() -> after);
    }

    /**
     * The size of the result if the request names none: that of the clip which is continued or interpolated, else about the model's
     * number of pixels in the shape of the clip that is restyled, inpainted or followed, or of the first picture.
     *
     * @param standard what the model gives by default
     */
    FrameSize size(FrameSize standard) {
        Optional<FrameSize> shown = shown().map(file -> file.info().size());
        if (shown.isPresent()) {
            return new FrameSize(even(shown.get().width()), even(shown.get().height()));
        }
        return timed().or(() -> pictures.stream().map(Placed::file).findFirst())
                .map(file -> shaped(file.info().size(), standard))
                .orElse(standard);
    }

    private static FrameSize shaped(FrameSize shape, FrameSize standard) {
        double aspect = Math.max(1 / MAX_ASPECT, Math.min(MAX_ASPECT, (double) shape.width() / shape.height()));
        double pixels = (double) standard.width() * standard.height();
        return new FrameSize(nearestEven(Math.sqrt(pixels * aspect)), nearestEven(Math.sqrt(pixels / aspect)));
    }

    private static int even(int side) {
        return side - side % 2;
    }

    private static int nearestEven(double side) {
        return 2 * (int) Math.round(side / 2);
    }

    /** {@return the frame rate of the result if the request names none: that of the clip which is continued or interpolated} */
    Optional<FrameRate> frameRate() {
        return interpolated.map(Interpolated::frameRate).or(() -> continued().map(SourceFile::frameRate));
    }

    /** {@return whether there are none that give the clip a shape} */
    boolean isEmpty() {
        return pictures.isEmpty() && shown().isEmpty() && timed().isEmpty();
    }

    /** {@return what the pictures of a clip of such shots come from; of masks and controls nothing is seen} */
    static DigitalSourceType sourceType(List<ShotSources> shots) {
        boolean made = shots.stream()
                .flatMap(ShotSources::all)
                .allMatch(file -> file.sourceType()
                        .filter(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA::equals)
                        .isPresent());
        return made
                ? DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
                : DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA;
    }
}
