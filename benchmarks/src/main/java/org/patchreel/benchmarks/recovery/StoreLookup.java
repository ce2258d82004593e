package org.patchreel.benchmarks.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.fingerprint.LookupKeys;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;
import org.sqlite.SQLiteDataSource;

/**
 * Fills a manifest repository with made-up clips and measures what it takes to put one and to find one: by watermark, by label
 * and by pictures. The clips are smooth random fields that drift, five seconds long, another one each; manifests are
 * 2 KiB of random bytes.
 */
public final class StoreLookup {
    private static final VideoFormat FORMAT = new VideoFormat(32, 32, 21, 4);
    private static final int MEASURED = 200;
    private static final int PUTS = 100;
    private static final int TRANSACTION = 5000;

    private StoreLookup() {}

    /**
     * Fills and measures.
     *
     * @param args file of the store, kept if it is there; how many clips it is to have; a second number and so on
     * @throws IOException if the store cannot be used
     * @throws SQLException if it cannot be filled
     */
    public static void main(String[] args) throws IOException, SQLException {
        Path file = Path.of(args[0]);
        try (ManifestRepository store = new ManifestRepository(file, null)) {
            for (int i = 1; i < args.length; i++) {
                fill(file, store, Long.parseLong(args[i]));
                measure(store);
                System.out.println(String.format(Locale.ROOT, "file: %.2f GB", Files.size(file) / 1e9));
            }
        }
    }

