package org.patchreel.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sources, which Maven compiles against the API of the Cloud Service, compile against that of 6.5 LTS as well. */
class LtsApiTest {

    private static final Path API = Path.of("target/lts/uber-jar-apis.jar");

    @TempDir
    Path output;

    private List<String> errors(String api) throws IOException {
        String own = Path.of("target").toAbsolutePath().toString();
        String others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("aem-sdk-api") && !entry.startsWith(own))
                .collect(Collectors.joining(File.pathSeparator));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8);
                Stream<Path> tree = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    tree.filter(path -> path.toString().endsWith(".java")).toList();
            assertTrue(sources.size() > 8);
            String classPath = others + File.pathSeparator + api;
            compiler.getTask(
                            null,
                            files,
                            diagnostics,
                            List.of("-proc:none", "-d", output.toString(), "-cp", classPath),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .toList();
    }

    @Test
    void theSourcesCompileAgainstTheApiOf65() throws IOException {
        assertTrue(Files.size(API) > 1_000_000);
        assertEquals(List.of(), errors(API.toString()));
    }

    @Test
    void theyDoNotWithoutAnApiOfAem() throws IOException {
        assertTrue(errors("").stream().anyMatch(error -> error.contains("com.adobe.granite.workflow")));
    }
}
