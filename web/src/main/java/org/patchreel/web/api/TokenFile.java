package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.Requester;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients with tokens of a file, which only its owner can read: a line for each, {@code ROLE NAME TOKEN}. The file is made with
 * a token for each role if it is missing, and read again when it has changed. Safe for use from any thread.
 */
final class TokenFile implements Callers {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    /** Characters of a token: shorter ones could be guessed. */
    private static final int MIN_LENGTH = 32;

    private static final int TOKEN_BYTES = 32;
    private static final int MAX_FILE = 1 << 16;
    private static final int COLUMNS = 3;
    private static final String SCHEME = "Bearer ";

    private final Path file;

    /** Guarded by this. */
    private State state;

    private record State(FileTime modified, long size, List<Entry> entries) {}

    private record Entry(ByteBuffer digest, Caller caller) {}

    private TokenFile(Path file, State state) {
        this.file = file;
        this.state = state;
    }

    /**
     * Reads a file, or makes it.
     *
     * @throws IllegalArgumentException if others can read it, or a line is none; the message names the file and the line, and
     *     no token
     * @throws IOException if it cannot be read or made
     */
    static TokenFile open(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            create(file);
        }
        return new TokenFile(file, read(file));
    }

    private static void create(Path file) throws IOException {
        StringBuilder text = new StringBuilder("# role name token: the roles are viewer, editor and operator\n");
        SecureRandom random = new SecureRandom();
        for (Role role : Role.values()) {
            byte[] token = new byte[TOKEN_BYTES];
            random.nextBytes(token);
            text.append(role.label()).append(' ').append(role.label()).append(' ');
            text.append(Base64.getUrlEncoder().withoutPadding().encodeToString(token))
                    .append('\n');
        }
        Path folder = file.toAbsolutePath().resolveSibling("");
        Files.createDirectories(folder);
        FileAttribute<?>[] secret = isPosix(folder)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path draft = Files.createTempFile(folder, ".tokens", "", secret);
        try {
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.createLink(file, draft); // fails if another process was faster, whose tokens stay
            LOG.info("Tokens for the API were made: {}", file);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("Another process has made the tokens", e);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(draft, file); // not every file system has links
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static State read(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile() || attributes.size() > MAX_FILE) {
            throw new IllegalArgumentException(file + " is not a regular file of at most " + MAX_FILE + " bytes");
        }
        if (isPosix(file)) {
            Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(file));
            permissions.removeAll(EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            if (!permissions.isEmpty()) {
                throw new IllegalArgumentException(
                        file + " has secret tokens and can be used by others than its owner: chmod 600");
            }
        }
        List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                entries.add(entry(line.strip().split("\\s+", -1), file + ":" + number));
            }
        }
        return new State(attributes.lastModifiedTime(), attributes.size(), entries);
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is not text in UTF-8", e);
        }
    }

    private static Entry entry(String[] columns, String place) {
        Optional<Role> role = Role.find(columns[0]);
        if (columns.length != COLUMNS || role.isEmpty() || columns[2].length() < MIN_LENGTH) {
            throw new IllegalArgumentException(place + ": expected ROLE NAME TOKEN, with a role of "
                    + Arrays.stream(Role.values()).map(Role::label).toList() + " and a token of " + MIN_LENGTH
                    + " characters or more");
        }
        return new Entry(
                ByteBuffer.wrap(digest(columns[2])),
                new Caller(role.get(), Requester.of(columns[1]), Caller.Intent.CERTAIN));
    }

    /** {@return the SHA-256 of the token that a request has} */
    static Optional<byte[]> digest(Request request) {
        return request.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> digest(header.substring(SCHEME.length()).strip()));
    }

    @Override
    public Optional<Caller> find(Request request) {
        return holder(digest(request).orElse(new byte[0]));
    }

    /** {@return whose token has that SHA-256, as long as the file has the token} */
    Optional<Caller> holder(byte[] given) {
        Optional<Caller> known = Optional.empty();
        for (Entry entry : entries()) {
            // all are compared, each in constant time, so that the time tells nothing
            if (MessageDigest.isEqual(entry.digest().array(), given)) {
                known = Optional.of(entry.caller());
            }
        }
        return known;
    }

    /** A file that cannot be used any more lets nobody in. */
    private synchronized List<Entry> entries() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!now.lastModifiedTime().equals(state.modified()) || now.size() != state.size()) {
                state = read(file);
            }
            return state.entries();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("No token is accepted: {}", e.toString());
            return List.of();
        }
    }

    static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Refusal refusal() {
        return new Refusal(401, "a bearer token is needed").with("WWW-Authenticate", "Bearer");
    }
}
