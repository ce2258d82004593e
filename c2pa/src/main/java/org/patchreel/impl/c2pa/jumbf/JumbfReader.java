package org.patchreel.impl.c2pa.jumbf;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Reads superboxes. Nothing is copied: the boxes are views of the input. Bounded by depth and by the number of boxes.
 *
 * <p>A superbox whose length goes beyond the whole input is read as far as there are bytes, as c2pa-rs does: nothing that
 * is hashed or signed depends on that length.
 */
public final class JumbfReader {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_BOXES = 50_000;

    private static final String SUPERBOX = "jumb";

    /** Those of ISO/IEC 19566-5 and C2PA; others are skipped, as the standard says. */
    private static final Set<String> CONTENT_TYPES =
            Set.of("json", "cbor", "uuid", "bfdb", "bidb", "jp2c", "brob", "free");

    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;
    private static final int UUID_AND_TOGGLES = 17;

    /** Requestable, with a label: what C2PA wants of each description (C2PA 2.2, 11.1.4.1). */
    private static final int REQUESTABLE_AND_LABELLED = 0x03;

    private static final int WITH_ID = 0x04;
    private static final int WITH_HASH = 0x08;
    private static final int WITH_PRIVATE_BOX = 0x10;

    private int boxes;

    private JumbfReader() {}

    /** Superboxes have a length of at most what is there; cut tells that it was more. */
    private record Header(String type, int length, int payload, boolean cut) {}

    /**
     * Reads the superbox at the start of a buffer, whose position stays. Padding may follow.
     *
     * @throws JumbfException if there is none that is well-formed and within the bounds
     */
    public static JumbfBox.Super read(ByteBuffer bytes) throws JumbfException {
        ByteBuffer input = bytes.slice().asReadOnlyBuffer();
        JumbfReader reader = new JumbfReader();
        Header header = reader.header(input, 0, true);
        if (!header.type().equals(SUPERBOX)) {
            throw new JumbfException("a box " + printable(header.type()) + " where a superbox should be");
        }
        boolean last = header.length() == input.limit();
        return reader.superBox(input.slice(0, header.length()), header, last, 0);
    }

    /**
     * Reads a superbox.
     *
     * @param last whether it ends where the input ends
     */
    private JumbfBox.Super superBox(ByteBuffer raw, Header own, boolean last, int depth) throws JumbfException {
        int start = own.payload();
        if (depth == MAX_DEPTH) {
            throw new JumbfException("superboxes nested more than " + MAX_DEPTH + " deep");
        }
        Header description = header(raw, start, false);
        if (!description.type().equals("jumd")) {
            throw new JumbfException(
                    "a superbox begins with a box " + printable(description.type()) + ", not with a description");
        }
        ByteBuffer fields = raw.slice(start + description.payload(), description.length() - description.payload());
        if (fields.remaining() <= UUID_AND_TOGGLES) {
            throw new JumbfException("a description box of " + description.length() + " bytes");
        }
        ContentType type = new ContentType(new UUID(fields.getLong(), fields.getLong()));
        String label = label(fields);
        List<JumbfBox> content = new ArrayList<>();
        int position = start + description.length();
        while (position < raw.limit()) {
            if (own.cut() && raw.limit() - position >= HEADER && raw.getLong(position) == 0) {
                break; // padding after a box whose length is too large
            }
            Header header = header(raw, position, last);
            ByteBuffer box = raw.slice(position, header.length());
            position += header.length();
            if (header.type().equals(SUPERBOX)) {
                content.add(superBox(box, header, last && position == raw.limit(), depth + 1));
            } else if (CONTENT_TYPES.contains(header.type())) {
                ByteBuffer payload = box.slice(header.payload(), header.length() - header.payload());
                content.add(new JumbfBox.Content(header.type(), payload));
            }
        }
        return new JumbfBox.Super(
                type, label, raw, raw.slice(start, raw.limit() - start), Collections.unmodifiableList(content));
    }

    /** Reads what follows the type in a description box, and checks that nothing is left over. */
    private String label(ByteBuffer fields) throws JumbfException {
        int toggles = fields.get();
        if ((toggles & REQUESTABLE_AND_LABELLED) != REQUESTABLE_AND_LABELLED) {
            throw new JumbfException("a description box without a label");
        }
        int start = fields.position();
        int end = start;
        while (end < fields.limit() && fields.get(end) != 0) {
            end++;
        }
        if (end == fields.limit()) {
            throw new JumbfException("a label that does not end");
        }
        String label;
        try {
            label = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(fields.slice(start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new JumbfException("a label that is not UTF-8");
        }
        if (label.isEmpty()) {
            throw new JumbfException("an empty label");
        }
        int position = end + 1;
        position += (toggles & WITH_ID) == 0 ? 0 : 4;
        position += (toggles & WITH_HASH) == 0 ? 0 : 32;
        if ((toggles & WITH_PRIVATE_BOX) != 0 && position <= fields.limit()) {
            position += header(fields, position, false).length();
        }
        if (position != fields.limit()) {
            throw new JumbfException("the description box of " + label + " has the wrong length");
        }
        return label;
    }

    /**
     * Reads a header.
     *
     * @param atEnd whether the enclosing box ends where the input ends
     */
    private Header header(ByteBuffer input, int position, boolean atEnd) throws JumbfException {
        if (++boxes > MAX_BOXES) {
            throw new JumbfException("more than " + MAX_BOXES + " boxes");
        }
        int available = input.limit() - position;
        if (available < HEADER) {
            throw new JumbfException("a box that ends in its header");
        }
        long length = input.getInt(position) & 0xFFFF_FFFFL;
        byte[] type = new byte[4];
        input.get(position + 4, type);
        String name = new String(type, StandardCharsets.ISO_8859_1);
        int payload = HEADER;
        if (length == 1 && available >= LARGE_HEADER) {
            length = input.getLong(position + HEADER);
            payload = LARGE_HEADER;
        }
        boolean cut = atEnd && length > available && name.equals(SUPERBOX);
        if (cut) {
            length = available;
        }
        if (length < payload || length > available) {
            throw new JumbfException(
                    "a box " + printable(name) + " of " + Long.toUnsignedString(length) + " bytes in " + available);
        }
        return new Header(name, (int) length, payload, cut);
    }

    private static String printable(String type) {
        return type.replaceAll("[^ -~]", "?");
    }
}
