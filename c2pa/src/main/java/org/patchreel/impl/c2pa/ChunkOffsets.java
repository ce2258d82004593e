package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves the chunk offsets of a movie, which count from the start of the file, when bytes are put in ahead of the data
 * (ISO/IEC 14496-12, 8.7.5). Where 32 bits do not hold one of them any more, all {@code stco} boxes become {@code co64};
 * the movie grows by that, and what stands behind it moves further.
 */
final class ChunkOffsets {
    private static final int TRAK = 0x7472616b;
    private static final int MDIA = 0x6d646961;
    private static final int MINF = 0x6d696e66;
    private static final int DINF = 0x64696e66;
    private static final int STBL = 0x7374626c;
    private static final int STCO = 0x7374636f;
    private static final int CO64 = 0x636f3634;
    private static final int DREF = 0x64726566;
    private static final int UDTA = 0x75647461;
    private static final int HDLR = 0x68646c72;
    private static final int ILOC = 0x696c6f63;

    /** Which boxes lead from the movie to what is looked at. */
    private static final Map<Integer, Set<Integer>> PATHS =
            Map.of(TopLevelBox.MOOV, Set.of(TRAK), TRAK, Set.of(MDIA), MDIA, Set.of(MINF), MINF, Set.of(STBL, DINF));

    /** What says that there are offsets elsewhere, or none that can be read. */
    private static final Map<Integer, String> REFUSED = Map.of(
            0x6d766578,
            "is a fragmented MP4 (mvex), which is not signed",
            0x636d6f76,
            "has a compressed index (cmov), which is not read",
            0x7361696f,
            "has auxiliary data (saio), whose offsets are not moved",
            ILOC,
            "has items (iloc), whose offsets are not moved");

    /** The index of a day of video is smaller. */
    private static final int MAX_MOVIE = 64 << 20;

    /** Limit for hostile files; typical files have dozens. */
    private static final int MAX_BOXES = 100_000;

    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;

    /** Version, flags and number of entries. */
    private static final int TABLE_HEADER = 8;

    private static final int SELF_CONTAINED = 1;

    private final Path file;
    private final TopLevelBox box;
    private final ByteBuffer movie;
    private final long insertion;
    private long largest32;
    private int entries32;
    private int boxes;

    private ChunkOffsets(Path file, ClipLayout layout, ByteBuffer movie) {
        this.file = file;
        this.box = layout.movie();
        this.insertion = layout.fileType().end();
        this.movie = movie;
    }

    /** A box within the movie; positions count from the movie's first byte. */
    private record Inner(int type, int position, int headerSize, int end) {
        int content() {
            return position + headerSize;
        }
    }

    /**
     * Reads and checks the movie.
     *
     * @param channel the file
     * @param layout of the file
     * @param file for messages
     * @return its offsets
     * @throws IOException if the movie cannot be read, is damaged or holds offsets that cannot be moved; the message names
     *     file and reason
     */
    static ChunkOffsets read(FileChannel channel, ClipLayout layout, Path file) throws IOException {
        ChunkOffsets offsets = new ChunkOffsets(file, layout, load(channel, layout.movie(), file));
        offsets.survey(new Inner(TopLevelBox.MOOV, 0, layout.movie().headerSize(), offsets.movie.limit()));
        for (TopLevelBox outer : layout.boxes()) {
            if (outer.type() == TopLevelBox.META) {
                ByteBuffer meta = load(channel, outer, file);
                new ChunkOffsets(file, layout, meta)
                        .surveyMeta(new Inner(TopLevelBox.META, 0, outer.headerSize(), meta.limit()));
            }
        }
        return offsets;
    }

    private static ByteBuffer load(FileChannel channel, TopLevelBox box, Path file) throws IOException {
        if (box.size() > MAX_MOVIE) {
            throw new IOException(file + ": " + TopLevelBox.name(box.type()) + " of " + box.size() + " bytes, at most "
                    + MAX_MOVIE + " are read");
        }
        return ClipLayout.read(channel, box.position(), (int) box.size());
    }

