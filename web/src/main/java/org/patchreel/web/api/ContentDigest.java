package org.patchreel.web.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.patchreel.web.http.Request;

/**
 * The SHA-256 of a file for clients that want it, which costs reading the file: <a
 * href="https://www.rfc-editor.org/rfc/rfc9530">RFC 9530</a>.
 */
final class ContentDigest {

    static final String HEADER = "Repr-Digest";

    /** A weight of 0 means that it is not wanted. */
    private static final Pattern WANTED = Pattern.compile("(?i)(.*,)?\\s*sha-256\\s*=\\s*([1-9]|10)\\s*(,.*)?");

    private static final int BUFFER = 1 << 16;

    private ContentDigest() {}

    static boolean isWanted(Request request) {
        return request.header("Want-Repr-Digest")
                .filter(wanted -> WANTED.matcher(wanted).matches())
                .isPresent();
    }

    /** {@return the header's value for a file, which is read from its beginning} */
    static String of(SeekableByteChannel file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        file.position(0);
        while (file.read(buffer) >= 0) {
            digest.update(buffer.flip());
            buffer.clear();
        }
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest.digest()) + ":";
    }
}
