package org.patchreel.impl.admin;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.generator.SignedProvenance;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.spi.Watermarker;

/** Checks what marks and signs clips; for the doctor and the health check. */
final class ProvenanceDiagnostics {

    /** Lead time of the warning that a certificate expires. */
    private static final Duration NOTICE = Duration.ofDays(30);

    private static final String OFF = "OFF, by the configuration org.patchreel.provenance";

    private ProvenanceDiagnostics() {}

    /**
     * Examines all.
     *
     * @param provenance knows what is switched off; null if it is not there
     * @param watermarker null if it is not there
     * @param signer null if it is not there
     * @param now the time of the check
     */
    static List<Finding> all(
            @Nullable SignedProvenance provenance,
            @Nullable Watermarker watermarker,
            @Nullable ClaimSigner signer,
            Instant now) {
        if (provenance == null) {
            return List.of(
                    Finding.bad("provenance", "not there", "correct the configuration org.patchreel.provenance"));
        }
        Optional<Problem> problem = ConfigurationDiagnostics.unusable(provenance);
        if (problem.isPresent()) {
            return List.of(unusable("provenance", problem.get()));
        }
        return List.of(
                provenance.marks() ? watermark(watermarker) : Finding.good("watermark", OFF),
                provenance.signs() ? signer(signer, now) : Finding.good("signer", OFF));
    }

    private static Finding unusable(String subject, Problem problem) {
        return Finding.bad(subject, "no usable configuration: " + problem.line(), problem.remedy());
    }

    private static Finding watermark(@Nullable Watermarker watermarker) {
        Optional<Problem> problem = ConfigurationDiagnostics.unusable(watermarker);
        if (problem.isPresent()) {
            return unusable("watermark", problem.get());
        }
        return watermarker == null
                ? Finding.bad(
                        "watermark", "not there", "correct the configuration org.patchreel.watermark or its secrets")
                : Finding.good("watermark", watermarker.algorithm());
    }

    /** Whether clips can be signed, and for how long. */
    static Finding signer(@Nullable ClaimSigner signer, Instant now) {
        String configuration = "correct the configuration org.patchreel.signing or its keystore";
        if (signer == null) {
            return Finding.bad("signer", "not there", configuration);
        }
        X509Certificate certificate;
        try {
            certificate = signer.credential().certificateChain().get(0);
        } catch (GeneralSecurityException e) {
            return Finding.bad("signer", String.valueOf(e.getMessage()), configuration);
        }
        Instant end = certificate.getNotAfter().toInstant();
        String state = certificate.getSubjectX500Principal().getName() + ", valid until "
                + end.truncatedTo(ChronoUnit.SECONDS);
        return Duration.between(now, end).compareTo(NOTICE) < 0
                ? Finding.soon("signer", state, "renew the certificate: after it has expired no clip can be signed")
                : Finding.good("signer", state);
    }
}
