package org.patchreel.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a caller wants to see. Only the prompt is required; what is left out, the model's defaults fill. Immutable; equal to
 * another one that asks for the same.
 *
 * <pre>{@code
 * GenerationRequest.builder("a red ball rolls past a tree").size(640, 368).seconds(2).seed(7).build()
 * }</pre>
 *
 * <p>Who asks is no part of it: that is the {@link Requester}, who goes with the request to {@link VideoGenerator#submit}.
 */
public final class GenerationRequest {

    /** Maximum number of shots. */
    public static final int MAX_SHOTS = 100;

    /** Maximum length of the prompts and negative prompts of all shots together, in UTF-16 units. */
    public static final int MAX_TEXT_LENGTH = 100_000;

    private final List<Shot> shots;
    private final Optional<String> model;
    private final Optional<FrameSize> size;
    private final Optional<FrameRate> frameRate;
    private final FrameInterpolation frameInterpolation;
    private final Sampling sampling;
    private final Destination destination;
    private final Fit fit;
    private final boolean loop;
    private final OutputKind kind;
    private final List<Adapter> adapters;
    private final Rights rights;

    private GenerationRequest(Builder from) {
        if (from.shots.isEmpty() || from.shots.size() > MAX_SHOTS) {
            throw new IllegalArgumentException(
                    "a request has 1 to " + MAX_SHOTS + " shots, this one has " + from.shots.size());
        }
        from.size.ifPresent(VideoFormat::checkSize);
        if (from.model.isPresent() && from.model.get().isBlank()) {
            throw new IllegalArgumentException("model name is empty");
        }
        Transition end = from.shots.get(from.shots.size() - 1).next();
        if (end != Transition.CUT) {
            throw new IllegalArgumentException(
                    "the last shot passes into no other one, its transition cannot be " + end.label());
        }
        if (from.shots.size() > 1) {
            checkSeveral(from);
        }
        if (from.kind == OutputKind.STILL) {
            checkStill(from);
        }
        if (from.shots.stream().anyMatch(GenerationRequest::isInterpolation)) {
            checkInterpolation(from);
        }
        shots = from.shots;
        model = from.model;
        size = from.size;
        frameRate = from.frameRate;
        frameInterpolation = from.frameInterpolation;
        sampling = from.sampling;
        destination = from.destination;
        fit = from.fit;
        loop = from.loop;
        kind = from.kind;
        adapters = Adapter.checked(from.adapters);
        rights = from.rights;
    }

    private static void checkSeveral(Builder from) {
        if (from.kind == OutputKind.STILL) {
            throw new IllegalArgumentException("a still has one shot, this one has " + from.shots.size());
        }
        if (from.loop) {
            throw new IllegalArgumentException("a loop has one shot, this one has " + from.shots.size());
        }
        long length = 0;
        for (int i = 0; i < from.shots.size(); i++) {
            Shot shot = from.shots.get(i);
            length += shot.prompt().length() + shot.negativePrompt().length();
            boolean continues = i > 0 && from.shots.get(i - 1).next() == Transition.CONTINUE;
            for (Source source : shot.sources()) {
                String refusal = source.fold(
                        keyframe -> continues && keyframe.at().equals(Position.FIRST)
                                ? "begins with the last frame of the one before and has no first picture of its own"
                                : "",
                        continuation -> "continues a clip: only a request of one shot can",
                        restyle -> continues ? "continues the one before and cannot restyle a clip" : "",
                        interpolation -> "interpolates a clip: only a request of one shot can",
                        reference -> "",
                        control -> continues ? "continues the one before and cannot follow a clip" : "",
                        inpainting -> continues ? "continues the one before and cannot make parts of a clip anew" : "");
                if (!refusal.isEmpty()) {
                    throw new IllegalArgumentException("shot " + (i + 1) + " " + refusal);
                }
            }
        }
        if (length > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("the prompts of all shots have " + length + " characters, at most "
                    + MAX_TEXT_LENGTH + " are read");
        }
    }

    private static void checkStill(Builder from) {
        Shot shot = from.shots.get(0);
        if (shot.length().isPresent()) {
            throw new IllegalArgumentException("a still has no length");
        }
        if (from.frameRate.isPresent()) {
            throw new IllegalArgumentException("a still has no frame rate");
        }
        if (from.loop) {
            throw new IllegalArgumentException("a still is no loop");
        }
        for (Source source : shot.sources()) {
            String refusal = source.fold(
                    keyframe -> "a still is one frame: the picture would be the result; restyle it instead",
                    continuation -> "a still continues no clip",
                    restyle -> "",
                    interpolation -> "a still has no frames between which others could be made",
                    reference -> "",
                    control -> "",
                    inpainting -> "");
            if (!refusal.isEmpty()) {
                throw new IllegalArgumentException(refusal);
            }
        }
    }

    private static void checkInterpolation(Builder from) {
        if (from.shots.get(0).length().isPresent()) {
            throw new IllegalArgumentException("an interpolated clip is as long as it was, and no length can be given");
        }
        if (from.frameRate.isPresent()) {
            throw new IllegalArgumentException(
                    "an interpolated clip has the frame rate of the clip, times the factor, and none can be given");
        }
        if (from.loop) {
            throw new IllegalArgumentException("an interpolated clip ends as it did: it is no loop");
        }
    }

    private static boolean isInterpolation(Shot shot) {
        return shot.sources().stream()
                .anyMatch(source -> source.<Boolean, RuntimeException>fold(
                        keyframe -> false,
                        continuation -> false,
                        restyle -> false,
                        interpolation -> true,
                        reference -> false,
                        control -> false,
                        inpainting -> false));
    }

    /**
     * A request that leaves all but the prompt to the model's defaults.
     *
     * @param prompt what the clip shows, see {@link Shot#prompt}
     * @return the request
     * @throws IllegalArgumentException if the prompt is empty, too long or has characters that it may not have
     */
    public static GenerationRequest of(String prompt) {
        return builder(prompt).build();
    }

    /**
     * Begins a request of one shot.
     *
     * @param prompt what the clip shows, see {@link Shot#prompt}
     * @return a builder that leaves all but the prompt to the model's defaults
     * @throws IllegalArgumentException if the prompt is empty, too long or has characters that it may not have
     */
    public static Builder builder(String prompt) {
        return builder(List.of(new Shot(prompt, "", Optional.empty())));
    }

    /**
     * Begins a request.
     *
     * @param shots in their order, 1 to {@value #MAX_SHOTS}
     * @return a builder that leaves all but the shots to the model's defaults
     */
    public static Builder builder(List<Shot> shots) {
        return new Builder(shots);
    }

    /** {@return a builder that has the values of this request, to make another one of it} */
    public Builder toBuilder() {
        Builder copy = new Builder(shots);
        copy.model = model;
        copy.size = size;
        copy.frameRate = frameRate;
        copy.frameInterpolation = frameInterpolation;
        copy.sampling = sampling;
        copy.destination = destination;
        copy.fit = fit;
        copy.loop = loop;
        copy.kind = kind;
        copy.adapters = adapters;
        copy.rights = rights;
        return copy;
    }

    /** {@return what the clip shows, one shot after the other, 1 to {@value #MAX_SHOTS}; unmodifiable} */
    public List<Shot> shots() {
        return shots;
    }

    /** {@return the name of the model, the service property {@code VideoModel.NAME}; empty for the installation's default} */
    public Optional<String> model() {
        return model;
    }

    /**
     * {@return the clip's size in pixels, each side even; the model makes frames in a size of its own, which are scaled to
     * cover it; empty for the model's default}
     */
    public Optional<FrameSize> size() {
        return size;
    }

    /** {@return frames per second; empty for the model's. With another rate than the model's the motion keeps its speed} */
    public Optional<FrameRate> frameRate() {
        return frameRate;
    }

    /** {@return what stands between the model's frames if the rates differ} */
    public FrameInterpolation frameInterpolation() {
        return frameInterpolation;
    }

    /** {@return what is asked of the denoising} */
    public Sampling sampling() {
        return sampling;
    }

    /** {@return where the clip goes and what it is called} */
    public Destination destination() {
        return destination;
    }

    /** {@return how pictures and clips of another shape fill the frame} */
    public Fit fit() {
        return fit;
    }

    /** {@return whether the clip's end leads to its beginning, so that it can be shown again and again without a jump} */
    public boolean loop() {
        return loop;
    }

    /** {@return whether a clip is made, or one picture, which has no length, no frame rate and no frames that are given} */
    public OutputKind kind() {
        return kind;
    }

    /** {@return LoRAs that change the model for this clip; unmodifiable, at most {@value Adapter#MAX_COUNT}} */
    public List<Adapter> adapters() {
        return adapters;
    }

    /** {@return what is stated of the clip's rights} */
    public Rights rights() {
        return rights;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GenerationRequest request
                && shots.equals(request.shots)
                && model.equals(request.model)
                && size.equals(request.size)
                && frameRate.equals(request.frameRate)
                && frameInterpolation == request.frameInterpolation
                && sampling.equals(request.sampling)
                && destination.equals(request.destination)
                && fit == request.fit
                && loop == request.loop
                && kind == request.kind
                && adapters.equals(request.adapters)
                && rights.equals(request.rights);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                shots,
                model,
                size,
                frameRate,
                frameInterpolation,
                sampling,
                destination,
                fit,
                loop,
                kind,
                adapters,
                rights);
    }

    /** {@return all values, for people; not for hashes, see {@link #canonical}} */
    @Override
    public String toString() {
        return "GenerationRequest[shots=" + shots + ", model=" + model + ", size=" + size + ", frameRate=" + frameRate
                + ", frameInterpolation=" + frameInterpolation + ", sampling=" + sampling + ", destination="
                + destination + ", fit=" + fit + ", loop=" + loop + ", kind=" + kind + ", adapters=" + adapters
                + ", rights=" + rights + "]";
    }

    /**
     * This request as bytes that stay the same from version to version of Patchreel, for hashes that name what it asks for: a batch
     * names its clips by them. A value that was added later takes part only where it is not the default.
     *
     * @return UTF-8
     */
    public byte[] canonical() {
        Shot shot = shots.get(0);
        OptionalDouble seconds = shot.length()
                .map(length -> length.fold(time -> OptionalDouble.of(time.value()), frames -> OptionalDouble.empty()))
                .orElse(OptionalDouble.empty());
        StringBuilder text = new StringBuilder("GenerationRequest[prompt=").append(shot.prompt());
        text.append(", negativePrompt=").append(shot.negativePrompt());
        text.append(", model=").append(text(model));
        text.append(", size=").append(text(size));
        text.append(", seconds=").append(text(seconds));
        text.append(", frameRate=")
                .append(
                        frameRate.isPresent() && frameRate.get().isWhole()
                                ? text(OptionalInt.of(frameRate.get().nominal()))
                                : text(OptionalInt.empty()));
        text.append(", seed=").append(text(sampling.seed()));
        text.append(", steps=").append(text(sampling.steps()));
        text.append(", guidanceScale=").append(text(sampling.guidanceScale()));
        text.append(", destination=Destination[folder=").append(text(destination.folder()));
        text.append(", title=").append(text(destination.title())).append("]]");
        frameRate
                .filter(rate -> !rate.isWhole())
                .ifPresent(rate -> text.append("\nframe rate ")
                        .append(rate.numerator())
                        .append('/')
                        .append(rate.denominator()));
        shot.length()
                .flatMap(length -> length.fold(time -> Optional.empty(), Optional::of))
                .ifPresent(frames -> text.append("\nframes ").append(frames.count()));
        if (frameInterpolation != FrameInterpolation.REPEAT) {
            text.append("\nframe interpolation ").append(frameInterpolation.label());
        }
        sampling.denoising()
                .stepCache()
                .ifPresent(cache -> text.append("\nstep cache ").append(cache.label()));
        sampling.denoising()
                .guidanceMode()
                .ifPresent(mode -> text.append("\nguidance mode ").append(mode.label()));
        shot.sources().forEach(source -> text.append("\n").append(canonical(source)));
        if (fit != Fit.COVER) {
            text.append("\nfit ").append(fit.label());
        }
        if (loop) {
            text.append("\nloop");
        }
        if (!shot.camera().equals(Camera.UNSPECIFIED)) {
            text.append("\ncamera ").append(shot.camera());
        }
        if (kind != OutputKind.CLIP) {
            text.append("\nkind ").append(kind.label());
        }
        adapters.forEach(adapter -> text.append("\nadapter ").append(adapter));
        rights.creator().ifPresent(creator -> text.append("\ncreator ").append(creator));
        rights.copyright().ifPresent(copyright -> text.append("\ncopyright ").append(copyright));
        rights.expires().ifPresent(expires -> text.append("\nexpires ").append(expires));
        // A text that looks like what stands between the values says where it ends.
        List<String> texts = Stream.of(
                        Optional.of(shot.prompt()),
                        Optional.of(shot.negativePrompt()),
                        model,
                        destination.folder(),
                        destination.title())
                .map(value -> value.orElse(""))
                .toList();
        if (texts.stream().anyMatch(value -> value.contains("=") || value.contains("\n"))) {
            text.append("\nlengths");
            texts.forEach(value -> text.append(' ').append(value.length()));
        }
        shots.stream().skip(1).forEach(further -> appendCanonical(text, further));
        if (shots.size() > 1) {
            text.append("\ntransitions");
            shots.forEach(each -> text.append(' ').append(each.next().label()));
        }
        return text.toString().getBytes(UTF_8);
    }

    /** A further shot: its texts stand behind their lengths, so that none can look like what follows. */
    private static void appendCanonical(StringBuilder text, Shot shot) {
        for (String each : List.of(shot.prompt(), shot.negativePrompt())) {
            text.append("\nshot ").append(each.length()).append(' ').append(each);
        }
        shot.length()
                .ifPresent(length -> text.append(length.<String, RuntimeException>fold(
                        seconds -> "\nseconds " + seconds.value(), frames -> "\nframes " + frames.count())));
        shot.sources().forEach(source -> text.append("\n").append(canonical(source)));
        if (!shot.camera().equals(Camera.UNSPECIFIED)) {
            text.append("\ncamera ").append(shot.camera());
        }
    }

    private static String canonical(Source source) {
        String media = canonical(source.media());
        return source.fold(
                keyframe -> "keyframe " + keyframe.at() + " " + media,
                continuation -> "continue " + continuation.side().name().toLowerCase(Locale.ROOT) + " " + media,
                restyle -> "restyle " + restyle.strength() + " " + media,
                interpolation -> "interpolate " + interpolation.factor() + " " + media,
                reference -> "reference " + reference.name() + " " + media,
                control -> "control " + media,
                inpainting -> "inpaint " + media
                        + inpainting
                                .mask()
                                .map(mask -> " mask " + canonical(mask))
                                .orElse(""));
    }

    private static String canonical(Media media) {
        return media.fold(asset -> "asset " + asset.id(), upload -> "sha256 " + upload.sha256());
    }

    private static String text(Optional<?> value) {
        return value.isPresent() ? "Optional[" + value.get() + "]" : "Optional.empty";
    }

    private static String text(OptionalLong value) {
        return value.isPresent() ? "OptionalLong[" + value.getAsLong() + "]" : "OptionalLong.empty";
    }

    private static String text(OptionalInt value) {
        return value.isPresent() ? "OptionalInt[" + value.getAsInt() + "]" : "OptionalInt.empty";
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? "OptionalDouble[" + value.getAsDouble() + "]" : "OptionalDouble.empty";
    }

    /**
     * Collects the values of a request. Each method replaces one value and returns this builder. Used by one thread.
     *
     * <p>A null is refused with a {@link NullPointerException} whose message is the value's name.
     */
    public static final class Builder {
        private List<Shot> shots;
        private Optional<String> model = Optional.empty();
        private Optional<FrameSize> size = Optional.empty();
        private Optional<FrameRate> frameRate = Optional.empty();
        private FrameInterpolation frameInterpolation = FrameInterpolation.REPEAT;
        private Sampling sampling = Sampling.DEFAULT;
        private Destination destination = Destination.DEFAULT;
        private Fit fit = Fit.COVER;
        private boolean loop;
        private OutputKind kind = OutputKind.CLIP;
        private List<Adapter> adapters = List.of();
        private Rights rights = Rights.NONE;

        private Builder(List<Shot> shots) {
            this.shots = List.copyOf(Objects.requireNonNull(shots, "shots"));
        }

        /**
         * Sets what every shot should not show.
         *
         * @param value see {@link Shot#negativePrompt}
         * @return this builder
         * @throws IllegalArgumentException if it is too long or has characters that it may not have
         */
        public Builder negativePrompt(String value) {
            shots = shots.stream()
                    .map(shot ->
                            new Shot(shot.prompt(), value, shot.length(), shot.sources(), shot.camera(), shot.next()))
                    .toList();
            return this;
        }

        /**
         * Adds a picture or clip that every shot is made of.
         *
         * @param value see {@link Shot#sources}
         * @return this builder
         * @throws IllegalArgumentException if it contradicts one that is there
         */
        public Builder source(Source value) {
            Objects.requireNonNull(value, "source");
            shots = shots.stream()
                    .map(shot -> new Shot(
                            shot.prompt(),
                            shot.negativePrompt(),
                            shot.length(),
                            Stream.concat(shot.sources().stream(), Stream.of(value))
                                    .toList(),
                            shot.camera(),
                            shot.next()))
                    .toList();
            return this;
        }

        /**
         * Sets the length of every shot.
         *
         * @param value the length; replaces one in seconds or in frames
         * @return this builder
         */
        public Builder length(ClipLength value) {
            Optional<ClipLength> length = Optional.of(Objects.requireNonNull(value, "length"));
            shots = shots.stream()
                    .map(shot -> new Shot(
                            shot.prompt(), shot.negativePrompt(), length, shot.sources(), shot.camera(), shot.next()))
                    .toList();
            return this;
        }

        /**
         * Sets the length of every shot to a time.
         *
         * @param value see {@link ClipLength.Seconds}; replaces a length in frames
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder seconds(double value) {
            return length(new ClipLength.Seconds(value));
        }

        /**
         * Sets the length of every shot to a number of frames.
         *
         * @param count see {@link ClipLength.Frames}; replaces a length in seconds
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder frames(int count) {
            return length(new ClipLength.Frames(count));
        }

        /**
         * Says how the camera moves in every shot.
         *
         * @param value see {@link Shot#camera}
         * @return this builder
         */
        public Builder camera(Camera value) {
            Objects.requireNonNull(value, "camera");
            shots = shots.stream()
                    .map(shot -> new Shot(
                            shot.prompt(), shot.negativePrompt(), shot.length(), shot.sources(), value, shot.next()))
                    .toList();
            return this;
        }

        /**
         * Chooses the model.
         *
         * @param name see {@link GenerationRequest#model}; not blank
         * @return this builder
         */
        public Builder model(String name) {
            model = Optional.of(Objects.requireNonNull(name, "model"));
            return this;
        }

        /**
         * Sets the clip's size.
         *
         * @param value see {@link GenerationRequest#size}
         * @return this builder
         */
        public Builder size(FrameSize value) {
            size = Optional.of(Objects.requireNonNull(value, "size"));
            return this;
        }

        /**
         * Sets the clip's size.
         *
         * @param width in pixels, even
         * @param height in pixels, even
         * @return this builder
         * @throws IllegalArgumentException if a side is out of the range of {@link FrameSize}
         */
        public Builder size(int width, int height) {
            return size(new FrameSize(width, height));
        }

        /**
         * Sets the clip's frame rate.
         *
         * @param value see {@link GenerationRequest#frameRate}
         * @return this builder
         */
        public Builder frameRate(FrameRate value) {
            frameRate = Optional.of(Objects.requireNonNull(value, "frameRate"));
            return this;
        }

        /**
         * Sets the clip's frame rate.
         *
         * @param framesPerSecond 1 to 120
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder frameRate(int framesPerSecond) {
            return frameRate(FrameRate.of(framesPerSecond));
        }

        /**
         * Chooses what stands between the model's frames.
         *
         * @param value see {@link GenerationRequest#frameInterpolation}
         * @return this builder
         */
        public Builder frameInterpolation(FrameInterpolation value) {
            frameInterpolation = Objects.requireNonNull(value, "frameInterpolation");
            return this;
        }

        /**
         * Sets all of the sampling at once.
         *
         * @param value replaces all, the empty ones too
         * @return this builder
         */
        public Builder sampling(Sampling value) {
            sampling = Objects.requireNonNull(value, "sampling");
            return this;
        }

        /**
         * Sets the seed.
         *
         * @param value see {@link Sampling#seed}
         * @return this builder
         */
        public Builder seed(long value) {
            return sampling(new Sampling(
                    OptionalLong.of(value), sampling.steps(), sampling.guidanceScale(), sampling.denoising()));
        }

        /**
         * Sets the number of denoising steps.
         *
         * @param value see {@link Sampling#steps}
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder steps(int value) {
            return sampling(new Sampling(
                    sampling.seed(), OptionalInt.of(value), sampling.guidanceScale(), sampling.denoising()));
        }

        /**
         * Sets the guidance scale.
         *
         * @param value see {@link Sampling#guidanceScale}
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder guidanceScale(double value) {
            return sampling(
                    new Sampling(sampling.seed(), sampling.steps(), OptionalDouble.of(value), sampling.denoising()));
        }

        /**
         * Sets how the clip is denoised.
         *
         * @param value see {@link Sampling#denoising}
         * @return this builder
         */
        public Builder denoising(Denoising value) {
            return sampling(new Sampling(sampling.seed(), sampling.steps(), sampling.guidanceScale(), value));
        }

        /**
         * Says where the clip goes.
         *
         * @param value see {@link GenerationRequest#destination}
         * @return this builder
         */
        public Builder destination(Destination value) {
            destination = Objects.requireNonNull(value, "destination");
            return this;
        }

        /**
         * Says how pictures and clips of another shape fill the frame.
         *
         * @param value see {@link GenerationRequest#fit}
         * @return this builder
         */
        public Builder fit(Fit value) {
            fit = Objects.requireNonNull(value, "fit");
            return this;
        }

        /**
         * Says whether the clip's end leads to its beginning.
         *
         * @param value see {@link GenerationRequest#loop}
         * @return this builder
         */
        public Builder loop(boolean value) {
            loop = value;
            return this;
        }

        /**
         * Says what is made.
         *
         * @param value see {@link GenerationRequest#kind}
         * @return this builder
         */
        public Builder kind(OutputKind value) {
            kind = Objects.requireNonNull(value, "kind");
            return this;
        }

        /**
         * Chooses LoRAs.
         *
         * @param value see {@link GenerationRequest#adapters}; replaces those that were chosen before
         * @return this builder
         */
        public Builder adapters(List<Adapter> value) {
            adapters = List.copyOf(Objects.requireNonNull(value, "adapters"));
            return this;
        }

        /**
         * States the clip's rights.
         *
         * @param value see {@link GenerationRequest#rights}
         * @return this builder
         */
        public Builder rights(Rights value) {
            rights = Objects.requireNonNull(value, "rights");
            return this;
        }

        /**
         * Makes the request, after checks of what can be checked without a model.
         *
         * @return the request
         * @throws IllegalArgumentException if there is no shot or too many, shots do not go together, a side is odd or too
         *     short, the model's name is blank, an adapter is there twice, or a still has what only a clip can have; the message names the value
         */
        public GenerationRequest build() {
            return new GenerationRequest(this);
        }
    }
}
