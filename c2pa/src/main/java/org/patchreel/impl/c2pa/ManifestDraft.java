package org.patchreel.impl.c2pa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.GeneratorFields;

/**
 * A manifest in the making: its label and all its assertions but the hard binding, whose hash comes last (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_manifests">C2PA 2.2,
 * 11</a>).
 */
final class ManifestDraft {
    /** The version of the specification that the assertions are taken from. */
    private static final String SPECIFICATION_VERSION = "2.4";

    private static final String SIGNATURE = "c2pa.signature";

    private final String uuid = UUID.randomUUID().toString();
    private final ManifestDescription description;
    private final List<SuperBox> assertions;
    private final List<byte[]> ingredientManifests;

    /**
     * Collects what goes in.
     *
     * @param description title and generator
     * @param assertions all but the hard binding
     * @param ingredientManifests whole manifest boxes that stand ahead of this one in the store
     */
    ManifestDraft(ManifestDescription description, List<SuperBox> assertions, List<byte[]> ingredientManifests) {
        this.description = description;
        this.assertions = List.copyOf(assertions);
        this.ingredientManifests = List.copyOf(ingredientManifests);
    }

    String label() {
        return "urn:c2pa:" + uuid;
    }

    /**
     * The claim: what is signed.
     *
     * @param hardBinding binds it to the file
     * @return its CBOR; as long as that for every other hash
     */
    byte[] claim(SuperBox hardBinding) {
        List<Map<String, Object>> created = new ArrayList<>(List.of(Assertions.hashedUri(hardBinding)));
        assertions.forEach(assertion -> created.add(Assertions.hashedUri(assertion)));
        return CborWriter.write(Map.of(
                "instanceID",
                "xmp:iid:" + uuid,
                "claim_generator_info",
                generator(),
                "signature",
                "self#jumbf=/c2pa/" + label() + "/" + SIGNATURE,
                "created_assertions",
                created,
                "dc:title",
                description.title(),
                "alg",
                "sha256"));
    }

    /** What made the claim; its provider under names of ours, as the standard has none. */
    private Map<String, Object> generator() {
        Map<String, Object> generator = new HashMap<>(Map.of(
                "name",
                description.generatorName(),
                "version",
                description.generatorVersion(),
                "specVersion",
                SPECIFICATION_VERSION));
        description.provider().ifPresent(provider -> {
            generator.put(GeneratorFields.PROVIDER, provider.name());
            provider.detector().ifPresent(address -> generator.put(GeneratorFields.DETECTOR, address));
        });
        return generator;
    }

    /**
     * The manifest store: the manifests of the ingredients, then this one, which being the last is the active one.
     *
     * @param hardBinding the one that the claim refers to
     * @param claim its CBOR
     * @param signature a COSE_Sign1 structure
     * @return the JUMBF superbox
     */
    byte[] store(SuperBox hardBinding, byte[] claim, byte[] signature) {
        List<byte[]> assertionBoxes = new ArrayList<>(List.of(hardBinding.bytes()));
        assertions.forEach(assertion -> assertionBoxes.add(assertion.bytes()));
        SuperBox manifest = SuperBox.of(
                "c2ma",
                label(),
                SuperBox.of("c2as", "c2pa.assertions", assertionBoxes.toArray(byte[][]::new))
                        .bytes(),
                SuperBox.ofCbor("c2cl", "c2pa.claim.v2", claim).bytes(),
                SuperBox.ofCbor("c2cs", SIGNATURE, signature).bytes());
        List<byte[]> manifests = new ArrayList<>(ingredientManifests);
        manifests.add(manifest.bytes());
        return SuperBox.of("c2pa", "c2pa", manifests.toArray(byte[][]::new)).bytes();
    }
}
