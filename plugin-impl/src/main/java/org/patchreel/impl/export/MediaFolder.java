package org.patchreel.impl.export;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.media.Mezzanine;
import org.patchreel.impl.media.MezzanineCodec;
import org.patchreel.impl.provenance.ClipSigner.Signed;
import org.patchreel.impl.store.Tree;

/** A folder in the making, under another name than it will have. Closing it before it is published deletes it. */
final class MediaFolder implements AutoCloseable {

    /** As long as a name of a reel may be. */
    private static final int REEL = 8;

    private final Path draft;
    private final AssetFile file;
    private final Optional<MezzanineCodec> codec;
    private final @Nullable MezzanineSigner signer;
    private final Originals originals;
    private final Map<String, Medium> media = new LinkedHashMap<>();
    private final Map<String, SignedManifest> carried = new LinkedHashMap<>();
    private final Map<String, Signed> signed = new LinkedHashMap<>();
    private final Set<String> reels = new HashSet<>();

    /**
     * Makes an empty one.
     *
     * @param draft does not exist
     * @param file of the assets, which their media are made of
     * @param codec of mezzanines; empty to take the clips themselves
     * @param signer null if mezzanines are not signed
     * @param originals refuses damaged clips
     */
    MediaFolder(
            Path draft,
            AssetFile file,
            Optional<MezzanineCodec> codec,
            @Nullable MezzanineSigner signer,
            Originals originals)
            throws IOException {
        this.draft = draft;
        this.file = file;
        this.codec = codec;
        this.signer = signer;
        this.originals = originals;
        Files.createDirectories(draft.resolve(Medium.FOLDER));
    }

    Path draft() {
        return draft;
    }

    /** {@return the medium of a clip that was added} */
    Medium medium(String assetId) {
        return Optional.ofNullable(media.get(assetId)).orElseThrow();
    }

    /** {@return all media, in the order in which they came} */
    Iterable<Medium> media() {
        return media.values();
    }

    /** {@return the manifest that a medium carries} */
    Optional<SignedManifest> manifest(Medium medium) {
        String id = medium.clip().id();
        return codec.isPresent()
                ? Optional.ofNullable(signed.get(id)).map(Signed::manifest)
                : Optional.ofNullable(carried.get(id));
    }

    private boolean isMaster() {
        return file == AssetFile.MASTER;
    }

    private String name(AssetMetadata clip, String extension) {
        return clip.id() + (isMaster() ? "-master" : "") + extension;
    }

    /**
     * Writes a clip's medium.
     *
     * @param progress called after each transcoded frame
     */
    void add(StoredAsset asset, Mezzanine.Progress progress) throws IOException, InterruptedException {
        AssetMetadata clip = asset.metadata();
        if (clip.kind() == OutputKind.STILL) {
            throw new IllegalArgumentException("asset " + clip.id() + " is a still; clips alone are exported");
        }
        String reel = reel(clip.id());
        media.put(
                clip.id(),
                codec.isPresent() ? mezzanine(asset, clip, codec.get(), reel, progress) : copied(asset, clip, reel));
    }

    private Medium copied(StoredAsset asset, AssetMetadata clip, String reel) throws IOException {
        String name = name(clip, ".mp4");
        Path copy = draft.resolve(Medium.FOLDER).resolve(name);
        copy(asset, file, copy);
        originals.check(copy, file, clip).ifPresent(manifest -> carried.put(clip.id(), manifest));
        Timecode start = new Timecode(0, clip.format().frameRate());
        return new Medium(clip, name, reel, start, clip.format().frameCount());
    }

    private Medium mezzanine(
            StoredAsset asset, AssetMetadata clip, MezzanineCodec to, String reel, Mezzanine.Progress progress)
            throws IOException, InterruptedException {
        String name = name(clip, ".mov");
        Path movie = draft.resolve(Medium.FOLDER).resolve(name);
        Path source = draft.resolve(file.fileName());
        Path poster = draft.resolve(AssetFile.POSTER.fileName());
        int repeat = EditingRate.repeat(clip.format().frameRate());
        Timecode start = Timecode.programmeStart(clip.format().frameRate().times(repeat));
        try {
            copy(asset, file, source);
            originals.check(source, file, clip);
            new Mezzanine(to, clip.format(), repeat, start.toString(), reel).write(source, movie, progress);
            if (signer != null) {
                signed.put(
                        clip.id(),
                        isMaster()
                                ? signer.signMaster(movie, clip, source)
                                : signer.sign(movie, clip, source, copyIfThere(asset, AssetFile.POSTER, poster)));
            }
        } finally {
            Files.deleteIfExists(source);
            Files.deleteIfExists(poster);
        }
        return new Medium(clip, name, reel, start, (long) clip.format().frameCount() * repeat);
    }

    private static Optional<Path> copyIfThere(StoredAsset asset, AssetFile file, Path target) throws IOException {
        try {
            copy(asset, file, target);
            return Optional.of(target);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void copy(StoredAsset asset, AssetFile file, Path target) throws IOException {
        try (SeekableByteChannel channel = open(asset, file)) {
            long size = channel.size();
            long copied = Files.copy(Channels.newInputStream(channel), target);
            if (copied != size) {
                throw new EOFException("asset " + asset.metadata().id() + ": " + file.fileName() + " ends at byte "
                        + copied + " of " + size);
            }
        }
    }

    private static SeekableByteChannel open(StoredAsset asset, AssetFile file) throws IOException {
        try {
            return asset.open(file);
        } catch (NoSuchFileException e) {
            if (file != AssetFile.MASTER) {
                throw e;
            }
            throw new IllegalArgumentException("asset " + asset.metadata().id() + " has no master without a label", e);
        }
    }

    /** The end of the ID, where IDs that were made together differ; a number if another clip has that. */
    private String reel(String assetId) {
        String end = assetId.substring(Math.max(0, assetId.length() - REEL)).toUpperCase(Locale.ROOT);
        String reel = reels.contains(end) ? String.format(Locale.ROOT, "R%07d", media.size() + 1) : end;
        reels.add(reel);
        return reel;
    }

    /**
     * Writes all through to the disk, records the manifests of mezzanines, and gives the folder its name. After a failure the
     * records are as they were.
     *
     * @param folder does not exist
     */
    void publish(Path folder) throws IOException {
        Tree.sync(draft);
        Deque<Undo> undo = new ArrayDeque<>();
        try {
            for (Signed each : signed.values()) {
                recorder().record(each);
                undo.push(() -> recorder().forget(each));
            }
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(folder + " was made by somebody else meanwhile");
            }
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            for (Undo each : undo) {
                try {
                    each.run();
                } catch (IOException failure) {
                    e.addSuppressed(failure);
                }
            }
            throw e;
        }
        Tree.syncOne(folder.resolveSibling(""));
    }

    private MezzanineSigner recorder() {
        if (signer == null) {
            throw new IllegalStateException("nothing was signed");
        }
        return signer;
    }

    /** Takes a record back. */
    private interface Undo {
        void run() throws IOException;
    }

    @Override
    public void close() throws IOException {
        Tree.delete(draft);
    }
}
