package org.patchreel.impl.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps sources in a folder, each file under the SHA-256 of its content; the name of a copy that may be fetched again ends in {@value
 * #COPY}. May be called from any thread.
 */
@Component(
        service = {SourceStore.class, FileSourceStore.class, ComponentStatus.class},
        configurationPid = FileSourceStore.PID)
@Designate(ocd = FileSourceStore.Config.class)
public final class FileSourceStore implements SourceStore, ComponentStatus {
    static final String PID = "org.patchreel.sources";

    private static final Logger LOG = LoggerFactory.getLogger(FileSourceStore.class);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String COPY = ".copy";
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{64})(" + Pattern.quote(COPY) + ")?");
    private static final String DRAFT = "draft-";
    private static final int MAX_MEBIBYTES = 1 << 20;
    private static final int MAX_DAYS = 3650;

    /** A draft that nobody has written to for so long belongs to a process that no longer lives. */
    private static final Duration STALE_DRAFT = Duration.ofHours(1);

    @ObjectClassDefinition(
            name = "Patchreel sources",
            description =
                    "Pictures and clips that generations start from; each is kept until no request has used it for"
                            + " some days")
    @interface Config {
        @AttributeDefinition(description = "Folder of the files; empty means sources in the folder of the installation")
        String directory() default "";

        @AttributeDefinition(description = "Maximum size of a file, in MiB", min = "1", max = "1048576")
        int max_file() default 2048;

        @AttributeDefinition(description = "Maximum size of all files together, in MiB", min = "1", max = "1048576")
        int max_total() default 20480;

        @AttributeDefinition(
                description = "How long a file is kept that no request uses, in days",
                min = "1",
                max = "3650")
        int keep() default 7;
    }

    /**
     * What is configured.
     *
     * @param directory of the files; it exists once there was one
     * @param maxBytes of a file
     * @param maxTotalBytes of all files
     * @param keep how long an unused file is kept
     */
    public record Limits(Path directory, long maxBytes, long maxTotalBytes, Duration keep) {}

    private final Settings<Limits> settings;
    private final InstantSource clock;

    /**
     * Opens the store and deletes what nobody has used for long.
     *
     * @param context tells where relative paths start
     * @param config the folder and its limits
     * @param properties of the component
     */
    @Activate
    public FileSourceStore(BundleContext context, Config config, Map<String, Object> properties) {
        this(new Settings<>(PID, properties, values -> limits(values, context, config)), InstantSource.system());
    }

    /**
     * Opens a store in a folder.
     *
     * @param limits the folder and its limits
     * @param clock tells the age of files
     */
    public FileSourceStore(Limits limits, InstantSource clock) {
        this(new Settings<>(limits), clock);
    }

    private FileSourceStore(Settings<Limits> settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        warn();
        clean();
    }

    @Modified
    void modified(BundleContext context, Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> limits(values, context, config));
        warn();
        clean();
    }

    private static Limits limits(ConfigurationValues values, BundleContext context, Config config) {
        String directory = config.directory();
        return new Limits(
                HomeFolder.of(context)
                        .resolve(directory.isEmpty() ? "sources" : directory)
                        .normalize(),
                (long) values.integer("max.file", config::max_file, 1, MAX_MEBIBYTES) << 20,
                (long) values.integer("max.total", config::max_total, 1, MAX_MEBIBYTES) << 20,
                Duration.ofDays(values.integer("keep", config::keep, 1, MAX_DAYS)));
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    private Limits usable() throws IOException {
        try {
            return settings.get();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public long maxBytes() {
        return settings.get().maxBytes();
    }

    @Override
    public Media.Upload put(InputStream content, String name) throws IOException {
        return put(content, name, "", clean().room(usable().maxTotalBytes()));
    }

    @Override
    public Media.Upload putCopy(InputStream content, String name, Set<String> needed) throws IOException {
        return put(content, name, COPY, clean().roomWithCopies(usable().maxTotalBytes(), needed));
    }

    private Media.Upload put(InputStream content, String name, String suffix, SourceRoom room) throws IOException {
        Limits limits = usable();
        Path directory = limits.directory();
        Files.createDirectories(directory);
        Path draft = Files.createTempFile(directory, DRAFT, "");
        try {
            String sha256 = copy(content, draft, room, limits, name);
            Media.Upload kept = new Media.Upload(sha256, name);
            if (!Files.exists(directory.resolve(sha256))) {
                Files.move(draft, directory.resolve(sha256 + suffix), StandardCopyOption.ATOMIC_MOVE);
            }
            return kept;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String copy(InputStream content, Path draft, SourceRoom room, Limits limits, String name)
            throws IOException {
        MessageDigest digest = sha256();
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                size += read;
                if (size > limits.maxBytes()) {
                    throw new TooLargeException(
                            name + " is larger than " + (limits.maxBytes() >> 20) + " MiB, the limit of a source");
                }
                if (!room.fits(size)) {
                    throw new FullException("there is no room for " + name + ": sources may have "
                            + (limits.maxTotalBytes() >> 20) + " MiB together");
                }
                digest.update(buffer, 0, read);
                write(out, ByteBuffer.wrap(buffer, 0, read), limits.directory());
            }
            out.force(true);
        }
        if (size == 0) {
            throw new IllegalArgumentException(name + " is empty");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Writes bytes, and names the folder if that fails: the system says only that a disk is full. */
    static void write(FileChannel out, ByteBuffer bytes, Path directory) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw StoreFailure.of(directory, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean contains(String sha256) throws IOException {
        return find(sha256).isPresent();
    }

    @Override
    public Optional<InputStream> open(String sha256) throws IOException {
        Optional<Path> file = find(sha256);
        return file.isPresent() ? Optional.of(Files.newInputStream(file.get())) : Optional.empty();
    }

    /**
     * Finds a file, and keeps it from now on as if a request had used it.
     *
     * @param sha256 of its content
     * @return the file; empty if it is not kept
     * @throws IOException if the folder cannot be read
     */
    public Optional<Path> find(String sha256) throws IOException {
        if (!SHA256.matcher(sha256).matches()) {
            return Optional.empty();
        }
        Path directory = usable().directory();
        Optional<Path> file = use(directory.resolve(sha256));
        return file.isPresent() ? file : use(directory.resolve(sha256 + COPY));
    }

    private Optional<Path> use(Path file) throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return Optional.of(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * What the folder holds.
     *
     * @param bytes of all files
     * @param copies the time of the last use of each copy
     */
    private record Content(long bytes, Map<Path, Instant> copies) {

        SourceRoom room(long max) {
            return new SourceRoom(max - bytes, List.of());
        }

        SourceRoom roomWithCopies(long max, Set<String> needed) {
            return new SourceRoom(
                    max - bytes,
                    copies.entrySet().stream()
                            .filter(copy -> !needed.contains(digest(copy.getKey())))
                            .sorted(Map.Entry.comparingByValue())
                            .map(Map.Entry::getKey)
                            .toList());
        }

        private static String digest(Path copy) {
            String name = String.valueOf(copy.getFileName());
            return name.substring(0, name.length() - COPY.length());
        }
    }

    /** Deletes what was not used for long; {@return what stays} */
    private Content clean() {
        long total = 0;
        Map<Path, Instant> copies = new HashMap<>();
        Optional<Problem> unusable = problem().filter(problem -> !problem.usable());
        if (unusable.isPresent() || !Files.isDirectory(settings.get().directory())) {
            return new Content(total, copies);
        }
        Limits limits = settings.get();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(limits.directory())) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                Duration kept = name.startsWith(DRAFT) ? STALE_DRAFT : limits.keep();
                boolean own = name.startsWith(DRAFT) || FILE.matcher(name).matches();
                if (!own) {
                    continue;
                }
                try {
                    Instant used = Files.getLastModifiedTime(file).toInstant();
                    if (used.isBefore(clock.instant().minus(kept))) {
                        Files.delete(file);
                        continue;
                    }
                    total += Files.size(file);
                    if (name.endsWith(COPY)) {
                        copies.put(file, used);
                    }
                } catch (NoSuchFileException e) {
                    // another process has deleted or moved it
                }
            }
        } catch (IOException e) {
            LOG.warn("The folder of sources {} cannot be cleaned: {}", limits.directory(), e.getMessage());
        }
        return new Content(total, copies);
    }
}
