package org.patchreel.impl.generator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.impl.media.KeptClip;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Writes one byte a frame; may fail at its opening, at its third frame or at its closing. */
final class FakeSinks implements ClipSinks {

    @Nullable
    Exception openFailure;

    @Nullable
    Exception thirdFrameFailure;

    @Nullable
    Exception closeFailure;

    int open;

    private final String codec;

    FakeSinks() {
        this("fake264");
    }

    FakeSinks(String codec) {
        this.codec = codec;
    }

    @Override
    public FrameSink open(Path directory, WorkOrder order, List<KeptClip> kept, Marks marking) throws IOException {
        FakeStore.fail(openFailure);
        FrameSink clip = written(directory, AssetFile.CLIP);
        return marking.into(
                clip, order.hasMaster() ? Optional.of(written(directory, AssetFile.MASTER)) : Optional.empty());
    }

    private FrameSink written(Path directory, AssetFile file) throws IOException {
        OutputStream out = Files.newOutputStream(directory.resolve(file.fileName()));
        open++;
        return new FrameSink() {
            private int frames;

            @Override
            public void accept(VideoFrame frame) throws IOException {
                if (++frames == 3) {
                    FakeStore.fail(thirdFrameFailure);
                }
                out.write(0);
            }

            @Override
            public void close() throws IOException {
                open--;
                out.close();
                FakeStore.fail(closeFailure);
            }
        };
    }

    @Override
    public String codec(WorkOrder order) {
        return codec;
    }
}
