package org.patchreel.impl.generator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/** Reads what {@link FakeSinks} writes: a grey pixel for each byte. */
final class ByteFrames implements FrameSource {

    private final InputStream bytes;

    ByteFrames(Path file) throws IOException {
        bytes = Files.newInputStream(file);
    }

    @Override
    public Optional<VideoFrame> next() throws IOException {
        int value = bytes.read();
        return value < 0
                ? Optional.empty()
                : Optional.of(
                        new VideoFrame(1, 1, ByteBuffer.wrap(new byte[] {(byte) value, (byte) value, (byte) value})));
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
