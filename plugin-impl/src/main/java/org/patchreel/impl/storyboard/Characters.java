package org.patchreel.impl.storyboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.patchreel.api.MediaUse;
import org.patchreel.api.Source;
import org.patchreel.api.Storyboard.Named;

/**
 * Whom or what the shots of a storyboard show again and again. A prompt names one in braces, and its description is written
 * there, so that every shot describes it in the same words; its pictures go with the shot.
 *
 * @param all by name
 */
record Characters(Map<String, Described> all) {

    /**
     * One of them.
     *
     * @param description in words
     * @param images paths of pictures
     */
    record Described(String description, List<String> images) {}

    private static final int MAX_CHARACTERS = 100;
    private static final String NAME = "[\\p{L}\\p{M}\\p{N}_-]{1," + Source.Reference.MAX_NAME_LENGTH + "}";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\s*(" + NAME + ")\\s*}");
    private static final Set<String> KEYS = Set.of("description", "images");

    /**
     * Reads the characters of a storyboard.
     *
     * @throws IllegalArgumentException if a name is malformed, a description is missing or names another character, or a
     *     picture is no path; the message names it
     */
    static Characters of(Keys storyboard) {
        Map<String, Described> characters = new LinkedHashMap<>();
        Optional<JsonNode> all = storyboard.value("characters");
        if (all.isEmpty()) {
            return new Characters(characters);
        }
        if (!all.get().isObject()) {
            throw storyboard.refused("characters is not a list of names and descriptions");
        }
        if (all.get().size() > MAX_CHARACTERS) {
            throw storyboard.refused("characters: there are " + all.get().size() + ", at most " + MAX_CHARACTERS);
        }
        for (Map.Entry<String, JsonNode> each : all.get().properties()) {
            String name = each.getKey();
            if (!name.matches(NAME)) {
                throw storyboard.refused("characters: a name has 1 to "
                        + Source.Reference.MAX_NAME_LENGTH + " letters, digits, _ and -: "
                        + name.substring(0, Math.min(60, name.length())));
            }
            characters.put(name, character(name, each.getValue(), storyboard));
        }
        return new Characters(characters);
    }

    private static Described character(String name, JsonNode value, Keys storyboard) {
        Keys character = new Keys(storyboard.place() + "character " + name + ": ", value);
        String text;
        List<String> images = new ArrayList<>();
        if (value.isTextual()) {
            text = new Keys(
                            storyboard.place() + "characters: ",
                            storyboard.value("characters").orElseThrow())
                    .text(name)
                    .orElseThrow();
        } else {
            character.check(KEYS);
            text = character.text("description").orElseThrow(() -> character.refused("description is missing"));
            for (JsonNode image : character.list("images")) {
                if (!image.isTextual() || image.textValue().isBlank()) {
                    throw character.refused("images has an entry that is no path: " + image);
                }
                images.add(image.textValue().strip());
            }
        }
        Matcher other = PLACEHOLDER.matcher(text);
        if (other.find()) {
            throw character.refused("a description names no other character: " + other.group());
        }
        return new Described(text, List.copyOf(images));
    }

    /**
     * The pictures of the characters that a prompt names.
     *
     * @param prompt with names in braces, all of them known
     * @return in the order in which they are named
     */
    List<Named> pictures(String prompt) {
        return PLACEHOLDER
                .matcher(prompt)
                .results()
                .map(name -> name.group(1))
                .distinct()
                .flatMap(name -> known(name).images().stream()
                        .map(path -> new Named("character " + name, path, new MediaUse.Referenced(name))))
                .toList();
    }

    private Described known(String name) {
        return Optional.ofNullable(all.get(name))
                .orElseThrow(() -> new IllegalArgumentException("unknown character " + name + ", known: "
                        + (all.isEmpty() ? "none" : String.join(", ", all.keySet()))));
    }

    /**
     * Writes descriptions in the place of names.
     *
     * @param prompt with names in braces; a brace that begins no name stands for itself
     * @return the prompt
     * @throws IllegalArgumentException if there is no character of a name; the message names it
     */
    String described(String prompt) {
        return PLACEHOLDER
                .matcher(prompt)
                .replaceAll(
                        name -> Matcher.quoteReplacement(known(name.group(1)).description()));
    }
}
