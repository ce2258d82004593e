package org.patchreel.aem;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.StoredAsset;

/** A clip that takes a while to read the first time. */
final class SlowClip implements StoredAsset {

    private final StoredAsset clip;
    private @Nullable Runnable meanwhile;

    SlowClip(StoredAsset clip, Runnable meanwhile) {
        this.clip = clip;
        this.meanwhile = meanwhile;
    }

    @Override
    public AssetReference reference() {
        return clip.reference();
    }

    @Override
    public AssetMetadata metadata() {
        return clip.metadata();
    }

    @Override
    public SeekableByteChannel open(AssetFile file) throws IOException {
        if (file == AssetFile.POSTER && meanwhile != null) {
            meanwhile.run();
            meanwhile = null;
        }
        return clip.open(file);
    }
}
