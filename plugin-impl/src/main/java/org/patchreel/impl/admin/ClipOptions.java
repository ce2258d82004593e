package org.patchreel.impl.admin;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.patchreel.api.Adapter;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.Rights;
import org.patchreel.api.Sampling;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.StepCache;

/** The options that all commands have which make a clip. */
final class ClipOptions {

    private static final String SIZE = """
              --model NAME       the model; see models (default: the one of the highest
                                 rank)
              --size WxH         size of the clip in pixels, both even, for example
                                 1920x1080: the model makes frames of a size of its own in
                                 this shape, which are scaled
            """;

    private static final String FRAMES = """
              --fit F            how pictures and clips of another shape fill the frame:
                                 cover (the default, which cuts), or contain, which leaves
                                 borders
              --fps N            frames per second, 1 to 120, also 23.976, 29.97, 59.94 or
                                 30000/1001: the motion keeps its speed
              --interpolation W  what stands between the model's frames where the clip has
                                 more of them: repeat (the default), or blend, which mixes
                                 the neighbours
              --seed N           the same seed gives the same clip again
              --steps N          denoising steps, 1 to 1000: more are slower and finer
              --guidance X       how strongly the prompt pulls, 1 to 100
              --guidance-mode W  how it pulls: cfg, cfg-zero-star, or apg against too strong
                                 colours; the model's if left out
              --step-cache W     estimates steps instead of computing them, which is faster
                                 and gives another clip: off, safe, or fast, which changes
                                 more; the model's if left out
              --lora NAME[:S]    a LoRA of the model, see models, with strength S, -10 to 10
                                 (default: 1); may be given several times
            """;

    private static final String RESULT = """
              --title "TEXT"     what people call the clip; stands in its manifest
              --creator "NAME"   who made the clip; stands in its manifest
              --copyright "TEXT" whose it is, and what may be done with it; likewise
              --expires DATE     when it may be used no longer: 2027-06-30, which is 00:00
                                 in UTC, or a time as 2027-06-30T18:00:00+02:00; likewise
              --folder PATH      where the host's asset store shall keep it
              --out FILE         copies the clip to FILE; a file of that name is replaced
              --dry-run          makes nothing and prints what would be made, and how
              --queue            prints the job's ID and does not wait for it, in a shell or
                                 a host
              --json             prints the result as one JSON object
              --quiet            shows no progress
              --                 ends the options, for\
            """;

    /** What {@code --help} says of them. */
    static final String HELP = SIZE + """
              --seconds S        length of the clip; or
              --frames N         its length in frames
            """ + FRAMES + """
              --negative "TEXT"  what the clip should not show
              --camera "MOVES"   how the camera moves: static, pan left, pan right, tilt up,
                                 tilt down, zoom in, zoom out, dolly in, dolly out, truck
                                 left, truck right, orbit left, orbit right, crane up, crane
                                 down, follow, handheld; "pan left, dolly in" at once, "pan
                                 left then tilt up" one after the other
            """ + RESULT + " a prompt that begins with --";

    /** The same of those that stand for the whole clip, whatever its shots are. */
    static final String HELP_OF_CLIPS = SIZE + FRAMES + RESULT + " a name that begins with --";

    private static final Set<String> OF_CLIPS = Set.of(
            "--seed",
            "--steps",
            "--guidance",
            "--guidance-mode",
            "--step-cache",
            "--size",
            "--fps",
            "--interpolation",
            "--fit",
            "--model",
            "--folder",
            "--title",
            "--creator",
            "--copyright",
            "--expires",
            "--out");

    private static final Set<String> OF_SHOTS = Set.of("--negative", "--seconds", "--frames", "--camera");

    private static final Set<String> FLAGS = Set.of("--dry-run", "--queue", "--json", "--quiet", "--help");

    private ClipOptions() {}

    /**
     * The options of a command.
     *
     * @param valued further ones with a value
     * @param repeated further ones with a value that may be given several times
     * @param flags further ones without
     */
    static Syntax syntax(Set<String> valued, Set<String> repeated, Set<String> flags) {
        return new Syntax(union(union(OF_CLIPS, OF_SHOTS), valued), union(REPEATED, repeated), union(FLAGS, flags));
    }

    private static final Set<String> REPEATED = Set.of("--lora");

    /** The options of a command whose shots are given elsewhere. */
    static Syntax syntaxOfClips() {
        return new Syntax(OF_CLIPS, REPEATED, FLAGS);
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Begins a request.
     *
     * @param prompt what the clip shows
     * @param sources pictures and clips that it is made of
     * @param given the options
     * @throws IllegalArgumentException if a value is none of its kind or out of range; the message names it
     */
    static GenerationRequest.Builder request(String prompt, List<Source> sources, Arguments given) {
        Shot shot = new Shot(
                prompt,
                given.text("--negative").orElse(""),
                ClipLength.of(given.decimal("--seconds"), given.integer("--frames")),
                sources,
                given.text("--camera")
                        .map(value -> Camera.parse("--camera", value))
                        .orElse(Camera.UNSPECIFIED));
        return request(List.of(shot), given);
    }

    /**
     * Begins a request of shots.
     *
     * @param shots of the clip
     * @param given the options that stand for the whole clip
     * @throws IllegalArgumentException as above
     */
    static GenerationRequest.Builder request(List<Shot> shots, Arguments given) {
        GenerationRequest.Builder request = GenerationRequest.builder(shots)
                .sampling(new Sampling(
                        given.whole("--seed"),
                        given.integer("--steps"),
                        given.decimal("--guidance"),
                        new Denoising(
                                given.text("--step-cache").map(value -> StepCache.parse("--step-cache", value)),
                                given.text("--guidance-mode")
                                        .map(value -> GuidanceMode.parse("--guidance-mode", value)))))
                .destination(new Destination(given.text("--folder"), given.text("--title")));
        request.adapters(given.texts("--lora").stream()
                .map(value -> Adapter.parse("--lora", value))
                .toList());
        request.rights(new Rights(
                given.text("--creator"),
                given.text("--copyright"),
                given.text("--expires").map(value -> Rights.parseExpires("--expires", value))));
        given.text("--model").ifPresent(request::model);
        given.text("--size").map(value -> FrameSize.parse("--size", value)).ifPresent(request::size);
        given.text("--fps").map(value -> FrameRate.parse("--fps", value)).ifPresent(request::frameRate);
        given.text("--interpolation")
                .map(value -> FrameInterpolation.parse("--interpolation", value))
                .ifPresent(request::frameInterpolation);
        given.text("--fit").map(value -> Fit.parse("--fit", value)).ifPresent(request::fit);
        return request;
    }
}
