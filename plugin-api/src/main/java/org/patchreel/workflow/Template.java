package org.patchreel.workflow;

import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text with placeholders for properties of the payload: {@code a poster of {dc:title}, {dc:subject} style}. A brace that
 * begins no placeholder stands for itself.
 *
 * @param text with placeholders
 */
public record Template(String text) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([\\w.:/-]{1,100})}");

    /** {@return the names of the properties that placeholders stand for} */
    public Set<String> placeholders() {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(placeholder -> placeholder.group(1))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Fills the placeholders.
     *
     * @param payload has the properties
     * @return the text; what a property holds is taken as it is, and not filled again
     * @throws IllegalArgumentException if the payload lacks a property or it is blank; the message names it
     * @throws IOException if the payload cannot be read
     */
    public String fill(StepPayload payload) throws IOException {
        Matcher placeholder = PLACEHOLDER.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (placeholder.find()) {
            String name = placeholder.group(1);
            String value = payload.property(name)
                    .filter(found -> !found.isBlank())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the payload has no property " + name + ", which {" + name + "} stands for"));
            placeholder.appendReplacement(filled, Matcher.quoteReplacement(value.strip()));
        }
        return placeholder.appendTail(filled).toString();
    }
}
