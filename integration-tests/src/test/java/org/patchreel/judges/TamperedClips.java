package org.patchreel.judges;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.impl.c2pa.TamperedFiles;

/**
 * Derives tampered variants of a signed clip from its boxes, each with a name that says what was done. It reads boxes by
 * itself, so that a fault of the plugin's reader cannot hide.
 */
final class TamperedClips {
    private static final Set<String> CONTAINERS =
            Set.of("moov", "trak", "mdia", "minf", "stbl", "edts", "udta", "dinf", "moof", "traf", "mvex");

    /** uuid, version and flags, "manifest" and its end, offset of the first Merkle box. */
    private static final int C2PA_FIELDS = 16 + 4 + 9 + 8;

    private final byte[] clip;
    private final TamperedFiles variants;

    /** What is shorter was cut off ahead of the manifest's box. */
    static final int MIN_SIZE = 24;

    /** Of a change that c2pa-rs does not see. */
    private static final String BLIND_SPOT = "/bfdb content, 0/8";

    /** {@return the code that a validator must give to a variant, where there is but one right one} */
    static Optional<String> code(TamperedFiles.Variant variant) {
        String name = variant.name();
        if ((name.startsWith("/") && !name.startsWith("/ftyp") && !name.contains(" size"))
                || name.startsWith("appended ")
                || name.startsWith("overwritten bytes of m")) {
            return Optional.of("assertion.bmffHash.mismatch");
        }
        if (name.matches("store/.*/c2pa.assertions/[^/ ]*/(cbor|bidb) content, .*")) {
            return Optional.of("assertion.hashedURI.mismatch");
        }
        if (name.startsWith("another's part 2")) {
            return Optional.of("claimSignature.mismatch");
        }
        return Optional.empty();
    }

    /** {@return whether something was added to a hashed box that c2pa-rs leaves out when it encodes the box anew} */
    static boolean addsToHashedBox(TamperedFiles.Variant variant) {
        return variant.name().contains(" with a free box in it");
    }

    /** {@return whether c2pa-rs does not see the change} */
    static boolean blindSpot(TamperedFiles.Variant variant) {
        return variant.name().contains(BLIND_SPOT);
    }

    /** A box: its type, where it starts and ends, and where its content starts. */
    private record Box(String type, int start, int content, int end) {
        int size() {
            return end - start;
        }
    }

    private TamperedClips(byte[] clip) {
        this.clip = clip;
        variants = new TamperedFiles(clip);
    }

    /**
     * Derives the variants.
     *
     * @param clip a signed clip
     * @param other another one, by another signer, of the same structure
     */
    static List<TamperedFiles.Variant> of(byte[] clip, byte[] other) {
        TamperedClips tampered = new TamperedClips(clip);
        tampered.flipMediaBoxes(0, clip.length, "");
        tampered.flipManifestFields();
        tampered.flipManifestBoxes();
        tampered.changeFile();
        tampered.changeStore(other);
        return tampered.variants.variants();
    }

    private static List<Box> boxes(byte[] bytes, int start, int end) {
        List<Box> boxes = new ArrayList<>();
        int position = start;
        while (position + 8 <= end) {
            int size = ByteBuffer.wrap(bytes).getInt(position);
            boxes.add(new Box(new String(bytes, position + 4, 4, ISO_8859_1), position, position + 8, position + size));
            position += size;
        }
        return boxes;
    }

