package org.patchreel.impl.c2pa.bmff;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Metadata of a movie under keys of any name (<a
 * href="https://developer.apple.com/documentation/quicktime-file-format/metadata_atoms_and_types">QuickTime File Format, metadata</a>),
 * as FFmpeg writes them with {@code use_metadata_tags}.
 */
public final class MetadataKeys {
    private static final int MAX = 1 << 20;
    private static final int HEADER = 8;
    private static final int DATA = 0x64617461;
    private static final int TEXT = 1;

    private MetadataKeys() {}

    /**
     * Reads the text of a key.
     *
     * @param key without its namespace, which is {@code mdta}
     * @return empty if there is none, or what there is of it is larger than a megabyte or not well-formed
     * @throws IOException if the file cannot be read
     */
    public static Optional<String> text(BmffFile file, String key) throws IOException {
        try {
            List<BmffBox> metas = new ArrayList<>(file.find("/moov/udta/meta"));
            metas.addAll(file.find("/moov/meta"));
            for (BmffBox meta : metas) {
                Optional<String> text = text(file, file.children(List.of(meta)), key);
                if (text.isPresent()) {
                    return text;
                }
            }
        } catch (BmffException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<String> text(BmffFile file, List<BmffBox> meta, String key) throws IOException {
        Optional<ByteBuffer> keys = content(file, meta, "keys");
        Optional<ByteBuffer> values = content(file, meta, "ilst");
        return keys.isEmpty() || values.isEmpty()
                ? Optional.empty()
                : index(keys.get(), key).flatMap(index -> value(values.get(), index));
    }

    private static Optional<ByteBuffer> content(BmffFile file, List<BmffBox> meta, String type) throws IOException {
        for (BmffBox box : meta) {
            if (box.type().equals(type) && box.end() - box.content() <= MAX) {
                return Optional.of(ByteBuffer.wrap(file.read(box.content(), (int) (box.end() - box.content()))));
            }
        }
        return Optional.empty();
    }

    /** Keys are numbered from 1. */
    private static Optional<Integer> index(ByteBuffer keys, String key) {
        keys.position(Math.min(HEADER, keys.limit())); // version, flags, count
        for (int index = 1; keys.remaining() >= HEADER; index++) {
            Optional<ByteBuffer> entry = next(keys);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            if (UTF_8.decode(entry.get().slice(HEADER, entry.get().limit() - HEADER))
                    .toString()
                    .equals(key)) {
                return Optional.of(index);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> value(ByteBuffer values, int index) {
        while (values.remaining() >= HEADER) {
            Optional<ByteBuffer> item = next(values);
            if (item.isEmpty()) {
                return Optional.empty();
            }
            if (item.get().getInt(Integer.BYTES) == index) {
                ByteBuffer inner = item.get().position(HEADER);
                Optional<ByteBuffer> data = inner.remaining() < HEADER ? Optional.empty() : next(inner);
                return data.filter(box -> box.limit() >= 2 * HEADER
                                && box.getInt(Integer.BYTES) == DATA
                                && box.getInt(HEADER) == TEXT)
                        .map(box -> UTF_8.decode(box.position(2 * HEADER)).toString());
            }
        }
        return Optional.empty();
    }

    /** The box at the position, which moves behind it; empty if it is not all there. */
    private static Optional<ByteBuffer> next(ByteBuffer boxes) {
        int size = boxes.getInt(boxes.position());
        if (size < HEADER || size > boxes.remaining()) {
            return Optional.empty();
        }
        ByteBuffer box = boxes.slice(boxes.position(), size);
        boxes.position(boxes.position() + size);
        return Optional.of(box);
    }
}
