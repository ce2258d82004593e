package org.patchreel.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Offers commands, their options, models, assets and files. */
final class CommandCompleter implements Completer {

    /** Commands whose operands are asset IDs. */
    private static final List<String> OF_ASSETS = List.of("show", "export");

    private final Supplier<Map<String, String>> commands;
    private final Answers answers;
    private final Supplier<Path> directory;

    /**
     * Creates a completer.
     *
     * @param commands each with what it does
     * @param answers knows the rest
     * @param directory where relative file names begin
     */
    CommandCompleter(Supplier<Map<String, String>> commands, Answers answers, Supplier<Path> directory) {
        this.commands = commands;
        this.answers = answers;
        this.directory = directory;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> words = line.words();
        int at = line.wordIndex();
        if (at == 0) {
            offer(commands.get(), candidates);
            return;
        }
        String command = words.get(0);
        String before = words.get(at - 1);
        if (command.equals("help")) {
            offer(commands.get(), candidates);
        } else if (before.equals("--model")) {
            answers.column("models").forEach(model -> offer(model, "", true, candidates));
        } else if (line.word().startsWith("-")) {
            offer(answers.options(command), candidates);
        } else if (OF_ASSETS.contains(command) && !before.startsWith("--out")) {
            answers.column("assets").forEach(asset -> offer(asset, "", true, candidates));
        } else {
            files(line.word().substring(0, line.wordCursor()), candidates);
        }
    }

    private void files(String begun, List<Candidate> candidates) {
        String folder = begun.substring(0, begun.lastIndexOf('/') + 1);
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory.get().resolve(folder))) {
            for (Path file : files) {
                boolean isFolder = Files.isDirectory(file);
                offer(folder + file.getFileName() + (isFolder ? "/" : ""), "", !isFolder, candidates);
            }
        } catch (IOException | InvalidPathException e) {
            // There is nothing to offer.
        }
    }

    private static void offer(Map<String, String> all, List<Candidate> candidates) {
        all.forEach((value, description) -> offer(value, description, true, candidates));
    }

    private static void offer(String value, String description, boolean complete, List<Candidate> candidates) {
        candidates.add(
                new Candidate(value, value, null, description.isEmpty() ? null : description, null, null, complete));
    }
}
