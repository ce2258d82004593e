package org.patchreel.impl.verify;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintMatcher;
import org.patchreel.impl.sqlite.SqliteFile;

/** Keeps takedowns in the file of the {@link ManifestRepository}, which has the fingerprints of what was taken down. */
@Component(service = {Takedowns.class, TakedownRegister.class})
public final class TakedownRegister implements Takedowns {

    /** The second version of the repository's schema. */
    static final List<String> SCHEMA = List.of("""
            create table takedown(
              asset text not null primary key,
              time integer not null,
              reason text not null,
              watermark blob)""", "create index takedown_watermark on takedown(watermark)", """
            create table takedown_file(
              sha256 text not null primary key,
              asset text not null)""");

    private final ManifestRepository manifests;

    /**
     * Creates one; the file is opened by the first call.
     *
     * @param manifests whose file it is
     */
    @Activate
    public TakedownRegister(@Reference ManifestRepository manifests) {
        this.manifests = manifests;
    }

    /**
     * Enters a takedown, or adds to one.
     *
     * @param takedown of an asset; the first time and reason stay
     * @param watermark of its pictures, 16 hexadecimal digits, if it was marked
     * @param files SHA-256 of its file and of copies, 64 hexadecimal digits each
     * @throws IOException if it cannot be written
     */
    public void add(Takedown takedown, Optional<String> watermark, Set<String> files) throws IOException {
        manifests.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into takedown(asset, time, reason, watermark) values(?,?,?,?) on conflict(asset) do nothing")) {
                insert.setString(1, takedown.assetId());
                insert.setLong(2, takedown.time().toEpochMilli());
                insert.setString(3, takedown.reason());
                insert.setBytes(4, watermark.map(HexFormat.of()::parseHex).orElse(null));
                insert.executeUpdate();
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into takedown_file(sha256, asset) values(?,?) on conflict(sha256) do nothing")) {
                for (String file : files) {
                    insert.setString(1, file);
                    insert.setString(2, takedown.assetId());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return true;
        });
    }

    @Override
    public Optional<Takedown> ofAsset(String id) throws IOException {
        return find("asset = ?", statement -> statement.setString(1, id));
    }

    @Override
    public Optional<Takedown> ofFile(String sha256) throws IOException {
        return find(
                "asset = (select asset from takedown_file where sha256 = ?)",
                statement -> statement.setString(1, sha256));
    }

    @Override
    public Optional<Takedown> ofMark(String watermark) throws IOException {
        return find(
                "watermark = ?",
                statement -> statement.setBytes(1, HexFormat.of().parseHex(watermark)));
    }

    @Override
    public Optional<Takedown> ofPictures(Fingerprint fingerprint) throws IOException {
        // few are taken down, and comparing takes microseconds
        for (StoredManifest clip : manifests.select("asset in (select asset from takedown)", statement -> {})) {
            if (FingerprintMatcher.isSame(clip.fingerprint(), fingerprint)) {
                return ofAsset(clip.assetId());
            }
        }
        return Optional.empty();
    }

    private Optional<Takedown> find(String condition, ManifestRepository.Binding binding) throws IOException {
        SqliteFile.Work<Optional<Takedown>> work = connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select asset, time, reason from takedown where " + condition)) {
                binding.set(select);
                return first(select);
            }
        };
        return manifests.read(work);
    }

    private static Optional<Takedown> first(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            return rows.next()
                    ? Optional.of(
                            new Takedown(rows.getString(1), Instant.ofEpochMilli(rows.getLong(2)), rows.getString(3)))
                    : Optional.empty();
        }
    }
}