    /** Measures some puts, and writes the rest in large transactions: a put waits for the disk each time. */
    private static void fill(Path file, ManifestRepository store, long rows) throws IOException, SQLException {
        long next = store.count();
        long begin = System.nanoTime();
        for (int i = 0; i < PUTS && next < rows; i++) {
            store.put(clip(next++));
        }
        System.out.println(String.format(Locale.ROOT, "put %.2f ms each", (System.nanoTime() - begin) / 1e6 / PUTS));
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into clip(asset, watermark, label, created, manifest, fingerprint) values(?,?,?,?,?,?)",
                        Statement.RETURN_GENERATED_KEYS);
                PreparedStatement lookup =
                        connection.prepareStatement("insert or ignore into lookup(key, clip) values(?,?)")) {
            connection.setAutoCommit(false);
            while (next < rows) {
                insert(clip(next++), insert, lookup);
                if (next % TRANSACTION == 0) {
                    connection.commit();
                }
            }
            connection.commit();
        }
    }

    private static void insert(StoredManifest clip, PreparedStatement insert, PreparedStatement lookup)
            throws SQLException {
        insert.setString(1, clip.recordId());
        insert.setBytes(2, clip.watermarkId());
        insert.setString(3, clip.manifestLabel());
        insert.setLong(4, clip.created().toEpochMilli());
        insert.setBytes(5, clip.manifest());
        insert.setBytes(6, clip.fingerprint().toBytes());
        insert.executeUpdate();
        long id;
        try (ResultSet keys = insert.getGeneratedKeys()) {
            keys.next();
            id = keys.getLong(1);
        }
        for (long key : LookupKeys.of(clip.fingerprint())) {
            lookup.setLong(1, key);
            lookup.setLong(2, id);
            lookup.addBatch();
        }
        lookup.executeBatch();
    }

    private static void measure(ManifestRepository store) throws IOException {
        long rows = store.count();
        Random random = new Random(1);
        long watermark = 0;
        long label = 0;
        long pictures = 0;
        int found = 0;
        for (int i = 0; i < MEASURED; i++) {
            long row = (long) (random.nextDouble() * rows);
            long begin = System.nanoTime();
            require(store.findByWatermark(id(row)).size() == 1, row);
            long then = System.nanoTime();
            watermark += then - begin;
            require(store.findByLabel("urn:c2pa:" + row).size() == 1, row);
            label += System.nanoTime() - then;
            FilePictures film = film(row);
            then = System.nanoTime();
            List<StoredManifest> candidates = store.findByPictures(film, 16);
            pictures += System.nanoTime() - then;
            found += candidates.stream().anyMatch(clip -> clip.assetId().equals("asset" + row)) ? 1 : 0;
        }
        System.out.println(String.format(
                Locale.ROOT,
                "%d clips: by watermark %.2f ms, by label %.2f ms, by pictures %.1f ms (the clip is among 16 candidates in"
                        + " %d of %d)",
                rows,
                watermark / 1e6 / MEASURED,
                label / 1e6 / MEASURED,
                pictures / 1e6 / MEASURED,
                found,
                MEASURED));
    }

    private static void require(boolean found, long row) {
        if (!found) {
            throw new IllegalStateException("clip " + row + " is not found");
        }
    }

    private static StoredManifest clip(long row) throws IOException {
        byte[] manifest = new byte[2048];
        new Random(row).nextBytes(manifest);
        return new StoredManifest(
                "asset" + row, id(row), "urn:c2pa:" + row, manifest, fingerprint(row), Instant.ofEpochMilli(row));
    }

    private static byte[] id(long row) {
        return ByteBuffer.allocate(Long.BYTES)
                .putLong(row * 0x9e3779b97f4a7c15L)
                .array();
    }

    private static Fingerprint fingerprint(long row) throws IOException {
        FingerprintingSink sink = new FingerprintingSink(FORMAT, FrameSink.discarding());
        Field field = new Field(row);
        for (int i = 0; i < FORMAT.frameCount(); i++) {
            ByteBuffer rgb = ByteBuffer.allocate(3 * 32 * 32);
            for (byte each : field.picture(i / 4.0)) {
                rgb.put(each).put(each).put(each);
            }
            sink.accept(new VideoFrame(32, 32, rgb.flip()));
        }
        sink.close();
        return sink.fingerprint();
    }

    /** The clip at another frame rate, with noise as by compression. */
    private static FilePictures film(long row) {
        FilePictures film = new FilePictures();
        Field field = new Field(row);
        Random noise = new Random(-row);
        for (int i = 0; i < 60; i++) {
            byte[] picture = field.picture(i / 12.0 + 0.03);
            for (int at = 0; at < picture.length; at++) {
                picture[at] = (byte) Math.max(0, Math.min(255, (picture[at] & 0xff) + 2 * noise.nextGaussian()));
            }
            film.add(picture, 32, 32, i / 12.0);
        }
        return film;
    }

    /** Waves of random directions and speeds. */
    private static final class Field {
        private static final int WAVES = 6;
        private final double[][] columns = new double[WAVES][];
        private final double[][] rows = new double[WAVES][];
        private final double[] speeds = new double[WAVES];
        private final double[] amplitudes = new double[WAVES];

        Field(long seed) {
            Random random = new Random(seed);
            for (int i = 0; i < WAVES; i++) {
                columns[i] = new double[] {9 * random.nextGaussian(), 6 * random.nextDouble()};
                rows[i] = new double[] {9 * random.nextGaussian(), 6 * random.nextDouble()};
                speeds[i] = 0.3 * random.nextGaussian();
                amplitudes[i] = 20 + 20 * random.nextDouble();
            }
        }

        byte[] picture(double seconds) {
            double[] sum = new double[32 * 32];
            for (int i = 0; i < WAVES; i++) {
                double[] row = new double[32];
                for (int x = 0; x < 32; x++) {
                    row[x] = Math.cos(columns[i][0] * x / 32 + columns[i][1] + speeds[i] * seconds);
                }
                for (int y = 0; y < 32; y++) {
                    double factor = amplitudes[i] * Math.cos(rows[i][0] * y / 32 + rows[i][1]);
                    for (int x = 0; x < 32; x++) {
                        sum[32 * y + x] += factor * row[x];
                    }
                }
            }
            byte[] picture = new byte[32 * 32];
            for (int at = 0; at < picture.length; at++) {
                picture[at] = (byte) Math.max(0, Math.min(255, 128 + sum[at]));
            }
            return picture;
        }
    }
}
