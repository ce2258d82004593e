package org.patchreel.impl.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.Requester;
import org.patchreel.api.Source.Continuation;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Source.Interpolation;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.AssetStore;

/**
 * {@code patchreel:extend}, {@code patchreel:loop}, {@code patchreel:blend} and {@code patchreel:interpolate}: make one clip of a
 * clip and frames beside it or between its own.
 */
@Component(
        service = ContinueCommands.class,
        property = {
            "osgi.command.scope=patchreel",
            "osgi.command.function=extend",
            "osgi.command.function=loop",
            "osgi.command.function=blend",
            "osgi.command.function=interpolate"
        })
public final class ContinueCommands {

    private static final String OPERANDS = """


            A CLIP is a file or the ID of an asset. Its frames stay as they are; size and
            frame rate are its own unless given.
            """;

    private static final String EXTEND = """
            extend CLIP ["PROMPT"] [options]   makes a clip longer

              --before           makes what comes before the clip, not what comes after it
            """ + ClipOptions.HELP + OPERANDS + """
            Without a prompt it is that of the asset. --seconds is the length of what is
            made.

            example: extend ball.mp4 "the ball rolls on" --seconds 3 --out longer.mp4""";

    private static final String LOOP = """
            loop CLIP ["PROMPT"] [options]     makes frames that lead from a clip's end to
                                               its beginning

            """ + ClipOptions.HELP + OPERANDS + """
            Without a prompt it is that of the asset. --seconds is the length of what is
            made.

            example: loop ball.mp4 "the ball rolls" --seconds 1 --out loop.mp4""";

    private static final String BLEND = """
            blend CLIP CLIP "PROMPT" [options] makes frames that lead from one clip to
                                               another

            """ + ClipOptions.HELP + OPERANDS + """
            --seconds is the length of what is made.

            example: blend day.mp4 night.mp4 "the sun sets" --seconds 2 --out evening.mp4""";

    private static final String INTERPOLATE = """
            interpolate CLIP ["PROMPT"] [options]   makes motion smoother by frames between
                                                    a clip's own

              --factor N         how many times more frames a second, 2 to 8 (default: 2)
            """ + ClipOptions.HELP + OPERANDS + """
            Without a prompt it is that of the asset. The result is as long as the clip:
            --seconds, --frames and --fps cannot be given.

            example: interpolate ball.mp4 "the ball rolls" --factor 2 --out smooth.mp4""";

    private static final Syntax INTERPOLATE_SYNTAX = ClipOptions.syntax(Set.of("--factor"), Set.of(), Set.of());
    private static final Syntax EXTEND_SYNTAX = ClipOptions.syntax(Set.of(), Set.of(), Set.of("--before"));
    private static final Syntax SYNTAX = ClipOptions.syntax(Set.of(), Set.of(), Set.of());

    private final ClipRun run;
    private final SourceArguments sources;

    /**
     * Creates the commands.
     *
     * @param generator makes the clips
     * @param store knows how they were made
     * @param sources keeps the files that clips are made of
     */
    @Activate
    public ContinueCommands(
            @Reference VideoGenerator generator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store,
            @Reference SourceStore sources) {
        this.run = new ClipRun(generator, store, (still, target) -> {
            throw new IllegalStateException("a clip that is continued or interpolated is no still");
        });
        this.sources = new SourceArguments(store, sources);
    }

