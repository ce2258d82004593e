package org.patchreel.impl.c2pa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.patchreel.api.AssetMetadata;
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
    private final String title;
    private final Map<String, Object> generator;
    private final List<SuperBox> assertions;
    private final List<SuperBox> gathered;
    private final List<byte[]> ingredientManifests;

    /**
     * Collects what goes into the manifest of a file.
     *
     * @param description title and generator
     * @param assertions all that the signer answers for, but the hard binding
     * @param gathered assertions of what others have stated
     * @param ingredientManifests whole manifest boxes that stand ahead of this one in the store
     */
    ManifestDraft(
            ManifestDescription description,
            List<SuperBox> assertions,
            List<SuperBox> gathered,
            List<byte[]> ingredientManifests) {
        this.title = description.title();
        this.generator = generator(description.generatorName(), description.generatorVersion(), description.provider());
        this.assertions = List.copyOf(assertions);
        this.gathered = List.copyOf(gathered);
        this.ingredientManifests = List.copyOf(ingredientManifests);
    }

    /**
     * Collects what goes into an update manifest, which has no hard binding: that of the manifest before it counts.
     *
     * @param update title and generator
     * @param assertions all
     */
    ManifestDraft(ManifestUpdate update, List<SuperBox> assertions) {
        this.title = update.title();
        this.generator = generator(update.generatorName(), update.generatorVersion(), update.provider());
        this.assertions = List.copyOf(assertions);
        this.gathered = List.of();
        this.ingredientManifests = List.of();
    }

    /** What makes the claim; its provider under names of ours, as the standard has none. */
    private static Map<String, Object> generator(String name, String version, Optional<AssetMetadata.Provider> named) {
        Map<String, Object> generator =
                new HashMap<>(Map.of("name", name, "version", version, "specVersion", SPECIFICATION_VERSION));
        named.ifPresent(provider -> {
            generator.put(GeneratorFields.PROVIDER, provider.name());
            provider.detector().ifPresent(address -> generator.put(GeneratorFields.DETECTOR, address));
        });
        return generator;
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
        return claim(List.of(hardBinding));
    }

    /** {@return the CBOR of the claim of an update} */
    byte[] updateClaim() {
        return claim(List.of());
    }

    private byte[] claim(List<SuperBox> hardBindings) {
        Map<String, Object> claim = new HashMap<>(Map.of(
                "instanceID",
                "xmp:iid:" + uuid,
                "claim_generator_info",
                generator,
                "signature",
                "self#jumbf=/c2pa/" + label() + "/" + SIGNATURE,
                "created_assertions",
                Stream.concat(hardBindings.stream(), assertions.stream())
                        .map(Assertions::hashedUri)
                        .toList(),
                "dc:title",
                title,
                "alg",
                "sha256"));
        if (!gathered.isEmpty()) {
            claim.put(
                    "gathered_assertions",
                    gathered.stream().map(Assertions::hashedUri).toList());
        }
        return CborWriter.write(claim);
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
        List<byte[]> manifests = new ArrayList<>(ingredientManifests);
        manifests.add(manifest("c2ma", List.of(hardBinding), claim, signature));
        return SuperBox.of("c2pa", "c2pa", manifests.toArray(byte[][]::new)).bytes();
    }

    /**
     * The box of an update manifest.
     *
     * @param claim its CBOR
     * @param signature a COSE_Sign1 structure
     * @return the JUMBF superbox
     */
    byte[] update(byte[] claim, byte[] signature) {
        return manifest("c2um", List.of(), claim, signature);
    }

    private byte[] manifest(String type, List<SuperBox> hardBindings, byte[] claim, byte[] signature) {
        byte[][] assertionBoxes = Stream.of(hardBindings, assertions, gathered)
                .flatMap(List::stream)
                .map(SuperBox::bytes)
                .toArray(byte[][]::new);
        return SuperBox.of(
                        type,
                        label(),
                        SuperBox.of("c2as", "c2pa.assertions", assertionBoxes).bytes(),
                        SuperBox.ofCbor("c2cl", "c2pa.claim.v2", claim).bytes(),
                        SuperBox.ofCbor("c2cs", SIGNATURE, signature).bytes())
                .bytes();
    }
}
