package org.patchreel.policy.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetId;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.SoftBindingResolver;

/**
 * Writes all that is recorded of a job and its asset into a ZIP file, for an authority: the records, a proof that they are in the log, the
 * manifest, metadata and what the file of the asset is. The clip itself is left out, as it may be what nobody may pass on.
 */
final class EvidenceFile {

    /** Of one job: it has about ten, and some more for each export. */
    static final int MAX_RECORDS = 10_000;

    /** Lines of the proof, 75 bytes each, from the job's first record on. */
    static final int MAX_PROOF = 1_000_000;

    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private static final String README = """
        Evidence of the job and the asset %s

        records.jsonl     what the audit log has of it: one record a line, the oldest first
        chain.txt         the log from the first of these records on: on the first line the hash
                          of the record before, then for each record its sequence and the
                          SHA-256 of its content, which says nothing of other records
        verification.json what reading the whole log has found when this file was made
        metadata.json     how the asset was made, as its store has it
        manifest.c2pa     the C2PA manifest store that was signed into the file, for any C2PA tool
        verify.json       what the stored file of the asset is, and its SHA-256
        The clip itself is left out.

        To check that a record is in the log: remove "previous" and "personal" from it, write it
        as JSON with sorted keys, without spaces, in UTF-8; its SHA-256 in hexadecimal digits is
        the content of that sequence in chain.txt. The hash of a record is the SHA-256 of the hash
        before and its content, both in hexadecimal digits, one behind the other. The last hash is
        that of the log's head, which verification.json has and the operator may have kept
        elsewhere at that time.
        To check a personal value: the SHA-256 of its salt and its value as such JSON, one behind
        the other, is the commitment of the same name.

        %s""";

    private final FileAuditSink sink;
    private final @Nullable AssetStore store;
    private final @Nullable ProvenanceVerifier verifier;
    private final @Nullable SoftBindingResolver manifests;

    EvidenceFile(
            FileAuditSink sink,
            @Nullable AssetStore store,
            @Nullable ProvenanceVerifier verifier,
            @Nullable SoftBindingResolver manifests) {
        this.sink = sink;
        this.store = store;
        this.verifier = verifier;
        this.manifests = manifests;
    }

    /**
     * What was written.
     *
     * @param files in the ZIP file
     * @param records of the job
     * @param missing what could not be added, and why, a sentence each
     * @param sha256 of the ZIP file
     */
    record Written(List<String> files, int records, List<String> missing, String sha256) {}

    /**
     * Writes the file, and records that.
     *
     * @param id of the job and its asset
     * @param file is made; it appears whole or not at all
     * @param by who wants it
     * @throws IllegalArgumentException if nothing is recorded of the job, or the file is there
     * @throws IOException if it cannot be written
     */
    Written write(String id, Path file, Requester by) throws IOException {
        if (!AssetId.isValid(id)) {
            throw new IllegalArgumentException("no ID of a job or an asset: " + id);
        }
        if (Files.exists(file)) {
            throw new IllegalArgumentException(file + " is there already");
        }
        Records found = new Records(id);
        new AuditChain(sink.folder()).read(found);
        if (found.records.isEmpty()) {
            throw new IllegalArgumentException("nothing is recorded of " + id + "; audit list shows what is");
        }
        sink.recordExport(id, by);
        found = new Records(id);
        new AuditChain(sink.folder()).read(found);
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        MessageDigest digest = sha256();
        List<String> missing = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        try {
            try (FileChannel channel = AuditFolder.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ZipOutputStream zip =
                        new ZipOutputStream(new DigestOutputStream(Channels.newOutputStream(channel), digest), UTF_8);
                write(id, found, zip, names, missing);
                zip.finish();
                zip.flush();
                channel.force(true);
            }
            Files.move(beside, file);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException(file + " is there already", e);
        } catch (NoSuchFileException e) {
            throw new IOException("the folder of " + file + " is not there", e);
        } finally {
            Files.deleteIfExists(beside);
        }
        return new Written(
                List.copyOf(names),
                found.records.size(),
                missing,
                HexFormat.of().formatHex(digest.digest()));
    }

