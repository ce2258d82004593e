package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.api.AssetId;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.spi.AssetStore;

/**
 * Finds pictures and clips that were named on the console: files, which are copied into the source store, and assets.
 *
 * @param assets knows the assets
 * @param sources keeps the files
 */
record SourceArguments(AssetStore assets, SourceStore sources) {

    /**
     * Finds one.
     *
     * @param directory that relative names start from
     * @param option that named it, for messages
     * @param text a file's name, or else an asset's ID
     * @throws IllegalArgumentException if there is neither, or the store does not take the file; the message names it
     * @throws IOException if the file cannot be read or kept
     */
    Media media(Path directory, String option, String text) throws IOException {
        return find(directory, text)
                .orElseThrow(
                        () -> new IllegalArgumentException(option + ": there is neither a file nor an asset " + text));
    }

    /**
     * Finds one, or nothing.
     *
     * @param directory as above
     * @param text as above
     * @return empty if there is neither a file nor an asset
     * @throws IllegalArgumentException if the store does not take the file; the message names it
     * @throws IOException as above
     */
    Optional<Media> find(Path directory, String text) throws IOException {
        Optional<Path> file = file(directory, text);
        if (file.isPresent()) {
            try (InputStream in = Files.newInputStream(file.get())) {
                return Optional.of(sources.put(in, String.valueOf(file.get().getFileName())));
            }
        }
        return AssetId.isValid(text) && assets.find(text).isPresent()
                ? Optional.of(new Media.Asset(text))
                : Optional.empty();
    }

    private static Optional<Path> file(Path directory, String text) {
        try {
            return Optional.of(directory.resolve(text)).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * The prompt of an asset, for what is made of its clip without another one.
     *
     * @param media what the clip is made of
     * @return the prompt; empty if it is no asset's clip
     * @throws IOException if the store cannot be read
     */
    Optional<String> prompt(Media media) throws IOException {
        return media instanceof Media.Asset asset
                ? assets.find(asset.id()).map(stored -> stored.metadata().prompt())
                : Optional.empty();
    }
}
