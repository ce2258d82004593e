package org.patchreel.spi;

/** See {@link FrameSink#discarding}. */
enum DiscardingFrameSink implements FrameSink {
    INSTANCE;

    @Override
    public void accept(VideoFrame frame) {
        // nobody wants it
    }

    @Override
    public void close() {
        // nothing is open
    }
}
