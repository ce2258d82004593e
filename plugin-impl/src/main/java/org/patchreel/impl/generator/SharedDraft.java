package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.GenerationCancelledException;

/**
 * A draft that another thread may close while its maker is held up in native code. Whichever comes first wins: a draft that
 * was closed cannot be committed, and one that was committed stays.
 */
final class SharedDraft implements AutoCloseable {

    private final AssetDraft draft;
    private boolean ended;

    SharedDraft(AssetDraft draft) {
        this.draft = draft;
    }

    Path directory() {
        return draft.directory();
    }

    synchronized AssetReference commit(AssetMetadata metadata) throws IOException, GenerationCancelledException {
        if (ended) {
            throw new GenerationCancelledException();
        }
        AssetReference asset = draft.commit(metadata);
        ended = true;
        draft.close();
        return asset;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!ended) {
            ended = true;
            draft.close();
        }
    }
}
