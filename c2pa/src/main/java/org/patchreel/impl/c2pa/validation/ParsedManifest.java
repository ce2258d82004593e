package org.patchreel.impl.c2pa.validation;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.impl.c2pa.cose.ClaimSignature;
import org.patchreel.impl.c2pa.cose.CoseException;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.spi.PrintableText;

/**
 * A manifest of a manifest store.
 *
 * @param label {@code urn:c2pa:…}
 * @param isUpdate whether it is an update manifest: one that adds to another without a change to the file
 * @param claim its claim
 * @param signature bytes of its signature
 * @param signatureBox the box of the signature
 * @param assertions those in its box by label, in order
 * @param ingredients what those of ingredients say, by label; without those that are not of the right form
 * @param databoxes its data boxes
 * @param box its box
 */
record ParsedManifest(
        String label,
        boolean isUpdate,
        Claim claim,
        ByteBuffer signature,
        JumbfBox.Super signatureBox,
        Map<String, Assertion> assertions,
        Map<String, Ingredient> ingredients,
        List<JumbfBox.Super> databoxes,
        JumbfBox.Super box) {

    /** {@return the subject of the signing certificate, printable; empty if it cannot be read} */
    String signer() {
        try {
            return PrintableText.of(ClaimSignature.read(signature).signer());
        } catch (CoseException e) {
            return "";
        }
    }

    /** {@return the assertions of a kind, of any version} */
    List<Assertion> assertions(String kind) {
        return assertions.values().stream()
                .filter(assertion -> assertion.kind().equals(kind))
                .toList();
    }

    /** {@return the assertion with a label} */
    Optional<Assertion> assertion(String assertionLabel) {
        return Optional.ofNullable(assertions.get(assertionLabel));
    }

    /** {@return the assertions that bind the manifest to bytes; from version 2 on the signer must answer for them} */
    List<Assertion> hardBindings() {
        return assertions.values().stream()
                .filter(assertion -> switch (assertion.kind()) {
                    case "c2pa.hash.data", "c2pa.hash.bmff", "c2pa.hash.boxes" -> assertion.created();
                    default -> false;
                })
                .toList();
    }
}
