package org.patchreel.impl.c2pa.carrier;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A TIFF file, one of 64-bit offsets, or one of the raw formats made from it, such as DNG (C2PA 2.2, A.3.5): the store is the
 * value of a field in the last directory; in files of earlier versions in the first.
 */
record TiffCarrier(CarrierFile file) implements Carrier {
    private static final int MAX_DIRECTORIES = 2000;
    private static final int MAX_FIELDS = 1 << 16;
    private static final int MAX_XMP = 16 << 20;

    private static final int MANIFEST = 0xCD41;
    private static final int XMP = 700;
    private static final int UNDEFINED = 7;

    /** How numbers are written. */
    private record Layout(ByteOrder order, boolean big) {
        int offsetLength() {
            return big ? 8 : 4;
        }

        int countLength() {
            return big ? 8 : 2;
        }

        int fieldLength() {
            return big ? 20 : 12;
        }
    }

    /** A field: the start of its entry, the type and number of its values, and where they are. */
    private record Field(long start, int type, long count, long offset) {}

    /** A directory's fields, those that count here, and where the next directory is, or 0. */
    private record Directory(Optional<Field> manifest, Optional<Field> xmp, long next) {}

    private Layout layout() throws IOException {
        ByteOrder order = file.u8(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        return new Layout(order, file.u16(2, order) == 43);
    }

    private long offset(long position, Layout layout) throws IOException {
        return layout.big() ? file.s64(position, layout.order()) : file.u32(position, layout.order());
    }

    private Directory directory(long start, Layout layout) throws IOException {
        long count = layout.big() ? file.s64(start, layout.order()) : file.u16(start, layout.order());
        if (count < 0 || count > MAX_FIELDS) {
            throw new EOFException(
                    "the directory at byte " + start + " has " + Long.toUnsignedString(count) + " fields");
        }
        Optional<Field> manifest = Optional.empty();
        Optional<Field> xmp = Optional.empty();
        long position = start + layout.countLength();
        for (long i = 0; i < count; i++) {
            int tag = file.u16(position, layout.order());
            if (tag == MANIFEST || tag == XMP) {
                Field field = new Field(
                        position,
                        file.u16(position + 2, layout.order()),
                        offset(position + 4, layout),
                        offset(position + 4 + layout.offsetLength(), layout));
                if (tag == MANIFEST) {
                    manifest = Optional.of(field);
                } else {
                    xmp = Optional.of(field);
                }
            }
            position += layout.fieldLength();
        }
        return new Directory(manifest, xmp, offset(position, layout));
    }

    @Override
    public Contents read() throws CarrierException, IOException {
        Layout layout = layout();
        if (layout.big() && (file.u16(4, layout.order()) != 8 || file.u16(6, layout.order()) != 0)) {
            return damaged("offsets that are not of 8 bytes");
        }
        Directory first = directory(offset(layout.big() ? 8 : 4, layout), layout);
        Directory last = first;
        Set<Long> visited = new HashSet<>();
        while (last.next() != 0) {
            if (!visited.add(last.next()) || visited.size() > MAX_DIRECTORIES) {
                return damaged("directories in a circle, or more than " + MAX_DIRECTORIES);
            }
            last = directory(last.next(), layout);
        }
        Optional<Field> field = last.manifest().or(first::manifest);
        Optional<ManifestPlace> manifest = Optional.empty();
        if (field.isPresent()) {
            manifest = Optional.of(store(field.get(), layout));
        }
        return new Contents(manifest, xmp(first), Optional.empty());
    }

    private static Contents damaged(String reason) {
        return new Contents(Optional.empty(), Optional.empty(), Optional.of(reason));
    }

    private ManifestPlace store(Field field, Layout layout) throws CarrierException, IOException {
        if (field.type() != UNDEFINED) {
            throw new CarrierException("the field of the manifest store is of type " + field.type());
        }
        int length = ManifestPlace.checkedLength(field.count());
        if (field.offset() < 0 || field.offset() > file.size() - length) {
            throw new CarrierException("a manifest store of " + length + " bytes at byte "
                    + Long.toUnsignedString(field.offset()) + " of " + file.size());
        }
        return new ManifestPlace(
                ByteBuffer.wrap(file.read(field.offset(), length)).asReadOnlyBuffer(),
                new ManifestPlace.Range(field.offset(), length),
                Optional.of(new ManifestPlace.Range(field.start() + 4, layout.offsetLength())));
    }

    private Optional<byte[]> xmp(Directory first) throws IOException {
        Optional<Field> field = first.xmp()
                .filter(found -> found.count() > 4 && found.count() <= MAX_XMP)
                .filter(found -> found.offset() >= 0 && found.offset() <= file.size() - found.count());
        return field.isEmpty()
                ? Optional.empty()
                : Optional.of(file.read(field.get().offset(), (int) field.get().count()));
    }

    @Override
    public List<FileBox> boxes() throws CarrierException {
        throw new CarrierException("a general box hash of a TIFF file is not checked");
    }
}