    private void write(String id, Records found, ZipOutputStream zip, Set<String> names, List<String> missing)
            throws IOException {
        StringBuilder records = new StringBuilder();
        found.records.forEach(record -> records.append(record.text()).append('\n'));
        add(zip, names, "records.jsonl", records.toString().getBytes(UTF_8));
        add(zip, names, "chain.txt", found.proof.toString().getBytes(UTF_8));
        if (found.isProofCut) {
            missing.add("chain.txt ends after " + MAX_PROOF + " records");
        }
        add(zip, names, "verification.json", JSON.writeValueAsBytes(AuditCommand.json(sink.verify(List.of()))));
        Optional<StoredAsset> asset = asset(id, missing);
        if (asset.isPresent()) {
            add(
                    zip,
                    names,
                    "metadata.json",
                    JSON.writeValueAsBytes(AssetFacts.of(asset.get().metadata()).values()));
        }
        Optional<byte[]> manifest = manifest(found, asset, missing);
        if (manifest.isPresent()) {
            add(zip, names, "manifest.c2pa", manifest.get());
        }
        if (asset.isPresent()) {
            Optional<Map<String, Object>> report = report(asset.get(), missing);
            if (report.isPresent()) {
                add(zip, names, "verify.json", JSON.writeValueAsBytes(report.get()));
            }
        }
        String left =
                missing.isEmpty() ? "Nothing is missing.\n" : "Missing:\n- " + String.join("\n- ", missing) + "\n";
        add(zip, names, "README.txt", README.formatted(id, left).getBytes(UTF_8));
    }

    private static void add(ZipOutputStream zip, Set<String> names, String name, byte[] bytes) throws IOException {
        names.add(name);
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    /** {@return the asset, also if it was withdrawn} */
    private Optional<StoredAsset> asset(String id, List<String> missing) {
        if (store == null) {
            missing.add("metadata.json and verify.json: no asset store is there");
            return Optional.empty();
        }
        try {
            Optional<StoredAsset> asset = store.find(id);
            if (asset.isEmpty()) {
                asset = store.findWithdrawn(id);
            }
            if (asset.isEmpty()) {
                missing.add("metadata.json and verify.json: the asset store has no asset " + id);
            }
            return asset;
        } catch (IOException e) {
            missing.add("metadata.json and verify.json: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<byte[]> manifest(Records found, Optional<StoredAsset> asset, List<String> missing) {
        Optional<String> label = asset.flatMap(
                        stored -> stored.metadata().provenance().manifest())
                .map(manifest -> manifest.label())
                .or(found::manifestLabel);
        if (label.isEmpty()) {
            missing.add("manifest.c2pa: no manifest was signed, as far as is known");
            return Optional.empty();
        }
        if (manifests == null) {
            missing.add("manifest.c2pa: nobody keeps manifests here");
            return Optional.empty();
        }
        try {
            Optional<byte[]> manifest = manifests.manifestStore(label.get());
            if (manifest.isEmpty()) {
                missing.add("manifest.c2pa: the manifest " + label.get() + " is not known any more");
            }
            return manifest;
        } catch (IOException e) {
            missing.add("manifest.c2pa: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Examines a copy of the asset's file: the store may have it anywhere. */
    private Optional<Map<String, Object>> report(StoredAsset asset, List<String> missing) {
        if (verifier == null) {
            missing.add("verify.json: no verifier is there");
            return Optional.empty();
        }
        AssetFile file = asset.metadata().kind().file();
        try {
            Path copy = Files.createTempFile("patchreel-evidence-", file.extension());
            try {
                MessageDigest digest = sha256();
                try (InputStream in = new DigestInputStream(Channels.newInputStream(asset.open(file)), digest);
                        OutputStream out = Files.newOutputStream(copy)) {
                    in.transferTo(out);
                }
                Map<String, Object> report = new LinkedHashMap<>();
                report.put("file", file.fileName());
                report.put("sha256", HexFormat.of().formatHex(digest.digest()));
                report.putAll(verifier.verify(copy).values());
                return Optional.of(report);
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            missing.add("verify.json: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Collects the records of a job, and what proves that they are in the log. */
    private static final class Records implements AuditChain.Visitor {
        private final String id;
        private final List<AuditRecord> records = new ArrayList<>();
        private final StringBuilder proof = new StringBuilder();
        private int proofLines;
        private boolean isProofCut;

        Records(String id) {
            this.id = id;
        }

        @Override
        public boolean visit(AuditChain.Place place, Lines.Line line) throws IOException {
            AuditRecord record;
            String content;
            try {
                record = line.toRecord();
                content = record.content();
            } catch (IllegalArgumentException e) {
                return true; // verification.json says where it is
            }
            if (record.subject().equals(id)) {
                if (records.isEmpty()) {
                    proof.append(record.previous()).append('\n');
                }
                records.add(record);
                if (records.size() > MAX_RECORDS) {
                    throw new IOException("more than " + MAX_RECORDS + " records are of " + id);
                }
            }
            if (!records.isEmpty() && proofLines < MAX_PROOF) {
                proof.append(record.sequence()).append(' ').append(content).append('\n');
                proofLines++;
            } else {
                isProofCut |= !records.isEmpty();
            }
            return true;
        }

        Optional<String> manifestLabel() {
            return records.stream()
                    .filter(record -> record.type().equals("made"))
                    .map(record -> record.facts().at("/manifest/label").textValue())
                    .filter(label -> label != null && !label.isEmpty())
                    .reduce((first, last) -> last);
        }
    }
}
