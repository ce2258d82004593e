package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.Source.Continuation.Side;

/**
 * The pictures and clips of a shot, found and looked at.
 *
 * @param pictures that the shot shows
 * @param before the clip that the made frames come after
 * @param after the clip that the made frames come before
 * @param restyled the clip, or for a still the picture, that is restyled
 */
record ShotSources(
        List<Placed> pictures, Optional<SourceFile> before, Optional<SourceFile> after, Optional<Restyled> restyled) {

    /** Smallest side of a picture in pixels: less shows nothing. */
    private static final int MIN_SIDE = 16;

    /** Pictures that are longer are cut: no model was trained with longer ones. */
    private static final double MAX_ASPECT = 3;

    /** A picture and where it stands. */
    record Placed(SourceFile file, Position at) {}

    /** A clip or picture and how far it is left. */
    record Restyled(SourceFile file, double strength) {}

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
                    restyle -> found.restyled =
                            new Restyled(kind == OutputKind.STILL ? picture(file) : clip(file), restyle.strength()));
        }
        return found.build();
    }

    /** Collects the sources. */
    private static final class Builder {
        private final List<Placed> pictures = new ArrayList<>();
        private final Map<Side, SourceFile> continued = new EnumMap<>(Side.class);
        private @Nullable Restyled restyled;

        ShotSources build() {
            return new ShotSources(
                    List.copyOf(pictures),
                    Optional.ofNullable(continued.get(Side.AFTER)),
                    Optional.ofNullable(continued.get(Side.BEFORE)),
                    Optional.ofNullable(restyled));
        }
    }

    private static void checkSize(SourceFile file) {
        FrameSize size = file.info().size();
        if (Math.min(size.width(), size.height()) < MIN_SIDE) {
            throw new IllegalArgumentException(
                    file.name() + " has " + size + " pixels, at least " + MIN_SIDE + " a side are needed");
        }
    }

    private static SourceFile picture(SourceFile file) {
        if (!file.info().picture()) {
            throw new IllegalArgumentException(
                    file.name() + " has " + file.info().frames()
                            + " frames, a picture is needed here; a clip can be extended, blended, looped or restyled");
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
                        restyled.map(Restyled::file).stream())
                .flatMap(files -> files);
    }

    /** {@return whether the model has to know frames} */
    boolean haveKnownFrames() {
        return !pictures.isEmpty() || continued().isPresent();
    }

    /** {@return whether the first of the model's frames is known} */
    boolean haveFirstFrame() {
        return before.isPresent()
                || pictures.stream().anyMatch(picture -> picture.at().equals(Position.FIRST));
    }

    /** {@return the clip that the result is to look like: the one that comes first in it} */
    Optional<SourceFile> continued() {
        return before.or(() -> after);
    }

    /**
     * The size of the result if the request names none: that of the clip which is continued, else about the model's number of
     * pixels in the shape of the first picture or of the clip that is restyled.
     *
     * @param standard what the model gives by default
     */
    FrameSize size(FrameSize standard) {
        Optional<FrameSize> continued = continued().map(file -> file.info().size());
        if (continued.isPresent()) {
            return new FrameSize(
                    even(continued.get().width()), even(continued.get().height()));
        }
        return restyled.map(Restyled::file)
                .or(() -> pictures.stream().map(Placed::file).findFirst())
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

    /** {@return the frame rate of the result if the request names none: that of the clip which is continued} */
    Optional<FrameRate> frameRate() {
        return continued().map(SourceFile::frameRate);
    }

    /** {@return what the pictures of the result come from} */
    DigitalSourceType sourceType() {
        boolean made = all().allMatch(file -> file.sourceType()
                .filter(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA::equals)
                .isPresent());
        return made
                ? DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
                : DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA;
    }
}