    private static Box find(byte[] bytes, String type) {
        return boxes(bytes, 0, bytes.length).stream()
                .filter(box -> box.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static int store(byte[] bytes) {
        return find(bytes, "uuid").content() + C2PA_FIELDS;
    }

    // -- single bytes

    private void flipMediaBoxes(int start, int end, String path) {
        for (Box box : boxes(clip, start, end)) {
            String name = path + '/' + box.type();
            if (box.type().equals("uuid")) {
                continue;
            }
            variants.flip(name + " size", box.start() + 3, 0x04);
            variants.flip(name + " size, high", box.start() + 1, 0x01);
            variants.flip(name + " type", box.start() + 4, 0x20);
            if (CONTAINERS.contains(box.type())) {
                flipMediaBoxes(box.content(), box.end(), name);
            } else if (box.end() > box.content()) {
                variants.flip(name + " first", box.content(), 0x80);
                variants.flip(name + " middle", (box.content() + box.end()) / 2, 0x01);
                variants.flip(name + " last", box.end() - 1, 0xFF);
            }
        }
    }

    private void flipManifestFields() {
        Box box = find(clip, "uuid");
        variants.flip("uuid size", box.start() + 3, 0x01);
        variants.flip("uuid size, high", box.start(), 0x01);
        variants.flip("uuid type", box.start() + 5, 0x01);
        variants.flip("uuid's UUID, first", box.content(), 0x01);
        variants.flip("uuid's UUID, last", box.content() + 15, 0xFF);
        variants.flip("uuid version", box.content() + 16, 0x01);
        variants.flip("uuid flags", box.content() + 19, 0x01);
        variants.flip("uuid purpose", box.content() + 20, 0x01);
        variants.flip("uuid purpose's end", box.content() + 28, 0x41);
        variants.flip("uuid offset of Merkle boxes", box.content() + 36, 0x10);
    }

    private void flipManifestBoxes() {
        int start = store(clip);
        flipManifestBox(boxes(clip, start, find(clip, "uuid").end()).get(0), "store");
    }

    private void flipManifestBox(Box box, String path) {
        variants.flip(path + " size", box.start() + 3, 0x01);
        variants.flip(path + " size, down", box.start() + 2, 0x01);
        variants.flip(path + " size, high", box.start(), 0x01);
        variants.flip(path + " type", box.start() + 4, 0x01);
        variants.flip(path + " type, last", box.start() + 7, 0x80);
        if (box.type().equals("jumb")) {
            Box description = boxes(clip, box.content(), box.end()).get(0);
            int label = description.content() + 17;
            String name = path + '/' + new String(clip, label, description.end() - label - 1, ISO_8859_1);
            variants.flip(name + " description size", description.start() + 3, 0x02);
            variants.flip(name + " description type", description.start() + 6, 0x01);
            variants.flip(name + " kind, first", description.content(), 0x01);
            variants.flip(name + " kind, last", description.content() + 15, 0xFF);
            variants.flip(name + " toggles, no label", description.content() + 16, 0x02);
            variants.flip(name + " toggles, not requestable", description.content() + 16, 0x01);
            variants.flip(name + " toggles, an identifier", description.content() + 16, 0x04);
            variants.flip(name + " toggles, a hash", description.content() + 16, 0x08);
            variants.flip(name + " toggles, a private box", description.content() + 16, 0x10);
            variants.flip(name + " label, first", label, 0x01);
            variants.flip(name + " label, middle", (label + description.end()) / 2, 0x02);
            variants.flip(name + " label, last", description.end() - 2, 0x01);
            variants.flip(name + " label, not UTF-8", label + 1, 0x80);
            variants.flip(name + " label's end", description.end() - 1, 0x61);
            for (Box inner : boxes(clip, description.end(), box.end())) {
                flipManifestBox(inner, name);
            }
            return;
        }
        String name = path + '/' + box.type();
        int size = box.end() - box.content();
        for (int eighth = 0; eighth < 8; eighth++) {
            variants.flip(name + " content, " + eighth + "/8", box.content() + size * eighth / 8, 1 << eighth);
        }
        variants.flip(name + " content, last", box.end() - 1, 0x01);
        for (int offset = 1; offset < Math.min(12, size); offset++) {
            variants.flip(name + " content, early", box.content() + offset, 0x11 * (offset % 3 + 1));
        }
    }

    // -- the file

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private byte[] inserted(int position, byte[] bytes) {
        return joined(variants.part(0, position), bytes, variants.part(position, clip.length));
    }

    private static byte[] box(String type, byte[] content) {
        return joined(ByteBuffer.allocate(4).putInt(content.length + 8).array(), type.getBytes(ISO_8859_1), content);
    }

    private void changeFile() {
        Box manifest = find(clip, "uuid");
        byte[] manifestBox = variants.part(manifest.start(), manifest.end());
        for (String type : List.of("free", "skip", "mdat", "uuid", "moov", "abcd")) {
            variants.add("appended box " + type, joined(clip, box(type, new byte[24])));
            variants.add("inserted box " + type, inserted(manifest.end(), box(type, new byte[24])));
        }
        variants.add("appended empty box", joined(clip, box("free", new byte[0])));
        variants.add("appended bytes", joined(clip, new byte[] {1, 2, 3}));
        variants.add("appended zero", joined(clip, new byte[1]));
        variants.add(
                "removed manifest",
                joined(variants.part(0, manifest.start()), variants.part(manifest.end(), clip.length)));
        variants.add("duplicated manifest", inserted(manifest.end(), manifestBox));
        variants.add("duplicated manifest at the end", joined(clip, manifestBox));
        variants.add(
                "moved manifest to the end",
                joined(variants.part(0, manifest.start()), variants.part(manifest.end(), clip.length), manifestBox));
        for (Box box : boxes(clip, 0, clip.length)) {
            variants.add(
                    "removed box " + box.type(),
                    joined(variants.part(0, box.start()), variants.part(box.end(), clip.length)));
            variants.add("duplicated box " + box.type(), inserted(box.end(), variants.part(box.start(), box.end())));
            variants.add("cut off before " + box.type(), variants.part(0, box.start()));
            variants.add("cut off in the header of " + box.type(), variants.part(0, box.start() + 5));
            variants.add("cut off in the middle of " + box.type(), variants.part(0, (box.start() + box.end()) / 2));
            if (box.size() > 40 && !box.type().equals("uuid")) {
                byte[] bytes = clip.clone();
                Arrays.fill(bytes, box.content() + 4, box.content() + 12, (byte) 0x5A);
                variants.add("overwritten bytes of " + box.type(), bytes);
            }
        }
        variants.add("cut off by a byte", variants.part(0, clip.length - 1));
        variants.add("empty file", new byte[0]);
        byte[] padded = inserted(manifest.end(), new byte[16]);
        ByteBuffer.wrap(padded).putInt(manifest.start(), manifest.size() + 16);
        variants.add("padding after the manifest store, offsets kept", padded);
    }

    // -- the manifest store

    /** Replaces bytes of the store by as many others, or fewer with padding, so that the rest of the file stays. */
    private void replaced(String name, byte[] newStore) {
        Box manifest = find(clip, "uuid");
        int start = store(clip);
        if (newStore.length <= manifest.end() - start) {
            byte[] bytes = clip.clone();
            Arrays.fill(bytes, start, manifest.end(), (byte) 0);
            System.arraycopy(newStore, 0, bytes, start, newStore.length);
            variants.add(name, bytes);
        }
        byte[] content = joined(variants.part(manifest.content(), start), newStore);
        variants.add(
                name + ", file moved",
                joined(
                        variants.part(0, manifest.start()),
                        box("uuid", content),
                        variants.part(manifest.end(), clip.length)));
    }

    /** A superbox taken apart: its description and its boxes. */
    private static final class Parts {
        private final byte[] description;
        private final List<byte[]> boxes;

        Parts(byte[] description, List<byte[]> boxes) {
            this.description = description;
            this.boxes = boxes;
        }

        static Parts of(byte[] superBox) {
            List<byte[]> parts = new ArrayList<>();
            for (Box box : TamperedClips.boxes(superBox, 8, superBox.length)) {
                parts.add(Arrays.copyOfRange(superBox, box.start(), box.end()));
            }
            return new Parts(parts.get(0), parts.subList(1, parts.size()));
        }

        List<byte[]> boxes() {
            return boxes;
        }

        byte[] joined() {
            return box("jumb", TamperedClips.joined(description, TamperedClips.joined(boxes.toArray(new byte[0][]))));
        }

        Parts with(int index, byte[] box) {
            List<byte[]> changed = new ArrayList<>(boxes);
            changed.set(index, box);
            return new Parts(description, changed);
        }

        Parts without(int index) {
            List<byte[]> changed = new ArrayList<>(boxes);
            changed.remove(index);
            return new Parts(description, changed);
        }

        Parts plus(int index, byte[] box) {
            List<byte[]> changed = new ArrayList<>(boxes);
            changed.add(index, box);
            return new Parts(description, changed);
        }

        Parts swapped(int index) {
            return with(index, boxes.get(index - 1)).with(index - 1, boxes.get(index));
        }
    }

    private static byte[] storeOf(byte[] bytes) {
        int start = store(bytes);
        Box store = boxes(bytes, start, find(bytes, "uuid").end()).get(0);
        return Arrays.copyOfRange(bytes, store.start(), store.end());
    }

    private void changeStore(byte[] other) {
        Parts store = Parts.of(storeOf(clip));
        Parts otherStore = Parts.of(storeOf(other));
        int last = store.boxes().size() - 1;
        Parts manifest = Parts.of(store.boxes().get(last));
        Parts otherManifest = Parts.of(otherStore.boxes().get(otherStore.boxes().size() - 1));

        replaced("another clip's manifest store", storeOf(other));
        replaced("an empty manifest store", store.without(last).joined());
        replaced("the manifest twice", store.plus(last, store.boxes().get(last)).joined());
        replaced("another manifest ahead", store.plus(0, otherManifest.joined()).joined());
        replaced(
                "another manifest behind",
                store.plus(last + 1, otherManifest.joined()).joined());
        replaced(
                "a free box in the store",
                store.plus(0, box("free", new byte[4])).joined());
        for (int i = 0; i < manifest.boxes().size(); i++) {
            String part = "part " + i + " of the manifest";
            byte[] same = manifest.boxes().get(i);
            byte[] others = otherManifest.boxes().get(i);
            replaced(
                    "without " + part,
                    store.with(last, manifest.without(i).joined()).joined());
            replaced(
                    part + " twice",
                    store.with(last, manifest.plus(i, same).joined()).joined());
            replaced(
                    "another's " + part,
                    store.with(last, manifest.with(i, others).joined()).joined());
            replaced(
                    "free box ahead of " + part,
                    store.with(last, manifest.plus(i, box("free", new byte[8])).joined())
                            .joined());
        }
        Optional<byte[]> assertionStore = manifest.boxes().stream()
                .filter(box -> new String(box, ISO_8859_1).contains("c2pa.assertions\0"))
                .findFirst();
        int at = manifest.boxes().indexOf(assertionStore.orElseThrow());
        Parts assertions = Parts.of(assertionStore.get());
        Parts otherAssertions = Parts.of(otherManifest.boxes().get(at));
        for (int i = 0; i < assertions.boxes().size(); i++) {
            String name = "assertion " + i;
            byte[] same = assertions.boxes().get(i);
            changeAssertions("without " + name, store, last, manifest, at, assertions.without(i));
            changeAssertions(name + " twice", store, last, manifest, at, assertions.plus(i, same));
            if (i < otherAssertions.boxes().size()) {
                byte[] others = otherAssertions.boxes().get(i);
                changeAssertions("another's " + name, store, last, manifest, at, assertions.with(i, others));
            }
            byte[] renamed = same.clone();
            renamed[8 + 8 + 17] ^= 0x01;
            changeAssertions("undeclared copy of " + name, store, last, manifest, at, assertions.plus(i, renamed));
            if (i > 0) {
                changeAssertions(
                        name + " swapped with the one before", store, last, manifest, at, assertions.swapped(i));
            }
            changeAssertions(
                    name + " with a free box in it",
                    store,
                    last,
                    manifest,
                    at,
                    assertions.with(
                            i,
                            Parts.of(same)
                                    .plus(Parts.of(same).boxes().size(), box("free", new byte[4]))
                                    .joined()));
        }
    }

    private void changeAssertions(String name, Parts store, int last, Parts manifest, int at, Parts assertions) {
        replaced(
                name,
                store.with(last, manifest.with(at, assertions.joined()).joined())
                        .joined());
    }
}
