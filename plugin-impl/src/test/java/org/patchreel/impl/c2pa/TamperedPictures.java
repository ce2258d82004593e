package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Derives tampered variants of a signed picture from the place of its manifest, each with a name that says what was done. */
final class TamperedPictures {
    /** Bytes that are changed, spread over the part ahead of the manifest, the manifest and the part behind it. */
    private static final int PLACES = 12;

    /** The headers that the format gives the manifest store, and those of its first boxes. */
    private static final int HEADERS = 48;

    private final byte[] file;
    private final int start;
    private final int end;
    private final List<Variant> variants = new ArrayList<>();
    private final Set<ByteBuffer> seen = new HashSet<>();

    /** A variant: what was done, and the file. */
    static final class Variant {
        private final String name;
        private final byte[] bytes;

        Variant(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        String name() {
            return name;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private TamperedPictures(SignedPicture picture) {
        file = picture.bytes();
        start = picture.place().start();
        end = picture.place().end();
        seen.add(ByteBuffer.wrap(file));
    }

    /**
     * Lists variants.
     *
     * @param other a picture of the same format, of another signer
     */
    static List<Variant> of(SignedPicture picture, SignedPicture other) {
        TamperedPictures tampered = new TamperedPictures(picture);
        tampered.spread("ahead of the manifest", 0, tampered.start);
        tampered.spread("in the manifest", tampered.start, tampered.end);
        tampered.spread("behind the manifest", tampered.end, tampered.file.length);
        for (int i = 0; i < HEADERS; i++) {
            tampered.flip("in the manifest's headers", tampered.start + i, 1 << (i % 8));
        }
        tampered.flip("last byte of the manifest", tampered.end - 1, 0xFF);
        tampered.flip("last byte", tampered.file.length - 1, 0x01);
        for (PictureFormat.Place field : picture.place().lengthFields()) {
            for (int i = field.start(); i < field.end(); i++) {
                tampered.flip("in the field of the manifest's length", i, 1);
            }
        }
        tampered.move(other);
        tampered.cut();
        return tampered.variants;
    }

    private void add(String name, byte[]... parts) {
        byte[] bytes = PictureFormat.joined(parts);
        if (seen.add(ByteBuffer.wrap(bytes))) {
            variants.add(new Variant(name, bytes));
        }
    }

    private void spread(String name, int from, int to) {
        for (int i = 0; i < PLACES && to > from; i++) {
            flip(name, from + (int) ((long) (to - from) * i / PLACES), 1 << (i % 8));
        }
    }

    private void flip(String name, int position, int mask) {
        byte[] bytes = file.clone();
        bytes[position] ^= (byte) mask;
        add(name + ", byte " + position + " ^ " + mask, bytes);
    }

    private byte[] part(int from, int to) {
        return Arrays.copyOfRange(file, from, to);
    }

    private void move(SignedPicture other) {
        byte[] ahead = part(0, start);
        byte[] manifest = part(start, end);
        byte[] behind = part(end, file.length);
        byte[] others = Arrays.copyOfRange(
                other.bytes(), other.place().start(), other.place().end());
        add("without manifest", ahead, behind);
        add("manifest moved to the end", ahead, behind, manifest);
        add("manifest twice", ahead, manifest, manifest, behind);
        add("manifest once more at the end", file, manifest);
        add("another's manifest", ahead, others, behind);
        add("another's manifest ahead", ahead, others, manifest, behind);
        add("another's manifest behind", ahead, manifest, others, behind);
        add("zeros ahead of the manifest", ahead, new byte[8], manifest, behind);
        add("zeros behind the manifest", ahead, manifest, new byte[8], behind);
        add("zeros in the place of the manifest", ahead, new byte[manifest.length], behind);
        add("a byte appended", file, new byte[1]);
        add("bytes appended", file, "more".repeat(20).getBytes(US_ASCII));
        add("the picture once more appended", file, file);
    }

    private void cut() {
        for (int i = 1; i < PLACES; i++) {
            add("cut off at " + i + " twelfths", part(0, file.length * i / PLACES));
        }
        add("cut off in the manifest's header", part(0, start + 6));
        add("cut off in the manifest", part(0, (start + end) / 2));
        add("cut off behind the manifest", part(0, end));
        add("cut off by a byte", part(0, file.length - 1));
    }
}
