package org.patchreel.impl.c2pa.validation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;

/**
 * A reference to a box and the hash of its content (C2PA 2.2, 8.4.2).
 *
 * @param url of the box
 * @param hash that it must have
 * @param algorithm of the hash, if it is not that of the claim
 */
record HashedUri(String url, ByteBuffer hash, Optional<String> algorithm) {

    static Optional<HashedUri> of(CborValue value) {
        if (value instanceof Dictionary map
                && map.text("url").isPresent()
                && map.bytes("hash").isPresent()) {
            return Optional.of(new HashedUri(
                    map.text("url").get(), ByteBuffer.wrap(map.bytes("hash").get()), map.text("alg")));
        }
        return Optional.empty();
    }

    static Optional<HashedUri> in(Dictionary map, String key) {
        return map.get(key).flatMap(HashedUri::of);
    }

    /** {@return the list under a key; empty if there is none, or one of something else} */
    static Optional<List<HashedUri>> listIn(Dictionary map, String key) {
        Optional<List<CborValue>> items = map.array(key);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        List<HashedUri> uris = new ArrayList<>();
        for (CborValue item : items.get()) {
            Optional<HashedUri> uri = of(item);
            if (uri.isEmpty()) {
                return Optional.empty();
            }
            uris.add(uri.get());
        }
        return Optional.of(uris);
    }
}
