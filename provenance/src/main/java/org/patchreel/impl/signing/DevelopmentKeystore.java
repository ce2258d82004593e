package org.patchreel.impl.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Set;
import org.patchreel.impl.ownership.OwnFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credential of an installation that has none configured: made when it is first asked for, kept in a folder of secrets,
 * made anew when it has expired, or when the clock was ahead when it was made. The CA's certificate is kept beside it as {@code development-ca.pem}, so that it can be
 * put on a trust list. Several processes may share the folder.
 */
final class DevelopmentKeystore implements CredentialSource {
    static final String KEYSTORE = "development.p12";
    static final String AUTHORITY = "development-ca.pem";
    private static final String LOCK = "development.lock";
    private static final String ALIAS = "development";

    /** Protects nothing; the file's mode does. */
    private static final String PASSWORD = "development";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);

    private static final Logger LOG = LoggerFactory.getLogger(DevelopmentKeystore.class);

    private final Path folder;
    private final Clock clock;

    DevelopmentKeystore(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public SigningKey load() throws IOException, GeneralSecurityException {
        // a file lock belongs to the process, so its threads have to take turns
        synchronized (DevelopmentKeystore.class) {
            Files.createDirectories(folder, OWNER_ONLY_FOLDER);
            try (FileChannel channel = openLock();
                    FileLock lock = channel.lock()) {
                return loadOrMake(lock);
            }
        }
    }

    private FileChannel openLock() throws IOException {
        return FileChannel.open(
                folder.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
    }

    private SigningKey loadOrMake(FileLock lock) throws IOException, GeneralSecurityException {
        assert lock.isValid();
        Path file = folder.resolve(KEYSTORE);
        Pkcs12File keystore = new Pkcs12File(file, ALIAS, PASSWORD);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            OwnFile.check(file);
            SigningKey key = keystore.load();
            X509Certificate certificate = key.certificateChain().get(0);
            Instant start = certificate.getNotBefore().toInstant();
            Instant end = certificate.getNotAfter().toInstant();
            Instant now = clock.instant();
            if (!now.isBefore(start) && now.isBefore(end)) {
                return key;
            }
            Path kept = folder.resolve("development-until-" + DAY.format(end) + ".p12");
            Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE);
            LOG.info(
                    "The development certificate is valid from {} to {} only and is made anew; the old one is kept as {}",
                    start,
                    end,
                    kept);
        }
        DevelopmentCertificates.Issued issued = DevelopmentCertificates.issue(clock.instant());
        write(folder.resolve(AUTHORITY), pem(issued.chain().get(1)));
        write(file, pkcs12(issued));
        LOG.warn(
                "No signing certificate is configured: {} is signed by a CA that was made for this installation, and no"
                        + " validator trusts it",
                file);
        return keystore.load();
    }

    private static byte[] pkcs12(DevelopmentCertificates.Issued issued) throws IOException, GeneralSecurityException {
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        keyStore.load(null, null);
        keyStore.setKeyEntry(
                ALIAS, issued.key(), PASSWORD.toCharArray(), issued.chain().toArray(Certificate[]::new));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        keyStore.store(bytes, PASSWORD.toCharArray());
        return bytes.toByteArray();
    }

    private static byte[] pem(X509Certificate certificate) throws GeneralSecurityException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        return ("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n").getBytes(US_ASCII);
    }

    private void write(Path file, byte[] bytes) throws IOException {
        Path draft = Files.createTempFile(folder, ".draft-", "", OWNER_ONLY);
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
