package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Makes small files of the formats that carry manifests, each with its own reading of the format's rules. */
public enum PictureFormat {
    JPEG("jpg") {
        @Override
        SignedPicture with(byte[] store) throws IOException {
            byte[] plain = encoded("jpeg");
            int position = 20; // behind APP0
            ByteArrayOutputStream segments = new ByteArrayOutputStream();
            int sequence = 1;
            for (int from = 0; from < store.length; from += SEGMENT) {
                int to = Math.min(store.length, from + SEGMENT);
                byte[] repeated = from == 0 ? new byte[0] : Arrays.copyOf(store, 8);
                segments.writeBytes(ByteBuffer.allocate(12)
                        .putShort((short) 0xFFEB)
                        .putShort((short) (10 + repeated.length + to - from))
                        .putShort((short) 0x4A50)
                        .putShort((short) 1)
                        .putInt(sequence++)
                        .array());
                segments.writeBytes(repeated);
                segments.write(store, from, to - from);
            }
            return inserted(plain, position, segments.toByteArray());
        }

        @Override
        List<Part> parts(byte[] file, Place place) {
            ByteBuffer bytes = ByteBuffer.wrap(file);
            List<Part> parts = new ArrayList<>(List.of(new Part("SOI", 0, 2)));
            int position = 2;
            while (position < file.length - 2) {
                if (position == place.start()) {
                    parts.add(new Part("C2PA", position, place.end()));
                    position = place.end();
                    continue;
                }
                int marker = file[position + 1] & 0xFF;
                int end = position + 2 + bytes.getShort(position + 2);
                String name = switch (marker) {
                    case 0xE0 -> "APP0";
                    case 0xDB -> "DQT";
                    case 0xC0 -> "SOF0";
                    case 0xC4 -> "DHT";
                    case 0xDA -> "SOS";
                    default -> throw new IllegalArgumentException("marker " + marker);
                };
                parts.add(new Part(name, position, marker == 0xDA ? file.length - 2 : end));
                position = marker == 0xDA ? file.length - 2 : end;
            }
            parts.add(new Part("EOI", position, file.length));
            return parts;
        }
    },

    PNG("png") {
        @Override
        SignedPicture with(byte[] store) throws IOException {
            return inserted(encoded("png"), 33, pngChunk("caBX", store)); // behind IHDR
        }

        @Override
        List<Part> parts(byte[] file, Place place) {
            List<Part> parts = new ArrayList<>(List.of(new Part("PNGh", 0, 8)));
            int position = 8;
            while (position < file.length) {
                int end = position + 12 + ByteBuffer.wrap(file).getInt(position);
                String name = new String(file, position + 4, 4, ISO_8859_1);
                parts.add(new Part(name.equals("caBX") ? "C2PA" : name, position, end));
                position = end;
            }
            return parts;
        }
    },

    GIF("gif") {
        @Override
        SignedPicture with(byte[] store) throws IOException {
            byte[] plain = encoded("gif");
            int position = colours(plain[10]) + 13;
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes("!\u00FF\013C2PA_GIF\1\0\0".getBytes(ISO_8859_1));
            for (int from = 0; from < store.length; from += 255) {
                int length = Math.min(255, store.length - from);
                block.write(length);
                block.write(store, from, length);
            }
            block.write(0);
            return inserted(plain, position, block.toByteArray());
        }

        @Override
        List<Part> parts(byte[] file, Place place) {
            int position = colours(file[10]) + 13;
            List<Part> parts = new ArrayList<>(List.of(new Part("GIF89a", 0, 6), new Part("LSD", 6, position)));
            while (file[position] != ';') {
                int start = position;
                if (file[position] == '!') {
                    position += 2;
                } else {
                    position += 10 + colours(file[position + 9]);
                    parts.add(new Part("2C", start, position));
                    start = position;
                    position++;
                }
                while (file[position] != 0) {
                    position += 1 + (file[position] & 0xFF);
                }
                position++;
                boolean image = file[start] != '!';
                parts.add(new Part(
                        start == place.start() ? "C2PA" : image ? "TBID" : String.format("21%02X", file[start + 1]),
                        start,
                        position));
            }
            parts.add(new Part("3B", position, position + 1));
            return parts;
        }
    },

    WEBP("webp") {
        @Override
        SignedPicture with(byte[] store) {
            return riff("WEBP", chunk("VP8 ", noise(331)), store);
        }
    },

    AVI("avi") {
        @Override
        SignedPicture with(byte[] store) {
            byte[] headers = chunk("LIST", joined("hdrl".getBytes(ISO_8859_1), chunk("avih", noise(56))));
            byte[] frames = chunk("LIST", joined("movi".getBytes(ISO_8859_1), chunk("00dc", noise(250))));
            return riff("AVI ", joined(headers, frames), store);
        }
    },

    WAV("wav") {
        @Override
        SignedPicture with(byte[] store) {
            return riff("WAVE", joined(chunk("fmt ", noise(16)), chunk("data", noise(300))), store);
        }
    },

    TIFF("tiff") {
        @Override
        SignedPicture with(byte[] store) {
            return tiff(ByteOrder.LITTLE_ENDIAN, false, store);
        }
    },

    /** Of 64-bit offsets and the other order of bytes. */
    BIG_TIFF("tif") {
        @Override
        SignedPicture with(byte[] store) {
            return tiff(ByteOrder.BIG_ENDIAN, true, store);
        }
    },

    AVIF("avif") {
        @Override
        SignedPicture with(byte[] store) {
            return heif("avif", store);
        }
    },

