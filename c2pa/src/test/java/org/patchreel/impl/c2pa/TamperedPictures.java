package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;

/** Derives tampered variants of a signed picture from the place of its manifest, each with a name that says what was done. */
public final class TamperedPictures {
    /** Bytes that are changed, spread over the part ahead of the manifest, the manifest and the part behind it. */
    private static final int PLACES = 12;

    /** The headers that the format gives the manifest store, and those of its first boxes. */
    private static final int HEADERS = 48;

    private final byte[] file;
    private final int start;
    private final int end;
    private final TamperedFiles variants;

    private TamperedPictures(SignedPicture picture) {
        file = picture.bytes();
        start = picture.place().start();
        end = picture.place().end();
        variants = new TamperedFiles(file);
    }

    /**
     * Lists variants.
     *
     * @param other a picture of the same format, of another signer
     */
    public static List<TamperedFiles.Variant> of(SignedPicture picture, SignedPicture other) {
        TamperedPictures tampered = new TamperedPictures(picture);
        tampered.spread("ahead of the manifest", 0, tampered.start);
        tampered.spread("in the manifest", tampered.start, tampered.end);
        tampered.spread("behind the manifest", tampered.end, tampered.file.length);
        for (int i = 0; i < HEADERS; i++) {
            tampered.variants.flip("in the manifest's headers", tampered.start + i, 1 << (i % 8));
        }
        tampered.variants.flip("last byte of the manifest", tampered.end - 1, 0xFF);
        tampered.variants.flip("last byte", tampered.file.length - 1, 0x01);
        for (PictureFormat.Place field : picture.place().lengthFields()) {
            for (int i = field.start(); i < field.end(); i++) {
                tampered.variants.flip("in the field of the manifest's length", i, 1);
            }
        }
        tampered.move(other);
        tampered.cut();
        return tampered.variants.variants();
    }

    private void spread(String name, int from, int to) {
        for (int i = 0; i < PLACES && to > from; i++) {
            variants.flip(name, from + (int) ((long) (to - from) * i / PLACES), 1 << (i % 8));
        }
    }

    private void move(SignedPicture other) {
        byte[] ahead = variants.part(0, start);
        byte[] manifest = variants.part(start, end);
        byte[] behind = variants.part(end, file.length);
        byte[] others = Arrays.copyOfRange(
                other.bytes(), other.place().start(), other.place().end());
        variants.add("without manifest", ahead, behind);
        variants.add("manifest moved to the end", ahead, behind, manifest);
        variants.add("manifest twice", ahead, manifest, manifest, behind);
        variants.add("manifest once more at the end", file, manifest);
        variants.add("another's manifest", ahead, others, behind);
        variants.add("another's manifest ahead", ahead, others, manifest, behind);
        variants.add("another's manifest behind", ahead, manifest, others, behind);
        variants.add("zeros ahead of the manifest", ahead, new byte[8], manifest, behind);
        variants.add("zeros behind the manifest", ahead, manifest, new byte[8], behind);
        variants.add("zeros in the place of the manifest", ahead, new byte[manifest.length], behind);
        variants.add("a byte appended", file, new byte[1]);
        variants.add("bytes appended", file, "more".repeat(20).getBytes(US_ASCII));
        variants.add("the picture once more appended", file, file);
    }

    private void cut() {
        for (int i = 1; i < PLACES; i++) {
            variants.add("cut off at " + i + " twelfths", variants.part(0, file.length * i / PLACES));
        }
        variants.add("cut off in the manifest's header", variants.part(0, start + 6));
        variants.add("cut off in the manifest", variants.part(0, (start + end) / 2));
        variants.add("cut off behind the manifest", variants.part(0, end));
        variants.add("cut off by a byte", variants.part(0, file.length - 1));
    }
}
