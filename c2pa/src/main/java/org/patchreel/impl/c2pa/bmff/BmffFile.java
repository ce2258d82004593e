package org.patchreel.impl.c2pa.bmff;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The boxes of an open file. The outermost are found at once, those within them when they are asked for. Not for several
 * threads.
 */
public final class BmffFile implements Closeable {
    /** An hour of fragments of a tenth of a second has 180 000 boxes with those of C2PA. */
    private static final int MAX_BOXES = 500_000;

    private static final int MAX_DEPTH = 32;
    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;

    private final FileChannel channel;
    private final long size;
    private final List<BmffBox> boxes;
    private final ByteBuffer headers = ByteBuffer.allocate(LARGE_HEADER);
    private Optional<String> damage = Optional.empty();
    private int count;

    private BmffFile(FileChannel channel) throws IOException {
        this.channel = channel;
        size = channel.size();
        List<BmffBox> found = new ArrayList<>();
        try {
            walk(0, size, found);
        } catch (BmffException e) {
            damage = Optional.of(e.reason());
        }
        boxes = Collections.unmodifiableList(found);
    }

    /**
     * Opens a file and finds its outermost boxes.
     *
     * @throws IOException if it cannot be read
     */
    public static BmffFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new BmffFile(channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** {@return whether the file begins with a {@code ftyp} box, as C2PA wants of files that carry a manifest} */
    public boolean hasFileType() {
        return !boxes.isEmpty() && boxes.get(0).type().equals("ftyp");
    }

    /** {@return what is wrong with the outermost boxes; those before that place were found} */
    public Optional<String> damage() {
        return damage;
    }

    /** {@return the outermost boxes in the order of the file} */
    List<BmffBox> boxes() {
        return boxes;
    }

    /** {@return bytes of the file} */
    long size() {
        return size;
    }

    /**
     * Finds boxes.
     *
     * @param xpath path of types from the outermost on, each with an index from 1 if one of several is meant: {@code
     *     /moov/trak[1]/mdia} (C2PA 2.2, A.5.5)
     * @return those that are there; none if the path is not well-formed
     * @throws BmffException if a box on the way is not well-formed
     * @throws IOException if the file cannot be read
     */
    List<BmffBox> find(String xpath) throws BmffException, IOException {
        if (!xpath.startsWith("/")) {
            return List.of();
        }
        String[] steps = xpath.substring(1).split("/", -1);
        if (steps.length > MAX_DEPTH) {
            return List.of();
        }
        List<BmffBox> here = boxes;
        for (int depth = 0; depth < steps.length; depth++) {
            if (depth > 0) {
                here = children(here);
            }
            here = step(here, steps[depth]);
        }
        return here;
    }

    private static List<BmffBox> step(List<BmffBox> boxes, String step) {
        int bracket = step.indexOf('[');
        String type = bracket < 0 ? step : step.substring(0, bracket);
        List<BmffBox> found =
                boxes.stream().filter(box -> box.type().equals(type)).toList();
        if (bracket < 0) {
            return found;
        }
        String index = step.substring(bracket);
        if (!index.matches("\\[[1-9][0-9]{0,8}]")) {
            return List.of();
        }
        int position = Integer.parseInt(index.substring(1, index.length() - 1));
        return position <= found.size() ? List.of(found.get(position - 1)) : List.of();
    }

    /** {@return the boxes within boxes; none of those that hold none} */
    List<BmffBox> children(List<BmffBox> parents) throws BmffException, IOException {
        List<BmffBox> found = new ArrayList<>();
        for (BmffBox parent : parents) {
            if (parent.isContainer()) {
                walk(firstChild(parent), parent.end(), found);
            }
        }
        return found;
    }

    private long firstChild(BmffBox parent) throws IOException {
        if (!parent.type().equals("meta")) {
            return parent.content();
        }
        // QuickTime's meta has no version and flags: a box hdlr follows at once.
        boolean quickTime = parent.size() >= parent.header() + HEADER
                && new String(read(parent.content() + 4, 4), StandardCharsets.ISO_8859_1).equals("hdlr");
        return quickTime ? parent.content() : parent.content() + 4;
    }

    /** Adds the boxes from one place to another; a rest that is too short for a header is no box. */
    private void walk(long start, long end, List<BmffBox> found) throws BmffException, IOException {
        long position = start;
        while (end - position >= HEADER) {
            if (++count > MAX_BOXES) {
                throw new BmffException("more than " + MAX_BOXES + " boxes");
            }
            BmffBox box = box(position, end);
            found.add(box);
            position = box.end();
        }
    }

    private BmffBox box(long offset, long end) throws BmffException, IOException {
        headers.clear().limit((int) Math.min(LARGE_HEADER, end - offset));
        readFully(headers, offset);
        String type = new String(headers.array(), 4, 4, StandardCharsets.ISO_8859_1);
        long length = headers.getInt(0) & 0xFFFF_FFFFL;
        int header = HEADER;
        if (length == 1 && headers.limit() == LARGE_HEADER) {
            length = headers.getLong(HEADER);
            header = LARGE_HEADER;
        } else if (length == 0 && end == size) {
            length = end - offset;
        }
        if (type.equals("mdat") && end == size && Long.compareUnsigned(length, end - offset) > 0) {
            length = end - offset; // cut off; what is there is hashed, and will not match
        }
        if (length < header || length > end - offset) {
            throw new BmffException("box " + type.replaceAll("[^ -~]", "?") + " at byte " + offset + " is of "
                    + Long.toUnsignedString(length) + " bytes, and " + (end - offset) + " are there");
        }
        return new BmffBox(type, offset, length, header);
    }

    /**
     * Reads bytes.
     *
     * @throws IOException if they are not all there
     */
    byte[] read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        readFully(bytes, offset);
        return bytes.array();
    }

    /**
     * Fills a buffer.
     *
     * @throws IOException if the file ends before
     */
    void readFully(ByteBuffer target, long offset) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target, offset + target.position()) < 0) {
                throw new EOFException("the file ends at byte " + (offset + target.position()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