    /** Looks at everything that matters, once. */
    private void survey(Inner container) throws IOException {
        for (Inner child : children(container.type(), container.content(), container.end())) {
            if (PATHS.getOrDefault(container.type(), Set.of()).contains(child.type())) {
                survey(child);
            } else if (child.type() == TopLevelBox.META) {
                surveyMeta(child);
            } else if (child.type() == UDTA) {
                surveyUserData(child);
            } else if (child.type() == STCO && container.type() == STBL) {
                surveyTable(child);
            } else if (child.type() == CO64 && container.type() == STBL) {
                entries(child, Long.BYTES);
            } else if (child.type() == DREF) {
                surveyReferences(child);
            }
        }
    }

    private void surveyTable(Inner table) throws IOException {
        int count = entries(table, Integer.BYTES);
        entries32 += count;
        int first = table.content() + TABLE_HEADER;
        for (int i = 0; i < count; i++) {
            largest32 = Math.max(largest32, Integer.toUnsignedLong(movie.getInt(first + Integer.BYTES * i)));
        }
    }

    /** The chunks of a track may be in another file; then its offsets count from that one's start. */
    private void surveyReferences(Inner references) throws IOException {
        requireContent(references, TABLE_HEADER);
        for (Inner entry : children(DREF, references.content() + TABLE_HEADER, references.end())) {
            requireContent(entry, Integer.BYTES);
            if ((movie.getInt(entry.content()) & SELF_CONTAINED) == 0) {
                throw new IOException(file + ": a track's data is in another file");
            }
        }
    }

    /** Items have offsets from the start of the file. A QuickTime {@code meta} has neither version nor flags. */
    private void surveyMeta(Inner meta) throws IOException {
        int content = meta.content();
        boolean quickTime = meta.end() - content >= HEADER && movie.getInt(content + 4) == HDLR;
        children(TopLevelBox.META, quickTime ? content : Math.min(meta.end(), content + 4), meta.end());
    }

    /** QuickTime ends a list of user data with four zero bytes, and allows anything within. */
    private void surveyUserData(Inner userData) throws IOException {
        int end = userData.end();
        if (end - userData.content() >= 4 && movie.getInt(end - 4) == 0) {
            end -= 4;
        }
        for (Inner child : children(UDTA, userData.content(), end)) {
            if (child.type() == TopLevelBox.META) {
                surveyMeta(child);
            }
        }
    }

    /** The boxes from one position to another, which they must fill. */
    private List<Inner> children(int container, int start, int end) throws IOException {
        List<Inner> children = new ArrayList<>();
        for (int position = start; position < end; ) {
            int left = end - position;
            if (left < HEADER) {
                throw damaged(container, position, left + " bytes are not a box");
            }
            long size = Integer.toUnsignedLong(movie.getInt(position));
            int type = movie.getInt(position + 4);
            int headerSize = HEADER;
            if (size == 1 && left >= LARGE_HEADER) {
                size = movie.getLong(position + 8);
                headerSize = LARGE_HEADER;
            }
            if (size < headerSize || size > left) {
                throw damaged(
                        container,
                        position,
                        "box " + TopLevelBox.name(type) + " of " + Long.toUnsignedString(size) + " bytes, where " + left
                                + " are left");
            }
            String refusal = REFUSED.get(type);
            if (refusal != null) {
                throw new IOException(file + ": " + refusal);
            }
            if (++boxes > MAX_BOXES) {
                throw new IOException(file + ": more than " + MAX_BOXES + " boxes in " + TopLevelBox.name(box.type()));
            }
            children.add(new Inner(type, position, headerSize, position + (int) size));
            position += (int) size;
        }
        return children;
    }

    /** {@return the number of entries of a table, which are all there} */
    private int entries(Inner table, int entrySize) throws IOException {
        requireContent(table, TABLE_HEADER);
        long count = Integer.toUnsignedLong(movie.getInt(table.content() + 4));
        if (table.content() + TABLE_HEADER + entrySize * count != table.end()) {
            throw damaged(
                    table.type(),
                    table.position(),
                    count + " entries in " + (table.end() - table.position()) + " bytes");
        }
        return (int) count;
    }

