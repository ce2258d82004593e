package org.patchreel.docs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.patchreel.docs.ConsoleSnippet.Command;
import org.patchreel.docs.MarkdownPage.Snippet;

/** Commands of the documentation do what it says, from a clean PATCHREEL_HOME on. CONTRIBUTING.md has the rules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {

    private static final String CONSOLE = "console";
    private static final String NOT_RUN = "not-run: ";
    private static final int MAX_NOT_RUN = 5;

    private static final int MAX_SECONDS = 180;

    private static final Path WORK = Path.of("target", "documentation").toAbsolutePath();
    private static final Path HOME = WORK.resolve("home");
    private static final Path ASSETS = WORK.resolve("assets");

    private static final Pattern ID = Pattern.compile("\\b01[0-9A-HJKMNP-TV-Z]{24}\\b");
    private static final Pattern VARIABLE =
            Pattern.compile("\\b01[0-9A-HJKMNP-TV-Z]{24}\\b|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|…");
    private static final Pattern CALL = Pattern.compile("\\./patchreel ([a-z]+(?:-[a-z]+)*)\\b(.*)");
    private static final Pattern KARAF_CALL = Pattern.compile("patchreel:([a-z]+(?:-[a-z]+)*)\\b(.*)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

    /** Its table is shortened to one row. */
    private static final String TABLE = "examples/product-shots/products.csv";

    /** What each command prints when it is asked for help. */
    private Map<String, String> usages = Map.of();

    /** What a process left. */
    private record Result(int status, String out, String err) {}

    @BeforeAll
    void startAnew() throws Exception {
        delete(WORK);
        Files.createDirectories(HOME);
        usages = usages();
    }

    @AfterAll
    static void free() throws IOException {
        delete(WORK);
    }

    @TestFactory
    Stream<DynamicTest> commandsOfAPageEndAsItSays() throws IOException {
        return Documentation.pages().stream()
                .filter(page -> page.snippets().stream().anyMatch(CommandsTest::isRun))
                .map(page -> DynamicTest.dynamicTest(Documentation.name(page.file()), () -> run(page)));
    }

    @Test
    void everyCallIsRunOrSaysWhyNot() throws IOException {
        List<String> unmarked = new ArrayList<>();
        int run = 0;
        int notRun = 0;
        for (MarkdownPage page : Documentation.pages()) {
            for (Snippet snippet : page.snippets()) {
                boolean calls = snippet.text().contains("./patchreel ");
                boolean reasoned = snippet.note().startsWith(NOT_RUN);
                run += isRun(snippet) ? 1 : 0;
                notRun += reasoned ? 1 : 0;
                if (calls && !isRun(snippet) && !reasoned) {
                    unmarked.add(Documentation.name(page.file()) + ":" + snippet.line());
                }
            }
        }
        assertEquals(List.of(), unmarked);
        assertTrue(notRun <= MAX_NOT_RUN, notRun + " snippets are not run");
        assertTrue(run >= 6, "only " + run + " snippets are run");
    }

    @Test
    void callsThatAreNotRunNameCommandsAndOptionsThatExist() throws IOException {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (MarkdownPage page : Documentation.pages()) {
            for (MatchResult call : calls(page)) {
                tried++;
                problem(call.group(1), call.group(2))
                        .ifPresent(problem ->
                                wrong.add(Documentation.name(page.file()) + ": " + call.group() + ": " + problem));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(tried >= 5, "only " + tried + " calls were found");
    }

    private static List<MatchResult> calls(MarkdownPage page) {
        List<MatchResult> calls = new ArrayList<>();
        page.codeSpans().forEach(span -> CALL.matcher(span).results().forEach(calls::add));
        for (Snippet snippet : page.snippets()) {
            if (!isRun(snippet)) {
                Pattern call = snippet.language().equals("karaf") ? KARAF_CALL : CALL;
                snippet.text()
                        .lines()
                        .forEach(line -> call.matcher(line).results().forEach(calls::add));
            }
        }
        return calls;
    }

    @Test
    void optionsThatTheGuidesNameExist() throws IOException {
        String known = String.join("\n", usages.values());
        List<String> wrong = new ArrayList<>();
        for (String name : List.of("README.md", "docs/operating.md", "docs/provenance.md", "docs/editors.md")) {
            for (String span : Documentation.page(name).codeSpans()) {
                if (span.startsWith("--") && !known.contains(span.split("[ =]", 2)[0])) {
                    wrong.add(name + ": " + span);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private Optional<String> problem(String command, String arguments) {
        String usage = usages.get(command);
        if (usage == null) {
            return Optional.of("no such command");
        }
        return OPTION.matcher(arguments)
                .results()
                .map(option -> option.group())
                .filter(option -> !option.equals("--help") && !usage.contains(option))
                .findFirst()
                .map(option -> "no option " + option);
    }

    private static boolean isRun(Snippet snippet) {
        return snippet.language().equals(CONSOLE) && snippet.note().isEmpty();
    }

    private void run(MarkdownPage page) throws Exception {
        Path folder = folder(page);
        List<String> made = new ArrayList<>();
        Map<String, String> ids = new HashMap<>();
        for (Snippet snippet : page.snippets()) {
            if (isRun(snippet)) {
                for (Command command : ConsoleSnippet.commands(snippet)) {
                    prepare(folder, command.text());
                    List<String> before = assets();
                    String text = withIds(command.text(), made, ids);
                    Result result = run(folder, text);
                    String what = Documentation.name(page.file()) + ", " + command.text() + "\n" + result.out()
                            + result.err();
                    assertEquals(command.status(), result.status(), what);
                    for (String line : command.output()) {
                        assertTrue(
                                result.out().lines().anyMatch(each -> isAsDocumented(line, each)),
                                "does not print " + line + "\n" + what);
                    }
                    assets().stream().filter(id -> !before.contains(id)).forEach(made::add);
                }
            }
        }
    }

    /** An ID of the page stands for a clip that was made on it: the first one for the first. */
    private static String withIds(String command, List<String> made, Map<String, String> ids) {
        return ID.matcher(command).replaceAll(id -> ids.computeIfAbsent(id.group(), key -> made.get(ids.size())));
    }

    private static boolean isAsDocumented(String documented, String printed) {
        StringBuilder pattern = new StringBuilder();
        Matcher variable = VARIABLE.matcher(documented);
        int end = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(documented.substring(end, variable.start())));
            pattern.append(variable.group().equals("…") ? ".*" : "\\S+");
            end = variable.end();
        }
        pattern.append(Pattern.quote(documented.substring(end)));
        return Pattern.matches(pattern.toString(), printed.strip());
    }

    private static Path folder(MarkdownPage page) throws IOException {
        Path folder = Files.createDirectories(
                WORK.resolve("pages").resolve(Documentation.name(page.file()).replace('/', '-')));
        copy(Documentation.ROOT.resolve("examples"), folder.resolve("examples"));
        List<String> table = Files.readAllLines(folder.resolve(TABLE));
        Files.write(folder.resolve(TABLE), table.subList(0, 2));
        Files.createSymbolicLink(folder.resolve("patchreel"), Documentation.ROOT.resolve("patchreel"));
        Files.createSymbolicLink(folder.resolve(".patchreel"), HOME);
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Files that a reader has, and a test has not. */
    private static void prepare(Path folder, String command) throws IOException {
        if (command.contains("holiday.mp4")) {
            Path foreign = Documentation.ROOT.resolve("media/src/test/resources/org/patchreel/impl/media/av1.mp4");
            Files.copy(foreign, folder.resolve("holiday.mp4"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (command.contains("copy.mp4")) {
            // What strips metadata often leaves a free box in their place.
            byte[] bytes = Files.readAllBytes(folder.resolve("ball.mp4"));
            int box = new String(bytes, 0, 4096, ISO_8859_1).indexOf("uuid");
            System.arraycopy("free".getBytes(ISO_8859_1), 0, bytes, box, 4);
            Files.write(folder.resolve("copy.mp4"), bytes);
        }
    }

    private static List<String> assets() throws IOException {
        if (!Files.isDirectory(ASSETS)) {
            return List.of();
        }
        try (Stream<Path> assets = Files.list(ASSETS)) {
            return assets.map(asset -> asset.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static Result run(Path folder, String command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(WORK, "out", "");
        Path err = Files.createTempFile(WORK, "err", "");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).directory(folder.toFile());
        builder.environment().put("PATCHREEL_HOME", HOME.toString());
        builder.environment().put("PATCHREEL_ASSETS", ASSETS.toString());
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(command + " takes more than " + MAX_SECONDS + " s\n" + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    /** Asks one process for all of them. */
    private static Map<String, String> usages() throws IOException, InterruptedException {
        List<String> commands = List.of(
                "generate",
                "batch",
                "run",
                "serve",
                "export",
                "models",
                "jobs",
                "job",
                "cancel",
                "retry",
                "release",
                "pause",
                "resume",
                "usage",
                "assets",
                "show",
                "approve",
                "reject",
                "verify",
                "doctor",
                "worker",
                "workers",
                "drain",
                "policy-test",
                "takedown",
                "audit");
        StringBuilder input = new StringBuilder();
        commands.forEach(command -> input.append(command).append(" --help\\n"));
        Result result = run(Documentation.ROOT, "printf '" + input + "' | ./patchreel");
        assertEquals(0, result.status(), result.err());
        Map<String, String> usages = new TreeMap<>();
        for (String answer : result.out().split("patchreel> ", -1)) {
            commands.stream()
                    .filter(command -> answer.startsWith(command + " "))
                    .forEach(command -> usages.put(command, answer));
        }
        assertEquals(commands.size(), usages.size(), result.out());
        return usages;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
