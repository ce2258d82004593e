package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

class BothSinksTest {

    private final List<String> calls = new ArrayList<>();

    /** Reads a frame to its end, and fails when it is closed if it shall. */
    private FrameSink sink(String name, boolean fails) {
        return new FrameSink() {
            @Override
            public void accept(VideoFrame frame) {
                byte[] pixel = new byte[3];
                frame.rgb().get(pixel);
                calls.add(name + " " + pixel[0]);
            }

            @Override
            public void close() throws IOException {
                calls.add(name + " closed");
                if (fails) {
                    throw new IOException(name);
                }
            }
        };
    }

    @Test
    void bothGetTheWholeFrameAndAreClosed() throws IOException {
        try (FrameSink both = new BothSinks(sink("first", false), sink("second", false))) {
            both.accept(new VideoFrame(1, 1, ByteBuffer.wrap(new byte[] {7, 8, 9})));
        }
        assertEquals(List.of("first 7", "second 7", "first closed", "second closed"), calls);
    }

    @Test
    void oneThatCannotBeClosedDoesNotKeepTheOtherOpen() {
        IOException failure =
                assertThrows(IOException.class, new BothSinks(sink("first", true), sink("second", true))::close);
        assertEquals("first", failure.getMessage());
        assertEquals("second", failure.getSuppressed()[0].getMessage());
        assertEquals(List.of("first closed", "second closed"), calls);
    }
}