    /** What phones make: the same boxes, with HEVC in them. */
    HEIC("heic") {
        @Override
        SignedPicture with(byte[] store) {
            return heif("heic", store);
        }
    };

    private static final int SEGMENT = 40_000;

    private final String fileExtension;

    PictureFormat(String fileExtension) {
        this.fileExtension = fileExtension;
    }

    /**
     * Where a manifest store stands in a file, with the headers of the format.
     *
     * @param lengthFields where else its length is stated
     */
    record Place(int start, int end, List<Place> lengthFields) {}

    /** A part of a file, as a general box hash names it. */
    record Part(String name, int start, int end) {}

    public String fileExtension() {
        return fileExtension;
    }

    /** Makes a file that carries a manifest store. */
    abstract SignedPicture with(byte[] store) throws IOException;

    /** {@return the parts for a general box hash, which not every format has} */
    List<Part> parts(byte[] file, Place place) {
        throw new UnsupportedOperationException(name());
    }

    /** {@return whether a file consists of boxes, which a hash of its own kind binds} */
    boolean isBmff() {
        return this == AVIF || this == HEIC;
    }

    private static SignedPicture heif(String brand, byte[] store) {
        byte[] type = box("ftyp", (brand + "\0\0\0\0" + brand + "mif1").getBytes(ISO_8859_1));
        byte[] meta =
                box("meta", new byte[4], box("hdlr", noise(25)), box("pitm", new byte[6]), box("iloc", noise(28)));
        byte[] plain = joined(type, meta, box("mdat", noise(400)));
        return inserted(plain, type.length, ManifestBox.of(store));
    }

    /** A picture without manifest; format jpeg, png or gif. */
    static byte[] encoded(String format) throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 32; i++) {
            image.setRGB(i % 32, i / 32, i * 0x010305);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static SignedPicture inserted(byte[] plain, int position, byte[] wrapped) {
        byte[] bytes =
                joined(Arrays.copyOf(plain, position), wrapped, Arrays.copyOfRange(plain, position, plain.length));
        return new SignedPicture(bytes, new Place(position, position + wrapped.length, List.of()));
    }

    static byte[] pngChunk(String type, byte[] data) {
        byte[] typed = joined(type.getBytes(ISO_8859_1), data);
        CRC32 crc = new CRC32();
        crc.update(typed);
        return joined(
                ByteBuffer.allocate(4).putInt(data.length).array(),
                typed,
                ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static int colours(byte packed) {
        return (packed & 0x80) == 0 ? 0 : 3 << ((packed & 7) + 1);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 37 + i / 7);
        }
        return bytes;
    }

    static byte[] box(String type, byte[]... content) {
        byte[] all = joined(content);
        return joined(ByteBuffer.allocate(4).putInt(8 + all.length).array(), type.getBytes(ISO_8859_1), all);
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] length = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(data.length)
                .array();
        return joined(type.getBytes(ISO_8859_1), length, data, new byte[data.length % 2]);
    }

    private static SignedPicture riff(String type, byte[] chunks, byte[] store) {
        byte[] content = joined(type.getBytes(ISO_8859_1), chunks, chunk("C2PA", store));
        int end = 8 + content.length - store.length % 2;
        return new SignedPicture(chunk("RIFF", content), new Place(end - store.length - 8, end, List.of()));
    }

    /** Eight by eight grey pixels in one strip; the store in a directory of its own, behind that of the picture. */
    private static SignedPicture tiff(ByteOrder order, boolean big, byte[] store) {
        int[][] fields = {
            {256, 3, 1, 8},
            {257, 3, 1, 8},
            {258, 3, 1, 8},
            {259, 3, 1, 1},
            {262, 3, 1, 1},
            {273, 4, 1, 0},
            {279, 4, 1, 64}
        };
        int header = big ? 16 : 8;
        int count = big ? 8 : 2;
        int entry = big ? 20 : 12;
        int offset = big ? 8 : 4;
        int first = header + 64;
        int second = first + count + fields.length * entry + offset;
        int data = second + count + entry + offset;
        ByteBuffer bytes = ByteBuffer.allocate(data + store.length).order(order);
        bytes.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(ISO_8859_1));
        bytes.putShort((short) (big ? 43 : 42));
        if (big) {
            bytes.putShort((short) 8).putShort((short) 0);
        }
        number(bytes, first, big);
        bytes.put(noise(64));
        if (big) {
            bytes.putLong(fields.length);
        } else {
            bytes.putShort((short) fields.length);
        }
        for (int[] field : fields) {
            bytes.putShort((short) field[0]).putShort((short) field[1]);
            number(bytes, field[2], big);
            int end = bytes.position() + offset;
            int value = field[0] == 273 ? header : field[3];
            if (field[1] == 3) {
                bytes.putShort((short) value);
            } else {
                bytes.putInt(value);
            }
            bytes.position(end);
        }
        number(bytes, second, big);
        if (big) {
            bytes.putLong(1);
        } else {
            bytes.putShort((short) 1);
        }
        bytes.putShort((short) 0xCD41).putShort((short) 7);
        int lengthField = bytes.position();
        number(bytes, store.length, big);
        number(bytes, data, big);
        number(bytes, 0, big);
        bytes.put(store);
        return new SignedPicture(
                bytes.array(),
                new Place(data, data + store.length, List.of(new Place(lengthField, lengthField + offset, List.of()))));
    }

    private static void number(ByteBuffer bytes, int value, boolean big) {
        if (big) {
            bytes.putLong(value);
        } else {
            bytes.putInt(value);
        }
    }
}
