package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.ProvenanceVerifier;

/** {@code patchreel:verify}: says what files are. */
@Component(
        service = VerifyCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=verify"})
public final class VerifyCommand {

    /** Exit status when the origin of a file is not proved. */
    static final int NOT_PROVED = 3;

    private static final String USAGE = """
            verify FILE|FOLDER [--json] [--quiet]        says what a video or picture is: its C2PA manifest, its watermark, and
                                                         which clip of this installation it shows, in which seconds

            Of a folder all videos and pictures are examined, in the folders within it, too; --quiet shows no progress.
            signed         it carries a valid manifest
            recovered      it carries none, but watermark and pictures lead to a clip and its manifest
            possible-copy  either watermark or pictures of a clip, but not both
            invalid        it carries a manifest that does not hold
            unknown        nothing is known of it
            Exit status 0 if every file is signed or recovered, 3 if not.

            example: verify ball.mp4 --json""";

    private static final Syntax SYNTAX = new Syntax(Set.of(), Set.of("--json", "--quiet", "--help"));

    private static final Set<String> EXTENSIONS = Set.of(
            "mp4", "m4v", "mov", "qt", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg", "flv", "wmv", "ogv",
            "3gp", "ivf", "gif", "apng", "jpg", "jpeg", "png", "webp", "bmp");

    private static final int DEEPEST = 64;

    private final ProvenanceVerifier verifier;

    /**
     * Creates the command.
     *
     * @param verifier examines the files
     */
    @Activate
    public VerifyCommand(@Reference ProvenanceVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and the terminal, and takes the exit status
     * @param arguments a file or folder, and options
     * @throws Exception if the caller made a mistake or a file cannot be read
     */
    @Descriptor("says what a file is: verify ball.mp4 --json")
    public void verify(
            CommandSession session, @Descriptor("file or folder, and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> run(session.currentDir(), console, arguments) ? 0 : NOT_PROVED);
    }

    /** {@return whether every file is signed or recovered} */
    boolean run(Path directory, Console console, String... arguments) throws IOException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            out.println(USAGE);
            return true;
        }
        String name = given.operand("file or folder");
        Path path = directory.resolve(name);
        if (Files.isDirectory(path)) {
            return folder(path, given.has("--json"), console.isQuiet(given), console);
        }
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("no such file: " + name);
        }
        ReportView view = new ReportView(name, verifier.verify(path));
        if (given.has("--json")) {
            out.println(Json.write(view.json()));
        } else {
            view.print(out);
        }
        return view.isProved();
    }

    private boolean folder(Path folder, boolean json, boolean quiet, Console console) throws IOException {
        PrintStream out = console.out();
        List<Path> files = files(folder, console.err());
        List<ReportView> views = new ArrayList<>();
        int failed = 0;
        ProgressDisplay display = new ProgressDisplay(console, quiet, "", System::nanoTime);
        for (Path file : files) {
            int number = views.size() + failed;
            if (console.isTerminal()) {
                display.show("examining", number, files.size(), "files");
            } else if (!quiet) {
                console.err().println("examining " + (number + 1) + " of " + files.size() + ": " + file);
                console.err().flush();
            }
            try {
                views.add(new ReportView(file.toString(), verifier.verify(file)));
            } catch (IOException e) {
                failed++;
                display.close();
                console.err().println(file + " cannot be examined: " + e.getMessage());
            }
        }
        display.close();
        if (json) {
            out.println(Json.write(views.stream().map(ReportView::json).toList()));
        } else if (views.isEmpty()) {
            out.println("no video or picture is in " + folder);
        } else {
            Table table = new Table(ReportView.HEADING);
            views.forEach(view -> table.add(view.row()));
            table.print(out);
        }
        if (failed > 0) {
            throw new IOException(failed + " of " + files.size() + " files could not be examined");
        }
        return views.stream().allMatch(ReportView::isProved);
    }

    /** Videos and pictures, without hidden ones; what is left out is said. */
    private static List<Path> files(Path folder, PrintStream err) throws IOException {
        List<Path> found = new ArrayList<>();
        int others = 0;
        try (Stream<Path> all = Files.walk(folder, DEEPEST)) {
            for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
                if (isHidden(folder.relativize(each)) || !EXTENSIONS.contains(extension(each))) {
                    others++;
                } else {
                    found.add(each);
                }
            }
        }
        if (others > 0) {
            err.println(others + (others == 1 ? " other file is" : " other files are") + " left out");
        }
        return found;
    }

    private static boolean isHidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
