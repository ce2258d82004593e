package org.patchreel.impl.c2pa.status;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.patchreel.api.ProvenanceReport.Status.Outcome;

/**
 * C2PA's status codes, those that are given here (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_validation_status_codes">C2PA
 * 2.2, 15.2.2</a>; a few are of later versions). The outcome of each is that of c2pa-rs.
 */
public enum StatusCode {
    CLAIM_SIGNATURE_VALIDATED("claimSignature.validated", Outcome.SUCCESS),
    CLAIM_SIGNATURE_INSIDE_VALIDITY("claimSignature.insideValidity", Outcome.SUCCESS),
    SIGNING_CREDENTIAL_TRUSTED("signingCredential.trusted", Outcome.SUCCESS),
    TIME_STAMP_VALIDATED("timeStamp.validated", Outcome.SUCCESS),
    TIME_STAMP_TRUSTED("timeStamp.trusted", Outcome.SUCCESS),
    ASSERTION_HASHED_URI_MATCH("assertion.hashedURI.match", Outcome.SUCCESS),
    ASSERTION_BMFF_HASH_MATCH("assertion.bmffHash.match", Outcome.SUCCESS),
    ASSERTION_DATA_HASH_MATCH("assertion.dataHash.match", Outcome.SUCCESS),
    ASSERTION_BOXES_HASH_MATCH("assertion.boxesHash.match", Outcome.SUCCESS),
    INGREDIENT_MANIFEST_VALIDATED("ingredient.manifest.validated", Outcome.SUCCESS),
    INGREDIENT_CLAIM_SIGNATURE_VALIDATED("ingredient.claimSignature.validated", Outcome.INFORMATIONAL),
    INGREDIENT_UNKNOWN_PROVENANCE("ingredient.unknownProvenance", Outcome.INFORMATIONAL),
    SIGNING_CREDENTIAL_OCSP_NOT_REVOKED("signingCredential.ocsp.notRevoked", Outcome.SUCCESS),
    SIGNING_CREDENTIAL_OCSP_UNKNOWN("signingCredential.ocsp.unknown", Outcome.INFORMATIONAL),
    SIGNING_CREDENTIAL_OCSP_SKIPPED("signingCredential.ocsp.skipped", Outcome.INFORMATIONAL),
    ASSERTION_BMFF_HASH_ADDITIONAL_EXCLUSIONS_PRESENT(
            "assertion.bmffHash.additionalExclusionsPresent", Outcome.INFORMATIONAL),
    ASSERTION_DATA_HASH_ADDITIONAL_EXCLUSIONS_PRESENT(
            "assertion.dataHash.additionalExclusionsPresent", Outcome.INFORMATIONAL),
    ASSERTION_BOXES_HASH_ADDITIONAL_EXCLUSIONS_PRESENT(
            "assertion.boxesHash.additionalExclusionsPresent", Outcome.INFORMATIONAL),
    /** Not one of C2PA's: there may be a manifest, and it is not read. */
    MANIFEST_UNREAD("org.patchreel.manifest.unread", Outcome.INFORMATIONAL),
    TIME_STAMP_MISMATCH("timeStamp.mismatch", Outcome.INFORMATIONAL),
    TIME_STAMP_MALFORMED("timeStamp.malformed", Outcome.INFORMATIONAL),
    TIME_STAMP_OUTSIDE_VALIDITY("timeStamp.outsideValidity", Outcome.INFORMATIONAL),
    TIME_STAMP_UNTRUSTED("timeStamp.untrusted", Outcome.INFORMATIONAL),
    CLAIM_MISSING("claim.missing", Outcome.FAILURE),
    CLAIM_MULTIPLE("claim.multiple", Outcome.FAILURE),
    CLAIM_MALFORMED("claim.malformed", Outcome.FAILURE),
    CLAIM_CBOR_INVALID("claim.cbor.invalid", Outcome.FAILURE),
    CLAIM_HARD_BINDINGS_MISSING("claim.hardBindings.missing", Outcome.FAILURE),
    ASSERTION_MULTIPLE_HARD_BINDINGS("assertion.multipleHardBindings", Outcome.FAILURE),
    CLAIM_SIGNATURE_MISSING("claimSignature.missing", Outcome.FAILURE),
    CLAIM_SIGNATURE_MISMATCH("claimSignature.mismatch", Outcome.FAILURE),
    MANIFEST_INACCESSIBLE("manifest.inaccessible", Outcome.FAILURE),
    MANIFEST_MULTIPLE_PARENTS("manifest.multipleParents", Outcome.FAILURE),
    MANIFEST_UPDATE_INVALID("manifest.update.invalid", Outcome.FAILURE),
    MANIFEST_UPDATE_WRONG_PARENTS("manifest.update.wrongParents", Outcome.FAILURE),
    MANIFEST_COMPRESSED_INVALID("manifest.compressed.invalid", Outcome.FAILURE),
    SIGNING_CREDENTIAL_UNTRUSTED("signingCredential.untrusted", Outcome.FAILURE),
    SIGNING_CREDENTIAL_INVALID("signingCredential.invalid", Outcome.FAILURE),
    SIGNING_CREDENTIAL_OCSP_REVOKED("signingCredential.ocsp.revoked", Outcome.FAILURE),
    SIGNING_CREDENTIAL_EXPIRED("signingCredential.expired", Outcome.FAILURE),
    ASSERTION_HASHED_URI_MISMATCH("assertion.hashedURI.mismatch", Outcome.FAILURE),
    ASSERTION_MISSING("assertion.missing", Outcome.FAILURE),
    ASSERTION_UNDECLARED("assertion.undeclared", Outcome.FAILURE),
    ASSERTION_OUTSIDE_MANIFEST("assertion.outsideManifest", Outcome.FAILURE),
    ASSERTION_NOT_REDACTED("assertion.notRedacted", Outcome.FAILURE),
    ASSERTION_SELF_REDACTED("assertion.selfRedacted", Outcome.FAILURE),
    ASSERTION_JSON_INVALID("assertion.json.invalid", Outcome.FAILURE),
    ASSERTION_CBOR_INVALID("assertion.cbor.invalid", Outcome.FAILURE),
    ASSERTION_ACTION_INGREDIENT_MISMATCH("assertion.action.ingredientMismatch", Outcome.FAILURE),
    ASSERTION_ACTION_SOFT_BINDING_MISSING("assertion.action.softBindingMissing", Outcome.FAILURE),
    ASSERTION_ACTION_MALFORMED("assertion.action.malformed", Outcome.FAILURE),
    ASSERTION_ACTION_REDACTED("assertion.action.redacted", Outcome.FAILURE),
    ASSERTION_ACTION_REDACTION_MISMATCH("assertion.action.redactionMismatch", Outcome.FAILURE),
    ASSERTION_DATA_HASH_REDACTED("assertion.dataHash.redacted", Outcome.FAILURE),
    ASSERTION_BMFF_HASH_MISMATCH("assertion.bmffHash.mismatch", Outcome.FAILURE),
    ASSERTION_BMFF_HASH_MALFORMED("assertion.bmffHash.malformed", Outcome.FAILURE),
    ASSERTION_DATA_HASH_MISMATCH("assertion.dataHash.mismatch", Outcome.FAILURE),
    ASSERTION_DATA_HASH_MALFORMED("assertion.dataHash.malformed", Outcome.FAILURE),
    ASSERTION_BOXES_HASH_MISMATCH("assertion.boxesHash.mismatch", Outcome.FAILURE),
    ASSERTION_BOXES_HASH_MALFORMED("assertion.boxesHash.malformed", Outcome.FAILURE),
    ASSERTION_BOXES_HASH_UNKNOWN_BOX("assertion.boxesHash.unknownBox", Outcome.FAILURE),
    ASSERTION_CLOUD_DATA_MALFORMED("assertion.cloud-data.malformed", Outcome.FAILURE),
    ASSERTION_CLOUD_DATA_HARD_BINDING("assertion.cloud-data.hardBinding", Outcome.FAILURE),
    ASSERTION_CLOUD_DATA_ACTIONS("assertion.cloud-data.actions", Outcome.FAILURE),
    ASSERTION_INGREDIENT_MALFORMED("assertion.ingredient.malformed", Outcome.FAILURE),
    ASSERTION_METADATA_DISALLOWED("assertion.metadata.disallowed", Outcome.FAILURE),
    INGREDIENT_MANIFEST_MISSING("ingredient.manifest.missing", Outcome.FAILURE),
    INGREDIENT_MANIFEST_MISMATCH("ingredient.manifest.mismatch", Outcome.FAILURE),
    INGREDIENT_CLAIM_SIGNATURE_MISSING("ingredient.claimSignature.missing", Outcome.FAILURE),
    INGREDIENT_CLAIM_SIGNATURE_MISMATCH("ingredient.claimSignature.mismatch", Outcome.FAILURE),
    ALGORITHM_UNSUPPORTED("algorithm.unsupported", Outcome.FAILURE),
    GENERAL_ERROR("general.error", Outcome.FAILURE);

    private static final Map<String, StatusCode> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toMap(StatusCode::label, Function.identity()));

    private final String label;
    private final Outcome outcome;

    StatusCode(String label, Outcome outcome) {
        this.label = label;
        this.outcome = outcome;
    }

    /** {@return the code as the specification writes it} */
    public String label() {
        return label;
    }

    /** {@return what it says} */
    public Outcome outcome() {
        return outcome;
    }

    /** {@return the code that the specification writes so, if it is one of these} */
    public static Optional<StatusCode> of(String label) {
        return Optional.ofNullable(BY_LABEL.get(label));
    }
}
