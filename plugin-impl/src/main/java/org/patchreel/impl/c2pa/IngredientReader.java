package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** Takes the manifests over that a file brings along, with what their validation finds. */
final class IngredientReader {
    /** A picture in memory; one that is larger is named without its manifest. */
    private static final int MAX_PICTURE = 64 << 20;

    private final ManifestValidator validator;

    IngredientReader(ManifestValidator validator) {
        this.validator = validator;
    }

    /**
     * Reads a file. One whose manifest is not well-formed counts as one without; one whose manifest does not hold is taken
     * over, and the findings say so.
     *
     * @param ingredient an MP4 or MOV clip, or a JPEG or PNG picture; other kinds carry nothing that is read here
     * @return its manifests; empty if it carries none
     * @throws IOException if it cannot be read
     */
    Optional<IngredientManifest> read(ManifestDescription.Ingredient ingredient) throws IOException {
        return switch (ingredient.mediaType()) {
            case "image/jpeg", "image/png" -> picture(ingredient.file());
            default -> clip(ingredient.file());
        };
    }

    private Optional<IngredientManifest> clip(Path file) throws IOException {
        Optional<byte[]> store = validator.manifestStore(file);
        if (store.isEmpty()) {
            return Optional.empty();
        }
        return IngredientManifest.of(store.get(), validator.validate(file).codes());
    }

    private Optional<IngredientManifest> picture(Path file) throws IOException {
        byte[] picture;
        try (InputStream in = Files.newInputStream(file)) {
            picture = in.readNBytes(MAX_PICTURE + 1);
        }
        if (picture.length > MAX_PICTURE) {
            return Optional.empty();
        }
        Optional<byte[]> store = PictureManifest.store(picture);
        if (store.isEmpty()) {
            return Optional.empty();
        }
        List<Status> findings =
                new ArrayList<>(validator.validateStore(store.get()).codes());
        PictureManifest.binding(picture, store.get()).ifPresent(findings::add);
        return IngredientManifest.of(store.get(), findings);
    }
}
