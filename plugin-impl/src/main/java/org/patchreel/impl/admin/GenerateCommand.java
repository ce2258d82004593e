package org.patchreel.impl.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Requester;
import org.patchreel.api.Source;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.export.Exporter;
import org.patchreel.spi.AssetStore;
import org.patchreel.workflow.KeyframeText;
import org.patchreel.workflow.SourceInput;

/** {@code patchreel:generate}: makes a clip of a prompt, and of pictures or a clip. */
@Component(
        service = GenerateCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=generate"})
public final class GenerateCommand {

    private static final String USAGE = """
            generate "PROMPT" [options]        makes a clip from a prompt

              --image PICTURE    the clip's first frame
              --last-image P     its last frame
              --keyframe S=P     the frame at S seconds; may be given several times
              --from CLIP        another clip, whose motion and composition stay
              --strength X       how much of it changes, above 0 to 1 (default 0.6)
              --mask MASK        --from stays but for what is white in a mask, a picture or
                                 a clip as long, which is made anew; with --mask borders
                                 what it leaves empty is made: --fit contain --size WxH
              --control CLIP     a clip that is followed: depth, lines or poses
              --character N=P    who or what is shown: a name and a picture of it; may be
                                 given several times, also for further pictures of one
              --loop             the end leads to the beginning
              --still            makes one picture; --from is a picture then, and there is
                                 no length; --out x.jpg makes a JPEG file of it, x.png a PNG
                                 file
            """ + ClipOptions.HELP + """


            A PICTURE is a file or the ID of a still, a CLIP a file or the ID of a clip. See
            also extend, loop and blend.

            example: generate "a red ball rolls past a tree" --seed 7 --out ball.mp4
                     generate "the ball rolls on" --image ball.png --camera "pan left"
                     generate "a blue cube on snow" --from ball.mp4 --strength 0.7
                     generate "the ball on a table" --character ball=a.png --model vace
                     generate "a red ball under a tree" --still --out ball.png""";

    private static final Syntax SYNTAX = ClipOptions.syntax(
            Set.of("--image", "--last-image", "--from", "--strength", "--mask", "--control"),
            Set.of("--keyframe", "--character"),
            Set.of("--loop", "--still"));

    private final ClipRun run;
    private final SourceArguments sources;

    /**
     * Creates the command.
     *
     * @param generator makes the clips
     * @param store knows how they were made
     * @param sources keeps the files that clips are made of
     * @param exporter makes JPEG files of stills
     */
    @Activate
    public GenerateCommand(
            @Reference VideoGenerator generator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store,
            @Reference SourceStore sources,
            @Reference Exporter exporter) {
        this.run = new ClipRun(generator, store, exporter::writeJpeg);
        this.sources = new SourceArguments(store, sources);
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and the terminal, and takes the exit status
     * @param arguments the prompt and options
     * @throws Exception if the caller made a mistake, or the clip cannot be made or copied; if the thread is interrupted,
     *     the job is cancelled
     */
    @Descriptor("makes a clip from a prompt: generate \"a red ball rolls past a tree\" --seed 7 --out ball.mp4")
    public void generate(CommandSession session, @Descriptor("\"PROMPT\" and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(session.currentDir(), ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    void run(Path directory, Requester by, Console console, String... arguments)
            throws GenerationException, IOException, InterruptedException {
        run.run(SYNTAX, USAGE, this::request, directory, by, console, arguments);
    }

    private GenerationRequest request(Path directory, Arguments given) throws IOException {
        String prompt = given.operand("prompt");
        // what can be refused without the files is refused before they are copied
        request(prompt, List.of(), given);
        return request(prompt, sources(directory, given), given);
    }

    private static GenerationRequest request(String prompt, List<Source> sources, Arguments given) {
        return ClipOptions.request(prompt, sources, given)
                .loop(given.has("--loop"))
                .kind(given.has("--still") ? OutputKind.STILL : OutputKind.CLIP)
                .build();
    }

    private List<Source> sources(Path directory, Arguments given) throws IOException {
        double strength = given.decimal("--strength").orElse(Source.Restyle.DEFAULT_STRENGTH);
        Optional<String> from = given.text("--from");
        if (given.has("--strength") && from.isEmpty()) {
            throw new IllegalArgumentException("--strength goes with --from, which is missing");
        }
        Optional<String> mask = given.text("--mask");
        if (mask.isPresent() && from.isEmpty()) {
            throw new IllegalArgumentException("--mask goes with --from, which is missing");
        }
        if (mask.isPresent() && given.has("--strength")) {
            throw new IllegalArgumentException("--strength is for a clip that is restyled, not for one with --mask");
        }
        List<Source> found = new ArrayList<>();
        if (mask.isPresent()) {
            Media clip = sources.media(directory, "--from", from.orElseThrow());
            found.add(new Source.Inpainting(
                    clip,
                    mask.get().equals(SourceInput.BORDERS)
                            ? Optional.empty()
                            : Optional.of(sources.media(directory, "--mask", mask.get()))));
        } else if (from.isPresent()) {
            Source.Restyle.checkStrength(strength);
            found.add(new Source.Restyle(sources.media(directory, "--from", from.get()), strength));
        }
        Optional<String> control = given.text("--control");
        if (control.isPresent()) {
            found.add(new Source.Control(sources.media(directory, "--control", control.get())));
        }
        for (String character : given.texts("--character")) {
            int equals = character.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--character is NAME=PICTURE, not " + character);
            }
            found.add(new Source.Reference(
                    sources.media(directory, "--character", character.substring(equals + 1)),
                    character.substring(0, equals)));
        }
        Optional<String> first = given.text("--image");
        if (first.isPresent()) {
            found.add(new Source.Keyframe(sources.media(directory, "--image", first.get()), Position.FIRST));
        }
        for (String keyframe : given.texts("--keyframe")) {
            KeyframeText at = KeyframeText.parse("--keyframe", keyframe);
            found.add(new Source.Keyframe(sources.media(directory, "--keyframe", at.picture()), at.at()));
        }
        Optional<String> last = given.text("--last-image");
        if (last.isPresent()) {
            found.add(new Source.Keyframe(sources.media(directory, "--last-image", last.get()), Position.LAST));
        }
        return found;
    }
}