    /**
     * Makes a clip longer.
     *
     * @param session knows the current directory and the terminal, and takes the exit status
     * @param arguments the clip, the prompt and options
     * @throws Exception as {@link GenerateCommand#generate}
     */
    @Descriptor("makes a clip longer: extend ball.mp4 \"the ball rolls on\" --seconds 3 --out longer.mp4")
    public void extend(
            CommandSession session, @Descriptor("CLIP, \"PROMPT\" and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            extend(session.currentDir(), ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    /**
     * Closes a clip to a loop.
     *
     * @param session as above
     * @param arguments as above
     * @throws Exception as above
     */
    @Descriptor("makes frames that lead from a clip's end to its beginning: loop ball.mp4 \"the ball rolls\"")
    public void loop(
            CommandSession session, @Descriptor("CLIP, \"PROMPT\" and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            loop(session.currentDir(), ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    /**
     * Connects two clips.
     *
     * @param session as above
     * @param arguments two clips, the prompt and options
     * @throws Exception as above
     */
    @Descriptor("makes frames that lead from one clip to another: blend day.mp4 night.mp4 \"the sun sets\"")
    public void blend(
            CommandSession session, @Descriptor("CLIP CLIP \"PROMPT\" and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            blend(session.currentDir(), ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    /**
     * Makes the motion of a clip smoother.
     *
     * @param session as above
     * @param arguments as above
     * @throws Exception as above
     */
    @Descriptor("makes motion smoother: interpolate ball.mp4 \"the ball rolls\" --factor 2 --out smooth.mp4")
    public void interpolate(
            CommandSession session, @Descriptor("CLIP, \"PROMPT\" and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            interpolate(session.currentDir(), ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    void extend(Path directory, Requester by, Console console, String... arguments)
            throws GenerationException, IOException, InterruptedException {
        run.run(EXTEND_SYNTAX, EXTEND, this::longer, directory, by, console, arguments);
    }

    void loop(Path directory, Requester by, Console console, String... arguments)
            throws GenerationException, IOException, InterruptedException {
        run.run(SYNTAX, LOOP, this::looped, directory, by, console, arguments);
    }

    void blend(Path directory, Requester by, Console console, String... arguments)
            throws GenerationException, IOException, InterruptedException {
        run.run(SYNTAX, BLEND, this::blended, directory, by, console, arguments);
    }

    void interpolate(Path directory, Requester by, Console console, String... arguments)
            throws GenerationException, IOException, InterruptedException {
        run.run(INTERPOLATE_SYNTAX, INTERPOLATE, this::smoother, directory, by, console, arguments);
    }

    private GenerationRequest smoother(Path directory, Arguments given) throws IOException {
        int factor = given.integer("--factor").orElse(Interpolation.MIN_FACTOR);
        Interpolation.checkFactor(factor); // before the clip is copied
        Media clip = clip(directory, given);
        return ClipOptions.request(prompt(clip, given), List.of(new Interpolation(clip, factor)), given)
                .build();
    }

    private GenerationRequest longer(Path directory, Arguments given) throws IOException {
        Media clip = clip(directory, given);
        Side side = given.has("--before") ? Side.BEFORE : Side.AFTER;
        return ClipOptions.request(prompt(clip, given), List.of(new Continuation(clip, side)), given)
                .build();
    }

    private GenerationRequest looped(Path directory, Arguments given) throws IOException {
        Media clip = clip(directory, given);
        return ClipOptions.request(prompt(clip, given), List.of(new Continuation(clip, Side.AFTER)), given)
                .loop(true)
                .build();
    }

    private GenerationRequest blended(Path directory, Arguments given) throws IOException {
        List<String> operands = given.operands();
        if (operands.size() != 3) {
            throw new IllegalArgumentException(
                    "two clips and a prompt are expected, not " + operands.size() + " operands; --help shows how");
        }
        Media first = sources.media(directory, "clip", operands.get(0));
        Media second = sources.media(directory, "clip", operands.get(1));
        return ClipOptions.request(
                        operands.get(2),
                        List.of(new Continuation(first, Side.AFTER), new Continuation(second, Side.BEFORE)),
                        given)
                .build();
    }

    private Media clip(Path directory, Arguments given) throws IOException {
        List<String> operands = given.operands();
        if (operands.isEmpty()) {
            throw new IllegalArgumentException("clip is missing; --help shows how");
        }
        if (operands.size() > 2) {
            throw new IllegalArgumentException("a clip and a prompt are expected, not " + operands.size()
                    + " operands; put the prompt in quotes: " + operands.get(2));
        }
        return sources.media(directory, "clip", operands.get(0));
    }

    private String prompt(Media clip, Arguments given) throws IOException {
        if (given.operands().size() > 1) {
            return given.operands().get(1);
        }
        return sources.prompt(clip)
                .orElseThrow(() -> new IllegalArgumentException(
                        "prompt is missing: " + clip.name() + " is no asset of which one is known"));
    }
}
