package org.patchreel.impl.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.OutputKind;
import org.patchreel.impl.store.Tree;

/**
 * Made clips that wait for a reviewer, each in the work folder of its job: neither signed nor stored. What is there was held for
 * certain: it is completed after the register has said so, and whatever begins the job later has been released.
 *
 * @param folders of the jobs
 */
record HeldClips(WorkFolders folders) {

    private static final String COMPLETE = "held";
    private static final String INCOMPLETE = "held.incomplete";
    private static final String DESCRIPTION = "held.json";
    private static final int MAX_DESCRIPTION = 16 << 20;
    private static final int VERSION = 1;

    private static final String OWNER_ONLY = "rwx------";

    /** What is shown to a reviewer, the first one that is there. */
    private static final List<AssetFile> PICTURES = List.of(AssetFile.CONTACT_SHEET, AssetFile.POSTER);

    private static final long MAX_PICTURE = 16 << 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Copies a clip, which is not there before {@link #complete}.
     *
     * @param id of the job
     * @param kind of what was made
     * @param directory with its files
     * @param work the order as it is registered
     * @param clip what is known of it
     * @throws IOException if that cannot be written; nothing is left then
     */
    void copy(String id, OutputKind kind, Path directory, String work, Produced clip) throws IOException {
        // what was sampled is not needed any more
        folders.delete(id);
        Path folder = Files.createDirectory(
                Files.createDirectories(folders.of(id)).resolve(INCOMPLETE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        boolean copied = false;
        try {
            copyAll(directory, folder);
            ObjectNode description = MAPPER.createObjectNode()
                    .put("version", VERSION)
                    .put("order", Digests.sha256(work.getBytes(UTF_8)))
                    .put("file", Digests.sha256(folder.resolve(kind.file().fileName())))
                    .put("clip", ProducedJson.write(clip));
            if (clip.master().isPresent()) {
                description.put("master", Digests.sha256(folder.resolve(AssetFile.MASTER.fileName())));
            }
            Files.writeString(folder.resolve(DESCRIPTION), description.toString());
            Tree.sync(folder);
            copied = true;
        } finally {
            if (!copied) {
                Tree.delete(folder);
            }
        }
    }

    /**
     * Lets a copied clip be there. The register must say that its job is held.
     *
     * @throws IOException if that cannot be written
     */
    void complete(String id) throws IOException {
        Path folder = folders.of(id);
        Files.move(folder.resolve(INCOMPLETE), folder.resolve(COMPLETE), StandardCopyOption.ATOMIC_MOVE);
        Tree.syncOne(folder);
    }

    /** {@return whether there is a clip of a job} */
    boolean has(String id) {
        return Files.isRegularFile(complete(folders.of(id)).resolve(DESCRIPTION));
    }

    private static Path complete(Path folder) {
        return folder.resolve(COMPLETE);
    }

    /**
     * Finds the clip of a job again.
     *
     * @param id of the job
     * @param kind of what was made
     * @param work the order as it is registered now
     * @return what is known of the clip; empty if it was made by another order
     * @throws IOException if it cannot be read, or its file is not the one that was held
     */
    Optional<Produced> find(String id, OutputKind kind, String work) throws IOException {
        Path folder = complete(folders.of(id));
        Path file = folder.resolve(DESCRIPTION);
        if (Files.size(file) > MAX_DESCRIPTION) {
            throw new IOException(file + " is larger than " + MAX_DESCRIPTION + " bytes");
        }
        JsonNode description = MAPPER.readTree(Files.readAllBytes(file));
        if (description.path("version").asInt() != VERSION) {
            throw new IOException(file + " has the version " + description.path("version") + ", expected " + VERSION);
        }
        if (!description.path("order").asText().equals(Digests.sha256(work.getBytes(UTF_8)))) {
            return Optional.empty();
        }
        check(folder.resolve(kind.file().fileName()), description.path("file"));
        if (description.has("master")) {
            check(folder.resolve(AssetFile.MASTER.fileName()), description.path("master"));
        }
        try {
            return Optional.of(ProducedJson.read(description.path("clip").asText()));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void check(Path file, JsonNode held) throws IOException {
        if (!held.asText().equals(Digests.sha256(file))) {
            throw new IOException(file + " is not the file that was held");
        }
    }

    /** Copies the files of a clip into a draft. */
    void copyTo(Path directory, String id) throws IOException {
        copyAll(complete(folders.of(id)), directory);
    }

    /** {@return a picture of a clip that is held, as a JPEG file; empty if there is none} */
    Optional<byte[]> picture(String id) throws IOException {
        for (AssetFile each : PICTURES) {
            Path file = complete(folders.of(id)).resolve(each.fileName());
            if (has(id) && Files.isRegularFile(file) && Files.size(file) <= MAX_PICTURE) {
                return Optional.of(Files.readAllBytes(file));
            }
        }
        return Optional.empty();
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (!name.equals(DESCRIPTION)) {
                    Files.copy(file, to.resolve(name));
                }
            }
        }
    }
}
