package org.patchreel.impl.c2pa.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.spi.PrintableText;

/** What a file was made of, and that in turn, as far as the manifests of its store say. */
final class IngredientTree {

    private static final int MAX_DEPTH = 8;

    /** Two manifests of eight ingredients each that share theirs are a small store with a large tree. */
    private static final int MAX_INGREDIENTS = 200;

    private final ManifestStore store;
    private int left = MAX_INGREDIENTS;

    private IngredientTree(ManifestStore store) {
        this.store = store;
    }

    /**
     * Reads the ingredients of a file.
     *
     * @param ofFile the manifests of the file: updates, the newest first, and what they update
     * @param store has the manifests of ingredients
     * @return the ingredients; what an update names is the file itself, and left out
     */
    static List<ProvenanceReport.Ingredient> of(List<ParsedManifest> ofFile, ManifestStore store) {
        return new IngredientTree(store).ingredients(ofFile.get(ofFile.size() - 1), MAX_DEPTH);
    }

    private List<ProvenanceReport.Ingredient> ingredients(ParsedManifest manifest, int depth) {
        List<ProvenanceReport.Ingredient> ingredients = new ArrayList<>();
        if (depth > 0) {
            for (Ingredient each : manifest.ingredients().values()) {
                if (left > 0) {
                    left--;
                    ingredients.add(ingredient(each, depth));
                }
            }
        }
        return List.copyOf(ingredients);
    }

    private ProvenanceReport.Ingredient ingredient(Ingredient ingredient, int depth) {
        Optional<String> label = ingredient.manifest().flatMap(uri -> JumbfUri.manifestOf(uri.url()));
        Optional<ParsedManifest> manifest =
                label.flatMap(each -> Optional.ofNullable(store.manifests().get(each)));
        return new ProvenanceReport.Ingredient(
                relationship(ingredient),
                PrintableText.of(ingredient.title().orElse("")),
                PrintableText.of(ingredient.format().orElse("")),
                PrintableText.of(label.orElse("")),
                manifest.map(ParsedManifest::signer).orElse(""),
                ingredient.recordedFailures(),
                manifest.map(each -> ingredients(each, depth - 1)).orElse(List.of()));
    }

    private static Relationship relationship(Ingredient ingredient) {
        return switch (ingredient.relationship()) {
            case Ingredient.PARENT_OF -> Relationship.PARENT_OF;
            case Ingredient.INPUT_TO -> Relationship.INPUT_TO;
            default -> Relationship.COMPONENT_OF;
        };
    }
}
