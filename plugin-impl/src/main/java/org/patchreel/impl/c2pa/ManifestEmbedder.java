package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.spi.ClaimSigner;

/** Puts a signed C2PA manifest into a clip. May be called from any thread. */
public final class ManifestEmbedder {
    private static final int MAX_THUMBNAIL = 1 << 20;
    private static final int SHA256 = 32;

    /** Makes an embedder without timestamps. */
    public ManifestEmbedder() {}

    /**
     * Signs a clip and puts the manifest in. The clip is replaced at once when all is done: another reader sees the old
     * file or the new one. After a failure the old one is there, unchanged.
     *
     * @param clip an MP4 file, not fragmented, without a manifest; other outermost boxes stay as they are
     * @param description what the manifest is to say
     * @param credential to sign with
     * @return the manifest
     * @throws IOException if the clip, the thumbnail or an ingredient cannot be read, is no MP4 that can be signed, or the
     *     signed clip cannot be written; the message names the file and the reason
     * @throws GeneralSecurityException if the key refuses to sign
     */
    public EmbeddedManifest embed(Path clip, ManifestDescription description, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        Path target = clip.toRealPath();
        CoseSign1Writer cose = new CoseSign1Writer(credential.algorithm(), credential.certificateChain(), 0);
        Manifest manifest = new Manifest(description, assertions(description), List.of());
        try (FileChannel source = FileChannel.open(target, StandardOpenOption.READ)) {
            SignedCopy copy = SignedCopy.of(source, target);
            Path draft = Files.createTempFile(target.toAbsolutePath().getParent(), ".signing-", ".mp4");
            try {
                byte[] store;
                try (FileChannel signed = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    store = sign(copy, signed, manifest, cose, credential);
                    signed.force(true);
                }
                Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(target));
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
                return new EmbeddedManifest(
                        manifest.label(),
                        store,
                        credential
                                .certificateChain()
                                .get(0)
                                .getSubjectX500Principal()
                                .getName(),
                        new EmbeddedManifest.NoTimestamp());
            } finally {
                Files.deleteIfExists(draft);
            }
        }
    }

    private static byte[] sign(
            SignedCopy copy,
            FileChannel target,
            Manifest manifest,
            CoseSign1Writer cose,
            ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        SuperBox blank = Assertions.hardBinding(new byte[SHA256]);
        int size = ManifestBox.of(manifest.store(blank, manifest.claim(blank), cose.placeholder())).length;
        SuperBox hardBinding = Assertions.hardBinding(copy.write(target, size));
        byte[] claim = manifest.claim(hardBinding);
        byte[] signature = credential.sign(cose.toBeSigned(claim));
        byte[] store = manifest.store(hardBinding, claim, cose.write(signature, Optional.empty()));
        target.position(copy.manifestPosition());
        SignedCopy.writeFully(target, ByteBuffer.wrap(ManifestBox.of(store)));
        return store;
    }

    private static List<SuperBox> assertions(ManifestDescription description) throws IOException {
        List<SuperBox> ingredients = new ArrayList<>();
        for (ManifestDescription.Ingredient ingredient : description.ingredients()) {
            ingredients.add(Assertions.ingredient(ingredient, ingredients.size(), Optional.empty()));
        }
        List<SuperBox> assertions = new ArrayList<>(ingredients);
        assertions.add(Assertions.actions(description, ingredients));
        description
                .softBinding()
                .ifPresent(binding -> assertions.add(
                        Assertions.softBinding(binding, description.duration().toMillis())));
        assertions.add(Assertions.aiDisclosure(description.modelName()));
        if (description.thumbnail().isPresent()) {
            assertions.add(
                    Assertions.thumbnail(readThumbnail(description.thumbnail().get())));
        }
        return assertions;
    }

    private static byte[] readThumbnail(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] jpeg = in.readNBytes(MAX_THUMBNAIL + 1);
            if (jpeg.length > MAX_THUMBNAIL) {
                throw new IOException(file + ": a thumbnail of more than " + MAX_THUMBNAIL + " bytes");
            }
            return jpeg;
        }
    }
}
