package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.spi.ClaimSigner;

/** Changes manifests as somebody would who has no key of ours, but one of their own. */
public final class Forger {
    private Forger() {}

    /** Puts another text of the same length wherever one stands in a file. */
    public static void replace(Path file, String old, String text) throws IOException {
        String content = Files.readString(file, ISO_8859_1);
        if (old.length() != text.length() || !content.contains(old)) {
            throw new IllegalArgumentException(old);
        }
        Files.writeString(file, content.replace(old, text), ISO_8859_1);
    }

    /**
     * Signs the claim of a file's one manifest as it stands there now.
     *
     * @param store the manifest store that the file carried when it was signed
     * @param credential whose signature is as long as the old one
     * @return whether it is
     */
    public static boolean signAgain(Path file, byte[] store, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException, JumbfException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] old = content(store, "c2pa.signature");
        int start = new String(bytes, ISO_8859_1).indexOf(new String(old, ISO_8859_1));
        // the store has kept its place and its length
        int storeStart = start - indexOf(store, old);
        byte[] now = new byte[store.length];
        System.arraycopy(bytes, storeStart, now, 0, now.length);
        CoseSign1Writer cose = new CoseSign1Writer(credential.algorithm(), credential.certificateChain(), 0);
        byte[] signature =
                cose.write(credential.sign(cose.toBeSigned(content(now, "c2pa.claim.v2"))), Optional.empty());
        if (signature.length != old.length) {
            return false;
        }
        System.arraycopy(signature, 0, bytes, start, signature.length);
        Files.write(file, bytes);
        return true;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        return new String(bytes, ISO_8859_1).indexOf(new String(part, ISO_8859_1));
    }

    private static byte[] content(byte[] store, String label) throws JumbfException {
        JumbfBox.Super manifest =
                JumbfReader.read(ByteBuffer.wrap(store)).superBoxes().get(0);
        return UpdatedClip.bytes(manifest.superBoxes().stream()
                .filter(part -> part.label().equals(label))
                .findFirst()
                .orElseThrow()
                .content(0, "cbor")
                .orElseThrow());
    }
}
