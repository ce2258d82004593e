package org.patchreel.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links of the documentation lead somewhere. Those to other sites are not tried. */
class LinksTest {

    private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

    @Test
    void linksOfTheRepositoryLeadToFilesAndHeadings() throws IOException {
        List<String> dead = new ArrayList<>();
        int tried = 0;
        for (MarkdownPage page : Documentation.pages()) {
            if (!page.file().startsWith(Distribution.MODULE)) { // its page is at home in the distribution alone
                tried += page.links().size();
                dead.addAll(deadLinks(page, page.file(), Files::exists, path -> path));
            }
        }
        assertEquals(List.of(), dead);
        assertTrue(tried > 100, "only " + tried + " links were found");
    }

    @Test
    void linksOfTheDistributionLeadToItsOwnFiles() throws IOException {
        Path root = Path.of("/");
        Map<Path, Path> files = Distribution.files();
        List<String> dead = new ArrayList<>();
        int pages = 0;
        for (Map.Entry<Path, Path> file : files.entrySet()) {
            if (file.getKey().toString().endsWith(".md")) {
                pages++;
                Predicate<Path> exists = path -> files.keySet().stream()
                        .anyMatch(each -> root.resolve(each).startsWith(path));
                dead.addAll(deadLinks(
                        MarkdownPage.read(file.getValue()),
                        root.resolve(file.getKey()),
                        exists,
                        path -> files.get(root.relativize(path))));
            }
        }
        assertEquals(List.of(), dead);
        assertTrue(pages > 5, "only " + pages + " pages are in the distribution");
    }

    @Test
    void aDeadLinkAndADeadAnchorAreNoticed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("page.md");
        Files.writeString(file, """
                # One heading, `code`
                [good](#one-heading-code) [bad](#two) [missing](no.md) [folder](.) `[code](no.md)`
                ```
                [snippet](no.md)
                ```
                """);
        List<String> dead = deadLinks(MarkdownPage.read(file), file, Files::exists, path -> path);
        assertEquals(2, dead.size(), dead.toString());
        assertTrue(dead.get(0).endsWith("page.md:2: #two"), dead.get(0));
        assertTrue(dead.get(1).endsWith("page.md:2: no.md"), dead.get(1));
    }

    /** Where a page stands, where files are, and where their text is read from. */
    private static List<String> deadLinks(
            MarkdownPage page, Path place, Predicate<Path> exists, UnaryOperator<Path> source) throws IOException {
        List<String> dead = new ArrayList<>();
        for (Map.Entry<Integer, String> link : page.links()) {
            String target = link.getValue();
            if (!ELSEWHERE.matcher(target).matches() && !leads(page, place, target, exists, source)) {
                dead.add(place + ":" + link.getKey() + ": " + target);
            }
        }
        return dead;
    }

    private static boolean leads(
            MarkdownPage page, Path place, String target, Predicate<Path> exists, UnaryOperator<Path> source)
            throws IOException {
        int hash = target.indexOf('#');
        String path = URLDecoder.decode(hash < 0 ? target : target.substring(0, hash), StandardCharsets.UTF_8);
        Path file = path.isEmpty() ? place : place.resolveSibling(path).normalize();
        if (!path.isEmpty() && !exists.test(file)) {
            return false;
        }
        if (hash < 0) {
            return true;
        }
        MarkdownPage linked = path.isEmpty() ? page : MarkdownPage.read(source.apply(file));
        return linked.anchors().contains(target.substring(hash + 1));
    }
}
