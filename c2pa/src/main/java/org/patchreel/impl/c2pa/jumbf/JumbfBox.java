package org.patchreel.impl.c2pa.jumbf;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A box of a manifest store. */
public sealed interface JumbfBox {

    /**
     * A box that holds data.
     *
     * @param type four characters, for example {@code cbor}
     * @param payload what follows the header; read-only
     */
    record Content(String type, ByteBuffer payload) implements JumbfBox {}

    /**
     * A box that holds a description and boxes.
     *
     * @param type of the content: a UUID, see {@link ContentType}
     * @param label of the description
     * @param raw the whole box, header included; read-only
     * @param payload what follows the header, the description included: what a hashed URI hashes (C2PA 2.2, 8.4.2.3);
     *     read-only
     * @param boxes those in it, but for the description and those of types that are not known
     */
    record Super(ContentType type, String label, ByteBuffer raw, ByteBuffer payload, List<JumbfBox> boxes)
            implements JumbfBox {

        /** {@return the superboxes among the boxes} */
        public List<Super> superBoxes() {
            return boxes.stream()
                    .filter(Super.class::isInstance)
                    .map(Super.class::cast)
                    .toList();
        }

        /** {@return the payload of the box at an index, if it is of that type} */
        public Optional<ByteBuffer> content(int index, String contentType) {
            return index < boxes.size()
                            && boxes.get(index) instanceof Content content
                            && content.type().equals(contentType)
                    ? Optional.of(content.payload().duplicate())
                    : Optional.empty();
        }
    }
}
