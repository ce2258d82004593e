package org.patchreel.aem;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The name of an asset's node: its title, without what a name cannot hold in JCR or in AEM's Assets console. */
final class DamAssetName {

    private static final int SIBLINGS = 99;

    /** Oak's document store takes names of 150 bytes, some of which the sibling's number and the extension need. */
    private static final int MAX_BYTES = 130;

    private static final Pattern FORBIDDEN = Pattern.compile("[/:\\[\\]|*\\\\#%{}?&\"'<>^;+]");
    private static final Pattern EDGES = Pattern.compile("^[\\s.-]+|[\\s.-]+$", Pattern.UNICODE_CHARACTER_CLASS);

    private DamAssetName() {}

    /**
     * The names that an asset may get, the best first.
     *
     * @param title what people call it
     * @param id the asset's ID
     * @param extension with its dot
     * @return the title's name, its siblings {@code -2} to {@code -99}, then the ID's name
     */
    static Stream<String> candidates(Optional<String> title, String id, String extension) {
        String plain =
                title.map(DamAssetName::plain).filter(name -> !name.isEmpty()).orElse(id);
        Stream<String> siblings = IntStream.rangeClosed(2, SIBLINGS).mapToObj(n -> plain + "-" + n);
        return Stream.of(Stream.of(plain), siblings, Stream.of(plain + "-" + id))
                .flatMap(names -> names)
                .map(name -> name + extension);
    }

    private static String plain(String title) {
        String name = FORBIDDEN
                .matcher(Normalizer.normalize(title, Normalizer.Form.NFC))
                .replaceAll("-");
        StringBuilder shortened = new StringBuilder();
        int bytes = 0;
        for (int c : name.codePoints().toArray()) {
            bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES - 27) {
                break;
            }
            shortened.appendCodePoint(c);
        }
        return EDGES.matcher(shortened).replaceAll("");
    }
}
