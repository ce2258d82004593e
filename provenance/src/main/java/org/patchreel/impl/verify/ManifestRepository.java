package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.LookupKeys;
import org.patchreel.impl.ownership.OwnFile;
import org.patchreel.impl.sqlite.NativeLibrary;
import org.patchreel.impl.sqlite.SqliteFile;
import org.patchreel.impl.sqlite.SqliteFile.Work;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers of each clip its watermark's ID, its manifest and its fingerprint, for some million clips, in one SQLite file.
 * Several processes may share the file; what {@link #put} has returned from outlives a crash. May be called from any
 * thread. The file is opened by the first call that needs it.
 */
@Component(
        service = {ManifestRepository.class, ComponentStatus.class},
        configurationPid = ManifestRepository.PID)
@Designate(ocd = ManifestRepository.Config.class)
public final class ManifestRepository implements AutoCloseable, ComponentStatus {

    static final String PID = "org.patchreel.manifests";

    private static final Logger LOG = LoggerFactory.getLogger(ManifestRepository.class);

    private static final int APPLICATION = 0x50724d73;

    private static final List<String> SCHEMA = List.of(
            """
            create table clip(
              id integer primary key,
              asset text not null unique,
              watermark blob not null,
              label text not null,
              created integer not null,
              manifest blob not null,
              fingerprint blob not null)""",
            "create index clip_watermark on clip(watermark)",
            "create index clip_label on clip(label)",
            "create table lookup(key integer not null, clip integer not null, primary key(key, clip)) without rowid");

    /** Maximum number of a file's pictures whose keys are looked up. */
    private static final int LOOKED_UP_PICTURES = 500;

    /** Maximum number of clips per key: keys that are more common do not discriminate. */
    private static final int CLIPS_OF_A_KEY = 256;

    @ObjectClassDefinition(
            name = "Patchreel manifest repository",
            description = "Remembers manifests and fingerprints, so that copies are recognised")
    @interface Config {
        @AttributeDefinition(
                description = "SQLite file, on a local disk. A relative one is taken from the framework property"
                        + " patchreel.home, else from the working directory. About 30 KiB for a clip of five seconds")
        String file() default "manifests.db";
    }

    private final Settings<Path> file;
    private final @Nullable NativeLibrary library;
    private @Nullable Connection open;
    private boolean stopped;

    /**
     * Names the file; it is opened later.
     *
     * @param context tells where relative paths start
     * @param config the file
     * @param properties of the component
     */
    @Activate
    public ManifestRepository(BundleContext context, Config config, Map<String, Object> properties) {
        this(new Settings<>(PID, properties, values -> file(context, config, values)), NativeLibrary.of(context));
    }

    /**
     * Names the file; it is opened later.
     *
     * @param file is made if it is missing, with its folder
     * @param library of SQLite is loaded from there; null for the system's folder of temporary files
     */
    public ManifestRepository(Path file, @Nullable NativeLibrary library) {
        this(new Settings<>(file.toAbsolutePath().normalize()), library);
    }

    private ManifestRepository(Settings<Path> file, @Nullable NativeLibrary library) {
        this.file = file;
        this.library = library;
        warn();
    }

    private static Path file(BundleContext context, Config config, ConfigurationValues values) {
        if (config.file().isBlank()) {
            throw values.refused("file", "expected a file");
        }
        try {
            return HomeFolder.of(context).resolve(config.file()).normalize();
        } catch (InvalidPathException e) {
            throw values.refused("file", "expected a file: " + e.getReason());
        }
    }

    @Modified
    synchronized void modified(BundleContext context, Config config, Map<String, Object> properties) {
        file.update(PID, properties, values -> file(context, config, values));
        close();
        warn();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return file.problem();
    }

    /**
     * {@return the file}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    public Path file() {
        return file.get();
    }

    /**
     * Remembers a clip; one with the same record ID is replaced.
     *
     * @param entry what to remember
     * @throws IOException if the file cannot be written; the message names it
     */
    public void put(StoredManifest entry) throws IOException {
        write(connection -> {
            delete(connection, entry.recordId());
            long clip;
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into clip(asset, watermark, label, created, manifest, fingerprint) values(?,?,?,?,?,?)",
                    Statement.RETURN_GENERATED_KEYS)) {
                insert.setString(1, entry.recordId());
                insert.setBytes(2, entry.watermarkId());
                insert.setString(3, entry.manifestLabel());
                insert.setLong(4, entry.created().toEpochMilli());
                insert.setBytes(5, entry.manifest());
                insert.setBytes(6, entry.fingerprint().toBytes());
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    keys.next();
                    clip = keys.getLong(1);
                }
            }
            if (entry.isFurther() && isKnown(connection, entry.assetId())) {
                return true; // the pictures are the clip's, which leads to it already
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("insert or ignore into lookup(key, clip) values(?,?)")) {
                for (long key : LookupKeys.of(entry.fingerprint())) {
                    insert.setLong(1, key);
                    insert.setLong(2, clip);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return true;
        });
    }

    /**
     * Forgets a clip.
     *
     * @param recordId of the clip
     * @return whether it was known
     * @throws IOException if the file cannot be written
     */
    public boolean remove(String recordId) throws IOException {
        return write(connection -> delete(connection, recordId));
    }

    private static boolean isKnown(Connection connection, String recordId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select 1 from clip where asset = ?")) {
            select.setString(1, recordId);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static boolean delete(Connection connection, String recordId) throws SQLException {
        long clip;
        byte[] fingerprint;
        try (PreparedStatement select =
                connection.prepareStatement("select id, fingerprint from clip where asset = ?")) {
            select.setString(1, recordId);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return false;
                }
                clip = rows.getLong(1);
                fingerprint = rows.getBytes(2);
            }
        }
        try (PreparedStatement delete = connection.prepareStatement("delete from lookup where key = ? and clip = ?")) {
            for (long key : LookupKeys.of(Fingerprint.fromBytes(fingerprint))) {
                delete.setLong(1, key);
                delete.setLong(2, clip);
                delete.addBatch();
            }
            delete.executeBatch();
        }
        try (PreparedStatement delete = connection.prepareStatement("delete from clip where id = ?")) {
            delete.setLong(1, clip);
            delete.executeUpdate();
        }
        return true;
    }

    /**
     * Finds a clip.
     *
     * @param recordId of the clip
     * @return the clip, or empty if it is unknown
     * @throws IOException if the file cannot be read
     */
    public Optional<StoredManifest> find(String recordId) throws IOException {
        return select("asset = ?", statement -> statement.setString(1, recordId)).stream()
                .findFirst();
    }

    /**
     * Finds the clips whose manifest has a label. That a file's manifest has it, too, proves nothing: labels are public.
     *
     * @param label of the active manifest
     * @return the clips, the newest first
     * @throws IOException if the file cannot be read
     */
    public List<StoredManifest> findByLabel(String label) throws IOException {
        return select("label = ?", statement -> statement.setString(1, label));
    }

    /**
     * Finds the clips that carry a mark.
     *
     * @param watermarkId 8 bytes
     * @return the clips, the newest first
     * @throws IOException if the file cannot be read
     */
    public List<StoredManifest> findByWatermark(byte[] watermarkId) throws IOException {
        if (watermarkId.length != StoredManifest.WATERMARK_ID_BYTES) {
            return List.of();
        }
        return select("watermark = ?", statement -> statement.setBytes(1, watermarkId));
    }

    /**
     * Finds clips that may look like a file: those that share {@linkplain LookupKeys keys} with its pictures. Whether one
     * does has yet to be seen by comparing.
     *
     * @param pictures of the file
     * @param most clips to return
     * @return the clips, those with the most keys in common first
     * @throws IOException if the file cannot be read
     */
    public List<StoredManifest> findByPictures(FilePictures pictures, int most) throws IOException {
        Set<Long> keys = new LinkedHashSet<>();
        for (long[] each : pictures.lookupKeys(LOOKED_UP_PICTURES)) {
            for (long key : each) {
                keys.add(key);
            }
        }
        List<Long> clips = read(connection -> mostKeys(connection, keys, most));
        List<StoredManifest> found = new ArrayList<>();
        for (long clip : clips) {
            found.addAll(select("id = ?", statement -> statement.setLong(1, clip)));
        }
        return found;
    }

    private static List<Long> mostKeys(Connection connection, Set<Long> keys, int most) throws SQLException {
        Map<Long, Integer> counts = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select clip from lookup where key = ? limit " + CLIPS_OF_A_KEY)) {
            for (long key : keys) {
                select.setLong(1, key);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        counts.merge(rows.getLong(1), 1, Integer::sum);
                    }
                }
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<Long, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Counts the clips.
     *
     * @return how many are remembered
     * @throws IOException if the file cannot be read
     */
    public long count() throws IOException {
        return read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select count(*) from clip")) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    List<StoredManifest> select(String condition, Binding binding) throws IOException {
        return read(connection -> {
            List<StoredManifest> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "select asset, watermark, label, created, manifest, fingerprint from clip where " + condition
                            + " order by created desc, id desc")) {
                binding.set(select);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(new StoredManifest(
                                rows.getString(1),
                                rows.getBytes(2),
                                rows.getString(3),
                                rows.getBytes(5),
                                Fingerprint.fromBytes(rows.getBytes(6)),
                                Instant.ofEpochMilli(rows.getLong(4))));
                    }
                }
            }
            return found;
        });
    }

    /** Sets the parameters of a statement. */
    interface Binding {
        void set(PreparedStatement statement) throws SQLException;
    }

    /** Sets something of the connection, for tests of full disks. */
    void set(String pragma) throws IOException {
        read(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("pragma " + pragma);
            }
        });
    }

    private static SqliteFile database(Path file) {
        return new SqliteFile(file, "manifest repository", APPLICATION, List.of(SCHEMA, TakedownRegister.SCHEMA));
    }

    <T> T write(Work<T> work) throws IOException {
        return read(connection -> SqliteFile.write(connection, work));
    }

    synchronized <T> T read(Work<T> work) throws IOException {
        Path file;
        try {
            file = file();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (stopped) {
            throw new IOException(file + ": the manifest repository has stopped");
        }
        try {
            Connection connection = open;
            if (connection == null) {
                Files.createDirectories(file.resolveSibling(""));
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    OwnFile.check(file);
                }
                connection = database(file).open(library);
                open = connection;
            }
            return work.run(connection);
        } catch (SQLException | IllegalArgumentException e) {
            close();
            throw database(file).failure(e);
        }
    }

    /**
     * Closes the file for good: the library of an updated bundle is another one, and two of them that have a file open in
     * one process release each other's locks.
     *
     * @see <a href="https://www.sqlite.org/howtocorrupt.html">section 2.2.1</a>
     */
    @Deactivate
    synchronized void stop() {
        stopped = true;
        close();
    }

    /** Closes the file; the next call opens it again. */
    @Override
    public synchronized void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // What was put is safe; there is nothing else to lose.
            }
        }
    }
}
