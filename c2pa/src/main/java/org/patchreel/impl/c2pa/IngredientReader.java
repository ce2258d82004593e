package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** Takes the manifests over that a file brings along, with what their validation finds. */
final class IngredientReader {
    private final ManifestValidator validator;

    IngredientReader(ManifestValidator validator) {
        this.validator = validator;
    }

    /**
     * Reads a file. One whose manifest is not well-formed counts as one without; one whose manifest does not hold is taken
     * over, and the findings say so. One without has the manifest that its watermark leads to, if there is one; that this is not
     * bound to the file's bytes, the assertion says.
     *
     * @param ingredient a video or picture; one of a format whose manifests are not read counts as one without
     * @return its manifests; empty if there are none
     * @throws IOException if it cannot be read
     */
    Optional<IngredientManifest> read(ManifestDescription.Ingredient ingredient) throws IOException {
        Optional<byte[]> store = validator.manifestStore(ingredient.file());
        if (store.isPresent()) {
            return IngredientManifest.of(
                    store.get(), validator.validate(ingredient.file()).codes());
        }
        return ingredient
                .recovered()
                .flatMap(recovered -> IngredientManifest.of(
                                recovered.store(),
                                validator
                                        .examineStore(recovered.store())
                                        .report()
                                        .codes())
                        .map(manifest -> manifest.foundBy(recovered.algorithm())));
    }

    /**
     * Reads a file whose manifest must hold.
     *
     * @param ingredient a video or picture
     * @return its manifests; empty if there are none
     * @throws IOException if it cannot be read, or its manifest is not valid; the message has what was found
     */
    Optional<IngredientManifest> readValid(ManifestDescription.Ingredient ingredient) throws IOException {
        ProvenanceReport.Manifest report = validator.validate(ingredient.file());
        if (report.state() == ManifestState.INVALID) {
            throw new IOException(ingredient.file() + ": its manifest does not hold: "
                    + report.codes().stream()
                            .filter(status -> status.outcome() == Outcome.FAILURE)
                            .map(Status::code)
                            .collect(Collectors.joining(", ")));
        }
        return validator
                .manifestStore(ingredient.file())
                .flatMap(store -> IngredientManifest.of(store, report.codes()));
    }
}
