package org.patchreel.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.patchreel.docs.MarkdownPage.Snippet;

/** Commands of a snippet, in their order, and what they print. */
final class ConsoleSnippet {

    private static final String PROMPT = "$ ";
    private static final Pattern COMMENT = Pattern.compile("\\s{2,}#(.*)$");
    private static final Pattern STATUS = Pattern.compile("exit status (\\d+)");

    private ConsoleSnippet() {}

    /**
     * A command.
     *
     * @param text as typed
     * @param status that it ends with
     * @param output lines that it prints, among others
     */
    record Command(String text, int status, List<String> output) {}

    static List<Command> commands(Snippet snippet) {
        List<String> lines = snippet.text().replace("\\\n", "").lines().toList();
        boolean prompts = lines.stream().anyMatch(line -> line.startsWith(PROMPT));
        List<Command> commands = new ArrayList<>();
        for (String line : lines) {
            if (line.isBlank()) {
                continue;
            }
            if (!prompts || line.startsWith(PROMPT)) {
                commands.add(command(prompts ? line.substring(PROMPT.length()) : line));
            } else {
                commands.get(commands.size() - 1).output().add(line.strip());
            }
        }
        return commands;
    }

    private static Command command(String line) {
        Matcher comment = COMMENT.matcher(line);
        if (!comment.find()) {
            return new Command(line, 0, new ArrayList<>());
        }
        Matcher status = STATUS.matcher(comment.group(1));
        return new Command(
                line.substring(0, comment.start()),
                status.find() ? Integer.parseInt(status.group(1)) : 0,
                new ArrayList<>());
    }
}
