package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.spi.ClaimSigner;

/** Pictures that carry a manifest, as a camera or another generator would make them. */
final class SignedPicture {
    private static final int SEGMENT = 40_000;

    private SignedPicture() {}

    /** A picture without manifest; format jpeg or png. */
    static byte[] plain(String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }

    /**
     * Signs.
     *
     * @param thumbnail bytes that make the manifest as large as wanted
     */
    static byte[] sign(String format, byte[] thumbnail, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        byte[] plain = plain(format);
        int position = format.equals("png") ? 33 : 2;
        CoseSign1Writer cose = new CoseSign1Writer(credential.algorithm(), credential.certificateChain(), 0);
        ManifestDescription description = TestClips.description(List.of());
        Manifest manifest = new Manifest(
                description,
                List.of(
                        Assertions.actions(description, List.of()),
                        Assertions.softBinding(description.softBinding().orElseThrow(), 1),
                        Assertions.thumbnail(thumbnail)),
                List.of());
        int length = 0;
        while (true) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(plain);
            SuperBox binding = binding(position, length, hash);
            byte[] claim = manifest.claim(binding);
            byte[] signature = cose.write(credential.sign(cose.toBeSigned(claim)), Optional.empty());
            byte[] wrapped = wrap(format, manifest.store(binding, claim, signature));
            if (wrapped.length == length) {
                ByteArrayOutputStream picture = new ByteArrayOutputStream();
                picture.write(plain, 0, position);
                picture.writeBytes(wrapped);
                picture.write(plain, position, plain.length - position);
                return picture.toByteArray();
            }
            length = wrapped.length;
        }
    }

    private static SuperBox binding(int start, int length, byte[] hash) {
        return SuperBox.ofCbor(
                "cbor",
                "c2pa.hash.data",
                CborWriter.write(Map.of(
                        "exclusions",
                        List.of(Map.of("start", start, "length", length)),
                        "alg",
                        "sha256",
                        "hash",
                        hash,
                        "pad",
                        new byte[0])));
    }

    private static byte[] wrap(String format, byte[] store) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (format.equals("png")) {
            byte[] chunk = ByteBuffer.allocate(4 + store.length)
                    .put("caBX".getBytes(US_ASCII))
                    .put(store)
                    .array();
            CRC32 crc = new CRC32();
            crc.update(chunk);
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(store.length).array());
            bytes.writeBytes(chunk);
            bytes.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
            return bytes.toByteArray();
        }
        byte[] header = Arrays.copyOf(store, 8);
        int sequence = 1;
        for (int from = 0; from < store.length; from += SEGMENT) {
            int to = Math.min(store.length, from + SEGMENT);
            byte[] repeated = from == 0 ? new byte[0] : header;
            bytes.writeBytes(ByteBuffer.allocate(12)
                    .putShort((short) 0xFFEB)
                    .putShort((short) (10 + repeated.length + to - from))
                    .putShort((short) 0x4A50)
                    .putShort((short) 1)
                    .putInt(sequence++)
                    .array());
            bytes.writeBytes(repeated);
            bytes.write(store, from, to - from);
        }
        return bytes.toByteArray();
    }
}
