package org.patchreel.example;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The host's API: recordings that belong together, and what is known of them. */
public final class MediaPackage {

    /**
     * A film in the package.
     *
     * @param title what people call it
     * @param file the film
     */
    public record Track(String title, Path file) {}

    private final Map<String, String> properties;
    private final List<Track> tracks = new CopyOnWriteArrayList<>();

    /**
     * Creates one without tracks.
     *
     * @param properties its metadata, {@code title} among them
     */
    public MediaPackage(Map<String, String> properties) {
        this.properties = Map.copyOf(properties);
    }

    /** {@return its metadata} */
    public Map<String, String> properties() {
        return properties;
    }

    /** {@return its tracks} */
    public List<Track> tracks() {
        return List.copyOf(tracks);
    }

    /**
     * Adds a track.
     *
     * @param track the track
     */
    public void add(Track track) {
        tracks.add(track);
    }
}
