package org.patchreel.impl.generator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.media.MediaException;
import org.patchreel.impl.media.SourceInfo;
import org.patchreel.impl.media.SourceReader;
import org.patchreel.impl.store.FileSourceStore;

/**
 * Finds the files that requests refer to. The clip or still of an asset is copied into the source store: an order then names bytes, which
 * another machine can fetch, whatever becomes of the asset. May be called from any thread.
 */
@Component(service = SourceFiles.class)
public final class SourceFiles {

    private static final int MAX_KNOWN = 100;

    private final FileSourceStore sources;
    private final CurrentStore assets;

    /** What is known of a file, by its digest: a process is started to learn it. Guarded by itself. */
    private final Map<String, SourceInfo> known = latest();

    /** The digests of clips, by their asset. Guarded by itself. */
    private final Map<String, String> clips = latest();

    /**
     * Creates one.
     *
     * @param sources keeps the files
     * @param assets knows the store of the assets
     */
    @Activate
    public SourceFiles(@Reference FileSourceStore sources, @Reference CurrentStore assets) {
        this.sources = sources;
        this.assets = assets;
    }

    private static <V> Map<String, V> latest() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MAX_KNOWN;
            }
        };
    }

    /**
     * Finds a file and learns what it is.
     *
     * @param media what a request refers to
     * @return the file
     * @throws IllegalArgumentException if there is no such file, or it is no picture and no video that can be decoded; the
     *     message names it and the reason
     * @throws GenerationException with {@link Reason#STORAGE} if a store cannot be read
     */
    SourceFile find(Media media) throws GenerationException {
        try {
            return media.fold(this::clip, upload -> file(upload, Optional.empty()));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, media.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private SourceFile clip(Media.Asset media) throws IOException {
        StoredAsset asset = assets.get()
                .find(media.id())
                .orElseThrow(() -> new IllegalArgumentException("there is no asset " + media.id()));
        String name = asset.metadata()
                .title()
                .orElse(asset.metadata().kind() == OutputKind.STILL ? media.id() + ".png" : media.id() + ".mp4");
        return file(new Media.Upload(digest(asset, name), name), Optional.of(asset));
    }

    private String digest(StoredAsset asset, String name) throws IOException {
        String id = asset.metadata().id();
        synchronized (clips) {
            String digest = clips.get(id);
            if (digest != null && sources.contains(digest)) {
                return digest;
            }
        }
        try (InputStream clip =
                Channels.newInputStream(asset.open(asset.metadata().kind().file()))) {
            String digest = sources.put(clip, name).sha256();
            synchronized (clips) {
                clips.put(id, digest);
            }
            return digest;
        }
    }

    private SourceFile file(Media.Upload upload, Optional<StoredAsset> asset) throws IOException {
        Path file = path(upload);
        return new SourceFile(
                file,
                upload.sha256(),
                upload.name(),
                asset.map(stored -> stored.metadata().id()),
                asset.map(stored -> stored.metadata().sourceType()),
                info(upload, file));
    }

    /**
     * Finds a file again.
     *
     * @param upload that was found before
     * @return where it is
     * @throws IllegalArgumentException if it is not there any more
     * @throws IOException if the store cannot be read
     */
    Path path(Media.Upload upload) throws IOException {
        return sources.find(upload.sha256())
                .orElseThrow(() -> new IllegalArgumentException(
                        upload.name() + " is not in the source store (SHA-256 " + upload.sha256() + ")"));
    }

    private SourceInfo info(Media.Upload upload, Path file) throws IOException {
        synchronized (known) {
            @Nullable SourceInfo info = known.get(upload.sha256());
            if (info != null) {
                return info;
            }
        }
        SourceInfo info;
        try {
            info = SourceReader.probe(file);
        } catch (MediaException e) {
            // the store's name for the file says nothing to people
            throw new IllegalArgumentException(upload.name() + " cannot be used: " + e.reason(), e);
        }
        synchronized (known) {
            known.put(upload.sha256(), info);
        }
        return info;
    }
}
