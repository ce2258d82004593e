package org.patchreel.impl.generator;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.impl.provenance.ClipSigner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A signature by a {@link ClipSigner}. */
final class RecordedSignature implements Signing.Signature {

    private static final Logger log = LoggerFactory.getLogger(RecordedSignature.class);

    private final ClipSigner signer;
    private final ClipSigner.Signed signed;
    private boolean kept;

    private RecordedSignature(ClipSigner signer, ClipSigner.Signed signed) {
        this.signer = signer;
        this.signed = signed;
    }

    /** As {@link Signing#check}. */
    static void check(ClipSigner signer) throws GenerationException {
        try {
            signer.checkCredential();
        } catch (GeneralSecurityException e) {
            throw new GenerationException(Reason.PROVENANCE, "no clip can be signed: " + e.getMessage(), e);
        }
    }

    /** As {@link Signing#sign}. */
    static RecordedSignature of(ClipSigner signer, ClipSigner.Unsigned clip) throws GenerationException {
        ClipSigner.Signed signed;
        try {
            signed = signer.sign(clip);
        } catch (IOException | GeneralSecurityException e) {
            throw new GenerationException(Reason.PROVENANCE, "the clip cannot be signed: " + e.getMessage(), e);
        }
        try {
            signer.record(signed);
        } catch (IOException e) {
            throw new GenerationException(
                    Reason.PROVENANCE, "the clip's manifest cannot be recorded: " + e.getMessage(), e);
        }
        return new RecordedSignature(signer, signed);
    }

    @Override
    public SignedManifest manifest() {
        return signed.manifest();
    }

    @Override
    public void keep() {
        kept = true;
    }

    @Override
    public void close() {
        if (kept) {
            return;
        }
        try {
            signer.forget(signed);
        } catch (IOException e) {
            // Harmless: the record leads to a clip that does not exist.
            log.warn(
                    "The record of the discarded clip {} stays: {}",
                    signed.record().recordId(),
                    e.getMessage());
        }
    }
}
