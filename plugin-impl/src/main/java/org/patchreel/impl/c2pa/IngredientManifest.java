package org.patchreel.impl.c2pa;

import java.util.List;
import java.util.Map;

/**
 * The manifests that an ingredient carries.
 *
 * @param manifests whole manifest boxes, the active one last
 * @param activeManifest hashed URI of the active manifest
 * @param claimSignature hashed URI of its signature
 * @param validationResults what the validation of the ingredient found
 */
record IngredientManifest(
        List<byte[]> manifests,
        Map<String, Object> activeManifest,
        Map<String, Object> claimSignature,
        Map<String, Object> validationResults) {}
