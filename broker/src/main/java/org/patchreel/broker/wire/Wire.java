package org.patchreel.broker.wire;

/** Numbers that hosts and workers agree on. */
public final class Wire {

    /** Of all messages. A reader refuses those of another version. */
    public static final int VERSION = 1;

    /** Maximum length of a text message, in characters. */
    public static final int MAX_TEXT = 256 << 10;

    /** Maximum number of bytes of a file in one message. */
    public static final int MAX_PART_BYTES = 512 << 10;

    /** Maximum size of a frame of the protocol, in bytes: the largest text in UTF-8, and what comes with it. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    /** Maximum size of a file that a worker has made or needs, in bytes. */
    public static final long MAX_FILE_BYTES = 8L << 30;

    private Wire() {}
}
