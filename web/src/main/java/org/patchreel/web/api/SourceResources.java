package org.patchreel.web.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.patchreel.api.SourceStore;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;

/** Pictures and clips that requests refer to by their content. */
final class SourceResources {

    private static final String DIGEST = "[0-9a-f]{64}";

    private final SourceStore sources;
    private final Incoming incoming;

    /**
     * Creates the operations.
     *
     * @param sources keeps the files
     * @param incoming limits bodies
     */
    SourceResources(SourceStore sources, Incoming incoming) {
        this.sources = sources;
        this.incoming = incoming;
    }

    private static String digest(Request request) throws Refusal {
        String digest = request.segment(1);
        if (!digest.matches(DIGEST)) {
            throw new Refusal(404, "a file is named by its SHA-256, 64 lower-case hexadecimal digits").at("sha256");
        }
        return digest;
    }

    Response head(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        if (!sources.contains(digest(request))) {
            throw new Refusal(404, "no such file").at("sha256");
        }
        return Response.empty(204);
    }

    Response put(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        String digest = digest(request);
        if (request.header("Content-Range").isPresent()) {
            throw new Refusal(400, "a file is sent as a whole").at("Content-Range");
        }
        if (sources.contains(digest)) {
            return Response.empty(204);
        }
        long max;
        try {
            max = sources.maxBytes();
        } catch (ConfigurationException e) {
            throw new IOException(e);
        }
        try {
            incoming.read(
                    request, max, body -> sources.put(new Checked(body, digest), "source " + digest.substring(0, 12)));
            return Response.empty(201);
        } catch (OtherContentException e) {
            throw new Refusal(422, "the body has the SHA-256 " + e.found).at("sha256");
        } catch (SourceStore.TooLargeException e) {
            throw Incoming.tooLarge(max);
        } catch (SourceStore.FullException e) {
            throw new Refusal(507, "there is no room for this file");
        } catch (IllegalArgumentException e) {
            throw new Refusal(422, "the body is empty");
        }
    }

    /** The body is not what the path says. */
    private static final class OtherContentException extends IOException {
        private static final long serialVersionUID = 1;

        private final String found;

        OtherContentException(String found) {
            this.found = found;
        }
    }

    /** Fails at its end if it has another digest, so that nothing is kept which nobody has named. */
    private static final class Checked extends FilterInputStream {
        private final MessageDigest digest;
        private final String expected;
        private boolean ended;

        Checked(InputStream body, String expected) {
            super(body);
            this.expected = expected;
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read = super.read(to, offset, length);
            if (read >= 0) {
                digest.update(to, offset, read);
                return read;
            }
            if (ended) {
                return read; // the digest is forgotten once it was asked for
            }
            ended = true;
            String found = HexFormat.of().formatHex(digest.digest());
            if (!found.equals(expected)) {
                throw new OtherContentException(found);
            }
            return read;
        }
    }
}
