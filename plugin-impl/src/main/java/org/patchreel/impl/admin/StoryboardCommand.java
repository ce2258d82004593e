package org.patchreel.impl.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;
import org.patchreel.api.Shot;
import org.patchreel.api.SourceStore;
import org.patchreel.api.Storyboard;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.AssetStore;

/** {@code patchreel:storyboard}: makes one clip of several shots. */
@Component(
        service = StoryboardCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=storyboard"})
public final class StoryboardCommand {

    private static final String USAGE = """
            storyboard FILE [options]          makes one clip of several shots

            FILE is YAML or JSON: shots, a list, each with prompt, seconds or frames,
            negative, camera, image, lastImage, keyframes (a list of at and image), from and
            strength, as for generate, and transition into the next shot: cut (the default),
            dissolve, or continue, which goes on from the last frames; characters, a name
            and a description each, which is written where a prompt has {name}; negative,
            for shots without one. Pictures and clips are files beside FILE, or IDs of
            assets.

            """ + ClipOptions.HELP_OF_CLIPS + """


            --seed is that of the first shot, from which those of the others follow.

            example: storyboard story.yaml --seed 7 --out story.mp4
                     storyboard story.yaml --dry-run""";

    private static final Syntax SYNTAX = ClipOptions.syntaxOfClips();

    private final VideoGenerator generator;
    private final ClipRun run;
    private final SourceArguments sources;

    /**
     * Creates the command.
     *
     * @param generator makes the clips
     * @param store knows how they were made
     * @param sources keeps the files that clips are made of
     */
    @Activate
    public StoryboardCommand(
            @Reference VideoGenerator generator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store,
            @Reference SourceStore sources) {
        this.generator = generator;
        this.run = new ClipRun(generator, store, (still, target) -> {
            throw new IllegalStateException("a storyboard is no still");
        });
        this.sources = new SourceArguments(store, sources);
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and the terminal, and takes the exit status
     * @param arguments the file and options
     * @throws Exception as {@link GenerateCommand#generate}
     */
    @Descriptor("makes one clip of several shots: storyboard story.yaml --seed 7 --out story.mp4")
    public void storyboard(CommandSession session, @Descriptor("FILE and options, see --help") String... arguments)
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
        String name = given.operand("storyboard");
        StoryboardFile file = StoryboardFile.find(directory, name)
                .orElseThrow(() -> new IllegalArgumentException("there is no file " + name));
        Storyboard storyboard = generator.storyboard(file.name(), file.text());
        // what can be refused without the files is refused before they are copied
        List<Shot> words =
                storyboard.panels().stream().map(Storyboard.Panel::shot).toList();
        ClipOptions.request(words, given).build();
        try {
            List<Shot> shots = storyboard.shots(path -> sources.find(file.folder(), path)
                    .orElseThrow(() -> new IllegalArgumentException("there is neither a file nor an asset " + path)));
            return ClipOptions.request(shots, given).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.name() + ", " + e.getMessage(), e);
        }
    }
}
