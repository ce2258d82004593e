package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.patchreel.impl.ownership.OwnFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Master secrets as files: {@code watermark-0001.secret}, {@code watermark-0002.secret} and so on, one for each epoch, in
 * the order of their names; each is a line of hexadecimal digits. The first is made when there is none. A further file
 * begins a new epoch at the next start; the old ones are still needed to detect.
 */
final class SecretFolder {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFolder.class);
    private static final String PATTERN = "watermark-*.secret";
    private static final String FIRST = "watermark-0001.secret";
    private static final int MAX_BYTES = 1024;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private SecretFolder() {}

    /**
     * Reads the secrets, and makes the first one if there is none and that is wanted. When several processes start at once, all come back
     * with the same secret.
     *
     * @param folder is created if a secret is made
     * @param create whether to make the first one if there is none
     * @return the secrets, the newest last
     * @throws IOException if a file cannot be written, read or understood, or may be somebody else's; the message names it
     */
    static List<byte[]> open(Path folder, boolean create) throws IOException {
        List<Path> files = list(folder);
        if (files.isEmpty()) {
            if (!create) {
                throw new IOException(
                        folder + " has no " + PATTERN + ": copy those of the installation there that stores the"
                                + " clips, readable by their owner alone");
            }
            create(folder);
            files = list(folder);
        }
        List<byte[]> secrets = new ArrayList<>();
        for (Path file : files) {
            secrets.add(read(file));
        }
        return secrets;
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PATTERN)) {
                entries.forEach(files::add);
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        files.sort(null);
        return files;
    }

    /** Writes a file beside its target and links it into place, which fails if another process was first. */
    private static void create(Path folder) throws IOException {
        Files.createDirectories(folder, OWNER_ONLY_FOLDER);
        byte[] secret = new byte[WatermarkKey.SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        Path target = folder.resolve(FIRST);
        Path draft = Files.createTempFile(folder, ".watermark-", ".draft", OWNER_ONLY);
        try {
            byte[] text = (HexFormat.of().formatHex(secret) + "\n").getBytes(StandardCharsets.US_ASCII);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.createLink(target, draft);
            LOG.info("{}: made, keep a copy in a safe place: without it no watermark can be read", target);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{}: made by another process at the same time", target);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static byte[] read(Path file) throws IOException {
        OwnFile.check(file);
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": no secret, it has more than " + MAX_BYTES + " bytes");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            LOG.warn(
                    "{}: can be read or written by others than its owner: {}",
                    file,
                    PosixFilePermissions.toString(permissions));
        }
        byte[] secret;
        try {
            secret = HexFormat.of()
                    .parseHex(Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
            throw new IOException(file + ": not a line of hexadecimal digits", e);
        }
        if (secret.length < WatermarkKey.SECRET_BYTES) {
            Arrays.fill(secret, (byte) 0);
            throw new IOException(
                    file + ": " + secret.length + " bytes, a secret has at least " + WatermarkKey.SECRET_BYTES);
        }
        return secret;
    }
}
