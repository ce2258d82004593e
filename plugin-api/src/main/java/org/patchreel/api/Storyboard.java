package org.patchreel.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Shots of one clip as a text describes them, before the pictures and clips that it names are found. {@link
 * VideoGenerator#storyboard} reads one. Immutable.
 *
 * @param panels the shots in their order, one or more
 */
public record Storyboard(List<Panel> panels) {

    /** Maximum length of the text in UTF-16 units. */
    public static final int MAX_LENGTH = 1 << 18;

    /**
     * Checks that there is a shot.
     *
     * @throws IllegalArgumentException if there is none
     * @throws NullPointerException if the list is null; the message is its name
     */
    public Storyboard {
        panels = List.copyOf(Objects.requireNonNull(panels, "panels"));
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("a storyboard has at least one shot");
        }
    }

    /**
     * A shot and what it is made of.
     *
     * @param shot without sources
     * @param media names its sources
     */
    public record Panel(Shot shot, List<Named> media) {

        /** Copies the list. */
        public Panel {
            media = List.copyOf(media);
        }
    }

    /**
     * A picture or clip that is named.
     *
     * @param key of the text that names it, for messages
     * @param path in the terms of whoever has written the text
     * @param use what it is for
     */
    public record Named(String key, String path, MediaUse use) {}

    /** Reads storyboards, as {@link VideoGenerator#storyboard} does. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Reads one.
         *
         * @param name of the text, for messages
         * @param text in JSON or YAML
         * @return the storyboard
         * @throws IllegalArgumentException if it is none; the message names the text, the shot and the value
         */
        Storyboard read(String name, String text);
    }

    /** Finds pictures and clips. */
    @FunctionalInterface
    public interface MediaFinder {

        /**
         * Finds one.
         *
         * @param path as the storyboard names it
         * @return the picture or clip
         * @throws IllegalArgumentException if it is not there or cannot be taken; the message names it
         * @throws IOException if it cannot be read or kept
         */
        Media find(String path) throws IOException;
    }

    /**
     * Makes the shots of a request.
     *
     * @param finder finds the pictures and clips
     * @return the shots in their order
     * @throws IllegalArgumentException if a picture or clip is not there; the message names the shot, the key and the path
     * @throws IOException if one cannot be read or kept
     */
    public List<Shot> shots(MediaFinder finder) throws IOException {
        List<Shot> shots = new ArrayList<>();
        for (Panel panel : panels) {
            String place = "shot " + (shots.size() + 1);
            List<Source> sources = new ArrayList<>();
            for (Named named : panel.media()) {
                sources.add(named.use().source(find(named, place, finder)));
            }
            Shot shot = panel.shot();
            try {
                shots.add(new Shot(
                        shot.prompt(), shot.negativePrompt(), shot.length(), sources, shot.camera(), shot.next()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(shots);
    }

    private static Media find(Named named, String place, MediaFinder finder) throws IOException {
        try {
            return finder.find(named.path());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ", " + named.key() + ": " + e.getMessage(), e);
        }
    }
}
