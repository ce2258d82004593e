package org.patchreel.impl.c2pa;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects tampered variants of a file, each once and with a name that says what was done. */
public final class TamperedFiles {

    /** A variant: what was done, and the file. */
    public static final class Variant {
        private final String name;
        private final byte[] bytes;

        Variant(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        /** {@return what was done} */
        public String name() {
            return name;
        }

        /** {@return the file} */
        public byte[] bytes() {
            return bytes;
        }
    }

    private final byte[] genuine;
    private final List<Variant> variants = new ArrayList<>();
    private final Set<ByteBuffer> seen = new HashSet<>();

    public TamperedFiles(byte[] genuine) {
        this.genuine = genuine;
        seen.add(ByteBuffer.wrap(genuine));
    }

    /** Adds a file of these parts, unless it is there already or is the genuine one. */
    public void add(String name, byte[]... parts) {
        byte[] bytes = PictureFormat.joined(parts);
        if (seen.add(ByteBuffer.wrap(bytes))) {
            variants.add(new Variant(name, bytes));
        }
    }

    /** Adds the genuine file with bits of one byte changed. */
    public void flip(String name, int position, int mask) {
        byte[] bytes = genuine.clone();
        bytes[position] ^= (byte) mask;
        add(name + ", byte " + position + " ^ " + mask, bytes);
    }

    /** {@return a part of the genuine file} */
    public byte[] part(int from, int to) {
        return Arrays.copyOfRange(genuine, from, to);
    }

    public List<Variant> variants() {
        return List.copyOf(variants);
    }
}
