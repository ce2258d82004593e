package org.patchreel.impl.generator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
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
    public FrameSink open(Path directory, WorkOrder order, List<KeptClip> kept, UnaryOperator<FrameSink> marking)
            throws IOException {
        FakeStore.fail(openFailure);
        OutputStream clip = Files.newOutputStream(directory.resolve(AssetFile.CLIP.fileName()));
        open++;
        return marking.apply(new FrameSink() {
            private int frames;

            @Override
            public void accept(VideoFrame frame) throws IOException {
                if (++frames == 3) {
                    FakeStore.fail(thirdFrameFailure);
                }
                clip.write(0);
            }

            @Override
            public void close() throws IOException {
                open--;
                clip.close();
                FakeStore.fail(closeFailure);
            }
        });
    }

    @Override
    public String codec(WorkOrder order) {
        return codec;
    }
}
