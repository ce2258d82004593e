package org.patchreel.impl.c2pa.bmff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Which bytes of a file a hard binding hashes: all but those of its exclusions, and from version 2 on, ahead of each
 * outermost box that is not excluded as a whole, the box's offset as eight bytes (C2PA 2.2, 18.6.2.1). The file is read in
 * one pass through one buffer.
 */
final class HashedBytes {
    private static final int BUFFER = 1 << 18;

    /** Boxes that are held against an exclusion; each may need a look into the file. */
    private static final int MAX_EXAMINED = 2_000_000;

    private final BmffFile file;

    /** Starts and ends of the stretches that are left out, in order, none touching another. */
    private final long[] starts;

    private final long[] ends;

    /** The offsets that are hashed, in order. */
    private final long[] offsets;

    private final byte[] buffer = new byte[BUFFER];

    private record Stretch(long start, long end) {}

    /**
     * Applies exclusions to a file.
     *
     * @param hashesOffsets whether offsets are hashed
     * @throws BmffException if a box on the way is not well-formed
     * @throws IOException if the file cannot be read
     */
    HashedBytes(BmffFile file, List<Exclusion> exclusions, boolean hashesOffsets) throws BmffException, IOException {
        this.file = file;
        List<Stretch> excluded = new ArrayList<>();
        Set<Long> whole = new HashSet<>();
        int examined = 0;
        for (Exclusion exclusion : exclusions) {
            for (BmffBox box : file.find(exclusion.xpath())) {
                if (++examined > MAX_EXAMINED) {
                    throw new BmffException("more than " + MAX_EXAMINED + " boxes on the paths of exclusions");
                }
                if (!exclusion.matches(box, file)) {
                    continue;
                }
                if (exclusion.subsets().isEmpty()) {
                    excluded.add(new Stretch(box.offset(), box.end()));
                    whole.add(box.offset());
                    continue;
                }
                for (Exclusion.Subset subset : exclusion.subsets().get()) {
                    if (subset.offset() <= box.size()) {
                        long start = box.offset() + subset.offset();
                        long rest = box.end() - start;
                        excluded.add(new Stretch(
                                start, start + (subset.length() == 0 ? rest : Math.min(subset.length(), rest))));
                    }
                }
            }
        }
        List<Stretch> merged = merge(excluded);
        starts = merged.stream().mapToLong(Stretch::start).toArray();
        ends = merged.stream().mapToLong(Stretch::end).toArray();
        offsets = hashesOffsets
                ? file.boxes().stream()
                        .mapToLong(BmffBox::offset)
                        .filter(offset -> !whole.contains(offset))
                        .toArray()
                : new long[0];
    }

    private static List<Stretch> merge(List<Stretch> stretches) {
        stretches.sort(Comparator.comparingLong(Stretch::start));
        List<Stretch> merged = new ArrayList<>();
        for (Stretch stretch : stretches) {
            int last = merged.size() - 1;
            if (last >= 0 && stretch.start() <= merged.get(last).end()) {
                merged.set(
                        last,
                        new Stretch(
                                merged.get(last).start(),
                                Math.max(merged.get(last).end(), stretch.end())));
            } else if (stretch.end() > stretch.start()) {
                merged.add(stretch);
            }
        }
        return merged;
    }

    /**
     * Hashes what is not excluded from one place to another.
     *
     * @throws IOException if the file cannot be read
     */
    byte[] digest(MessageDigest digest, long from, long to) throws IOException {
        int next = first(starts.length, i -> ends[i] > from);
        int offset = first(offsets.length, i -> offsets[i] >= from);
        long position = from;
        while (position < to) {
            boolean within = next < starts.length && starts[next] <= position;
            long end = within ? ends[next] : next < starts.length ? Math.min(to, starts[next]) : to;
            for (; offset < offsets.length && offsets[offset] < Math.min(end, to); offset++) {
                if (!within) {
                    update(digest, position, offsets[offset]);
                    position = offsets[offset];
                }
                digest.update(
                        ByteBuffer.allocate(Long.BYTES).putLong(offsets[offset]).array());
            }
            if (within) {
                next++;
            } else {
                update(digest, position, end);
            }
            position = end;
        }
        return digest.digest();
    }

    private static int first(int length, IntPredicate holds) {
        int low = 0;
        int high = length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (holds.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * Hashes all bytes from one place to another, those of exclusions too.
     *
     * @throws IOException if the file cannot be read
     */
    byte[] digestAll(MessageDigest digest, long from, long to) throws IOException {
        update(digest, from, to);
        return digest.digest();
    }

    private void update(MessageDigest digest, long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            int length = (int) Math.min(buffer.length, to - position);
            file.readFully(ByteBuffer.wrap(buffer, 0, length), position);
            digest.update(buffer, 0, length);
            position += length;
        }
    }
}