    private void requireContent(Inner inner, int bytes) throws IOException {
        if (inner.end() - inner.content() < bytes) {
            throw damaged(inner.type(), inner.position(), "too short");
        }
    }

    private IOException damaged(int container, int position, String what) {
        return new IOException(file + ": damaged " + TopLevelBox.name(container) + " at byte "
                + (box.position() + position) + ": " + what);
    }

    /**
     * Moves the offsets.
     *
     * @param inserted how many bytes go in behind {@code ftyp}
     * @param limit the largest offset for {@code stco}; 2³²-1 but in tests
     * @return the whole movie box
     * @throws IOException if an offset lies past the largest file
     */
    byte[] moved(long inserted, long limit) throws IOException {
        boolean widen = largest32 + inserted > limit;
        int growth = widen ? Integer.BYTES * entries32 : 0;
        ByteBuffer moved = ByteBuffer.allocate(movie.limit() + growth);
        copy(
                new Inner(TopLevelBox.MOOV, 0, box.headerSize(), movie.limit()),
                moved,
                new Shift(insertion, inserted, box.end(), growth, widen));
        return moved.array();
    }

    /** How far an offset moves: bytes go in at one place, and the movie grows up to another. */
    private record Shift(long insertion, long inserted, long movieEnd, long growth, boolean widen) {
        long apply(long offset) {
            return offset + (offset >= insertion ? inserted : 0) + (offset >= movieEnd ? growth : 0);
        }
    }

    private void copy(Inner container, ByteBuffer target, Shift shift) throws IOException {
        int start = target.position();
        copyBytes(container.position(), container.content(), target);
        for (Inner child : children(container.type(), container.content(), container.end())) {
            if (PATHS.getOrDefault(container.type(), Set.of()).contains(child.type())) {
                copy(child, target, shift);
            } else if (child.type() == STCO && container.type() == STBL) {
                copyTable32(child, target, shift);
            } else if (child.type() == CO64 && container.type() == STBL) {
                copyTable64(child, target, shift);
            } else {
                copyBytes(child.position(), child.end(), target);
            }
        }
        setSize(target, start, container.headerSize());
    }

    private void copyTable32(Inner table, ByteBuffer target, Shift shift) {
        int start = target.position();
        int first = table.content() + TABLE_HEADER;
        copyBytes(table.position(), first, target);
        if (shift.widen()) {
            target.putInt(start + 4, CO64);
        }
        for (int entry = first; entry < table.end(); entry += Integer.BYTES) {
            long offset = shift.apply(Integer.toUnsignedLong(movie.getInt(entry)));
            if (shift.widen()) {
                target.putLong(offset);
            } else {
                target.putInt((int) offset);
            }
        }
        setSize(target, start, table.headerSize());
    }

    private void copyTable64(Inner table, ByteBuffer target, Shift shift) throws IOException {
        int first = table.content() + TABLE_HEADER;
        copyBytes(table.position(), first, target);
        for (int entry = first; entry < table.end(); entry += Long.BYTES) {
            long offset = movie.getLong(entry);
            if (offset < 0 || shift.apply(offset) < 0) {
                throw new IOException(file + ": a chunk at byte " + Long.toUnsignedString(offset));
            }
            target.putLong(shift.apply(offset));
        }
    }

    private void copyBytes(int from, int to, ByteBuffer target) {
        target.put(movie.duplicate().position(from).limit(to));
    }

    /** Writes the size of a box that ends at the buffer's position; a size of 0 means up to the end of the file. */
    private static void setSize(ByteBuffer target, int start, int headerSize) {
        int size = target.position() - start;
        if (headerSize == LARGE_HEADER) {
            target.putLong(start + 8, size);
        } else if (target.getInt(start) != 0) {
            target.putInt(start, size);
        }
    }
}
