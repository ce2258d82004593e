package org.patchreel.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.docs.MarkdownPage.Snippet;

/** Java in the documentation compiles, and what is quoted from files stands in them. */
class JavaSnippetsTest {

    private static final Pattern TYPE = Pattern.compile(
            "(?m)^(?:public |final |abstract |sealed )*(?:class|interface|record|enum|@interface) (\\w+)");

    private static final String IMPORTS = """
            import java.io.*;
            import java.nio.channels.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import org.osgi.service.component.annotations.*;
            import org.osgi.service.event.*;
            import org.patchreel.api.*;
            import org.patchreel.spi.*;
            import org.patchreel.workflow.*;
            """;

    private static final String MEMBERS = IMPORTS + """
            class Snippet {
                VideoGenerator generator;
                SourceStore sources;
                ProvenanceVerifier verifier;
                GenerationJob job;
            %s
            }
            """;

    private static final String STATEMENTS = String.format(MEMBERS, "    void run() throws Exception {%n%s%n    }");

    @TempDir
    private Path classes;

    @Test
    void javaCompiles() throws IOException {
        List<String> failures = new ArrayList<>();
        int compiled = 0;
        for (MarkdownPage page : Documentation.pages()) {
            for (Snippet snippet : page.snippets()) {
                if (snippet.language().equals("java") && snippet.note().isEmpty()) {
                    compiled++;
                    String errors = errors(snippet.text());
                    if (!errors.isEmpty()) {
                        failures.add(Documentation.name(page.file()) + ":" + snippet.line() + "\n" + errors);
                    }
                }
            }
        }
        assertEquals(List.of(), failures);
        assertTrue(compiled >= 8, "only " + compiled + " snippets were found");
    }

    @Test
    void whatDoesNotCompileIsNoticed() {
        assertEquals("", errors("GenerationJob same = job;"));
        assertEquals("", errors("GenerationJob other() { return job; }"));
        assertTrue(errors("job.pause();").contains("pause"));
        assertTrue(errors("void other() { job.pause(); }").contains("pause"));
        assertTrue(errors("class Other { GenerationJobs job; }").contains("GenerationJobs"));
    }

    @Test
    void quotationsStandInTheirFiles() throws IOException {
        List<String> wrong = new ArrayList<>();
        int quoted = 0;
        for (MarkdownPage page : Documentation.pages()) {
            for (Snippet snippet : page.snippets()) {
                if (snippet.note().contains("/") && !snippet.note().contains(" ")) {
                    quoted++;
                    Path file = Documentation.ROOT.resolve(snippet.note());
                    if (!unindented(Files.readString(file)).contains(unindented(snippet.text()))) {
                        wrong.add(Documentation.name(page.file()) + ":" + snippet.line() + " is not in "
                                + snippet.note());
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(quoted >= 4, "only " + quoted + " quotations were found");
    }

    private static String unindented(String text) {
        return text.replaceAll("(?m)^ +", "");
    }

    /** A file has a type of its own; else there are members of one, or statements of a method. */
    private String errors(String text) {
        Matcher type = TYPE.matcher(text);
        if (type.find()) {
            return compile(type.group(1), text.contains("import ") ? text : IMPORTS + text);
        }
        String asMembers = compile("Snippet", String.format(MEMBERS, text));
        if (asMembers.isEmpty()) {
            return "";
        }
        String asStatements = compile("Snippet", String.format(STATEMENTS, text));
        // what is no method's body at all has more errors than the members of a class with one
        return asStatements.isEmpty() || asStatements.length() < asMembers.length() ? asStatements : asMembers;
    }

    private String compile(String name, String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        List<String> options = List.of(
                "-proc:none",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                "-Xlint:none");
        boolean good = compiler.getTask(errors, null, null, options, null, List.of(new Text(name, text)))
                .call();
        return good ? "" : errors.toString();
    }

    /** A file in memory. */
    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String name, String text) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
