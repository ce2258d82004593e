package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.ProvenanceVerifier;

/** {@code patchreel:verify}: says what files are. */
@Component(
        service = VerifyCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=verify"})
public final class VerifyCommand {

    /** Exit status when the origin of a file is not proved. */
    static final int NOT_PROVED = 3;

    private static final String USAGE = """
            verify FILE|FOLDER [--json]        says what a video or picture is: its C2PA
                                               manifest, its watermark, and which clip of
                                               this installation it shows, in which seconds
            verify FILE --crjson               prints its C2PA manifests and what their
                                               validation found as Content Credentials
                                               JSON (crJSON), for other programs

            Of a folder all videos and pictures are examined, in folders within it and
            behind links, too; --quiet shows no progress.
            signed         it carries a valid manifest; origin says whether that proves
                           where it comes from
            recovered      it carries none, but watermark and pictures lead to a clip and
                           its manifest
            possible-copy  either watermark or pictures of a clip, but not both
            invalid        it carries a manifest that does not hold
            unknown        nothing is known of it

            The origin is proved if this installation made the file (it carries a manifest
            that is stored here, byte for byte, or is recovered), or if its signer is on the
            trust list. A valid signature alone proves no origin: anybody can make a
            certificate in any name. Exit status 0 if the origin of every file is proved; 3
            if not, or if there is no file; 1 if one could not be examined. With --crjson
            nothing but the manifests is looked at: 0 if nothing failed and the signer is on
            the trust list, else 3.

            example: verify ball.mp4 --json""";

    private static final Syntax SYNTAX = new Syntax(Set.of(), Set.of("--json", "--crjson", "--quiet", "--help"));

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

    /** {@return whether the origin of every file is proved} */
    boolean run(Path directory, Console console, String... arguments) throws IOException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            out.println(USAGE);
            return true;
        }
        String name = given.operand("file or folder");
        if (name.isBlank()) {
            throw new IllegalArgumentException("file or folder is missing: \"" + name + "\" names none");
        }
        if (given.has("--crjson") && given.has("--json")) {
            throw new IllegalArgumentException("--json and --crjson: one of them, these are two documents");
        }
        Path path = directory.resolve(name);
        if (Files.isDirectory(path)) {
            if (given.has("--crjson")) {
                throw new IllegalArgumentException("--crjson is for one file, and " + name + " is a folder");
            }
            return folder(path, given.has("--json"), console.isQuiet(given), console);
        }
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("no such file: " + name);
        }
        if (!Files.isRegularFile(path)) {
            // a pipe can be read once and ends when its writer likes
            throw new IllegalArgumentException(name + " is not a regular file: copy what it holds into one");
        }
        if (given.has("--crjson")) {
            ContentCredentials credentials = verifier.contentCredentials(path);
            out.println(Json.write(credentials.values()));
            return credentials.isTrusted();
        }
        ReportView view = new ReportView(name, verifier.verify(path));
        if (given.has("--json")) {
            out.println(Json.write(view.json()));
        } else {
            view.print(console);
        }
        return view.isProved();
    }

    /** {@return whether there is a file, and the origin of every file is proved} */
    private boolean folder(Path folder, boolean json, boolean quiet, Console console) throws IOException {
        PrintStream out = console.out();
        PrintStream err = console.err();
        FolderFiles files = FolderFiles.of(folder);
        if (files.others() > 0) {
            err.println(files.others() + (files.others() == 1 ? " other file is" : " other files are")
                    + " left out: no video or picture, or hidden");
        }
        files.unreadable().forEach(each -> err.println(PrintableLine.of(each)));
        List<ReportView> views = new ArrayList<>();
        int failed = files.unreadable().size();
        int examined = 0;
        ProgressDisplay display = new ProgressDisplay(console, quiet, "", System::nanoTime);
        for (Path file : files.media()) {
            if (console.isTerminal()) {
                display.show("examining", examined, files.media().size(), "files");
            }
            examined++;
            if (!quiet && !console.isTerminal()) {
                err.println(PrintableLine.of(
                        "examining " + examined + " of " + files.media().size() + ": " + file));
                err.flush();
            }
            try {
                views.add(new ReportView(file.toString(), verifier.verify(file)));
            } catch (IOException e) {
                failed++;
                display.close();
                err.println(PrintableLine.of(file + " cannot be examined: " + e.getMessage()));
            }
        }
        display.close();
        if (json) {
            out.println(Json.write(views.stream().map(ReportView::json).toList()));
        } else if (views.isEmpty()) {
            out.println(PrintableLine.of("no video or picture is in " + folder));
        } else {
            Table table = new Table(ReportView.HEADING);
            views.forEach(view -> table.add(view.row()));
            table.print(console);
        }
        if (failed > 0) {
            throw new IOException(failed + (failed == 1 ? " file or folder" : " files or folders") + " of " + folder
                    + " could not be examined");
        }
        return !views.isEmpty() && views.stream().allMatch(ReportView::isProved);
    }
}
