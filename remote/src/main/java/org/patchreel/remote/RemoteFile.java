package org.patchreel.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of an asset as it arrives; nothing of it is kept. A connection that breaks off is made again, from the byte on that was
 * read last. Whoever reads from the beginning to the end gets the bytes whose SHA-256 the generator has told, or a failure at the
 * last one. Used by one thread.
 */
final class RemoteFile implements SeekableByteChannel {

    private static final Pattern DIGEST = Pattern.compile("(.*,)?\\s*sha-256=:([A-Za-z0-9+/=]{44}):.*");
    private static final int BUFFER = 1 << 16;
    private static final int WHOLE = 200;
    private static final int PART = 206;

    private final RemoteApi api;
    private final String path;
    private final long size;
    private final String tag;
    private final byte[] expected;
    private final MessageDigest digest;
    private final byte[] buffer = new byte[BUFFER];

    private @Nullable InputStream body;
    private long position;

    /** Bytes from the beginning on that the digest has. */
    private long digested;

    private boolean open = true;

    private RemoteFile(RemoteApi api, String path, HttpResponse<InputStream> answer) throws RemoteFailure {
        this.api = api;
        this.path = path;
        HttpHeaders headers = answer.headers();
        this.size = headers.firstValueAsLong("Content-Length").orElse(-1);
        this.tag = headers.firstValue("ETag").orElse("");
        Matcher told = DIGEST.matcher(headers.firstValue("Repr-Digest").orElse(""));
        if (size < 0 || !told.matches()) {
            throw RemoteFailure.lasting(
                    api.name() + " tells neither size nor SHA-256 of " + path + ": is its version older than this one?",
                    null);
        }
        try {
            this.expected = Base64.getDecoder().decode(told.group(2));
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (IllegalArgumentException e) {
            throw RemoteFailure.lasting(api.name() + " tells a SHA-256 of " + path + " that is none", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        this.body = answer.body();
    }

    /**
     * Begins to read a file.
     *
     * @param api has it
     * @param path of the file
     * @throws RemoteFailure if it cannot be had
     */
    static RemoteFile open(RemoteApi api, String path) throws RemoteFailure {
        return api.send(
                Call.get(path).with("Want-Repr-Digest", "sha-256=1"), answer -> new RemoteFile(api, path, answer));
    }

    private InputStream from(long start) throws RemoteFailure {
        Call call = Call.get(path).with("Range", "bytes=" + start + "-");
        return api.send(tag.isEmpty() ? call : call.with("If-Range", tag), answer -> {
            if (answer.statusCode() == PART
                    && answer.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + start + "-")) {
                return answer.body();
            }
            throw RemoteFailure.lasting(
                    answer.statusCode() == WHOLE
                            ? path + " of " + api.name() + " has changed while it was read"
                            : api.name() + " answers another part of " + path + " than was asked for",
                    null);
        });
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        requireOpen();
        if (!to.hasRemaining()) {
            return 0;
        }
        if (position >= size) {
            if (position == size && digested == size) {
                check();
            }
            return -1;
        }
        int read = read((int) Math.min(Math.min(to.remaining(), buffer.length), size - position));
        if (position == digested) {
            digest.update(buffer, 0, read);
            digested += read;
        }
        position += read;
        if (digested == size) {
            check();
        }
        to.put(buffer, 0, read);
        return read;
    }

    /** Reads into the buffer, from a new connection if the old one breaks off. */
    private int read(int length) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                if (body == null) {
                    body = from(position);
                }
                int read = body.read(buffer, 0, length);
                if (read > 0) {
                    return read;
                }
                throw new IOException("it ended after " + position + " of " + size + " bytes");
            } catch (IOException e) {
                closeBody();
                RemoteFailure failure = e instanceof RemoteFailure known
                        ? known
                        : RemoteFailure.passing(path + " of " + api.name() + " broke off: " + Failures.describe(e), e);
                boolean interrupted = Thread.currentThread().isInterrupted();
                if (interrupted
                        || !failure.isPassing()
                        || attempt >= api.settings().tries()
                        || !api.pause(attempt, failure)) {
                    throw failure;
                }
            }
        }
    }

    private void check() throws RemoteFailure {
        byte[] found;
        try {
            found = ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
        if (!Arrays.equals(found, expected)) {
            throw RemoteFailure.lasting(
                    path + " has not arrived as " + api.name() + " keeps it: its SHA-256 differs", null);
        }
    }

    private void closeBody() throws IOException {
        if (body != null) {
            body.close();
            body = null;
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public long position() throws IOException {
        requireOpen();
        return position;
    }

    @Override
    public SeekableByteChannel position(long to) throws IOException {
        requireOpen();
        if (to < 0) {
            throw new IllegalArgumentException("a position is 0 or more: " + to);
        }
        if (to != position) {
            closeBody();
            position = to;
        }
        if (to == 0) {
            digest.reset();
            digested = 0;
        }
        return this;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return size;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long to) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        closeBody();
    }
}
