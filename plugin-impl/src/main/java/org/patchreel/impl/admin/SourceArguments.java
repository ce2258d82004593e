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
     * @throws IllegalArgumentException if there is neither; the message names it
     * @throws IOException if the file cannot be read
     */
    Media media(Path directory, String option, String text) throws IOException {
        Path file = file(directory, option, text);
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                return sources.put(in, String.valueOf(file.getFileName()));
            }
        }
        if (AssetId.isValid(text) && assets.find(text).isPresent()) {
            return new Media.Asset(text);
        }
        throw new IllegalArgumentException(option + ": there is neither a file nor an asset " + text);
    }

    private static Path file(Path directory, String option, String text) {
        try {
            return directory.resolve(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(option + ": there is neither a file nor an asset " + text, e);
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
