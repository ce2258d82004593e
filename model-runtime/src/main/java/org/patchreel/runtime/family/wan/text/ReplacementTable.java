package org.patchreel.runtime.family.wan.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * Sentencepiece's {@code precompiled_charsmap}, which says how characters are normalised: the length of a trie in bytes, the
 * trie (a <a href="https://github.com/s-yata/darts-clone">Darts double array</a> of 32-bit units over UTF-8 bytes), and the
 * replacements that its leaves point to, each ended by a zero byte. The native library follows its indices unchecked.
 */
final class ReplacementTable {
    private static final int MAX_BYTES = 4 << 20;
    /** U+FDFA becomes 18 letters of two bytes; nothing in Unicode's normalisation forms is longer. */
    private static final int MAX_REPLACEMENT = 256;

    private final IntBuffer units;
    private final byte[] replacements;

    private ReplacementTable(IntBuffer units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * Follows every path through the trie.
     *
     * @param base64 the table
     * @throws IllegalArgumentException if some text would lead out of it
     */
    static void check(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (!Base64.getEncoder().encodeToString(bytes).equals(base64) || bytes.length > MAX_BYTES) {
            throw damaged("its Base64");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int trieBytes = buffer.remaining() < 4 ? 0 : buffer.getInt();
        if (trieBytes <= 0 || trieBytes % 4 != 0 || trieBytes > buffer.remaining()) {
            throw damaged("its length");
        }
        IntBuffer units =
                buffer.slice(4, trieBytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        byte[] replacements = new byte[buffer.remaining() - trieBytes];
        buffer.get(4 + trieBytes, replacements);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw damaged("the UTF-8 of its replacements");
        }
        new ReplacementTable(units, replacements).followAll();
    }

    private void followAll() {
        BitSet seen = new BitSet(units.capacity());
        Deque<Integer> open = new ArrayDeque<>();
        open.push(offset(units.get(0)));
        while (!open.isEmpty()) {
            int node = open.pop();
            // a text's next byte moves within the block of 256
            if ((node | 0xff) >= units.capacity()) {
                throw damaged("a node of its trie");
            }
            if (seen.get(node)) {
                continue;
            }
            seen.set(node);
            for (int label = 1; label < 256; label++) {
                int unit = units.get(node ^ label);
                if ((unit & 0x8000_00ff) == label) {
                    int child = (node ^ label) ^ offset(unit);
                    open.push(child);
                    if ((unit >>> 8 & 1) == 1) {
                        checkLeaf(child);
                    }
                }
            }
        }
    }

    private void checkLeaf(int node) {
        if (node >= units.capacity()) {
            throw damaged("a leaf of its trie");
        }
        int start = units.get(node) & 0x7fff_ffff;
        boolean within = start < replacements.length && (replacements[start] & 0xc0) != 0x80;
        int end = start;
        while (within && end < replacements.length && replacements[end] != 0) {
            end++;
        }
        if (!within || end - start > MAX_REPLACEMENT) {
            throw damaged("a replacement");
        }
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 0x200) >>> 6);
    }

    private static IllegalArgumentException damaged(String what) {
        return new IllegalArgumentException("its precompiled_charsmap is damaged: " + what);
    }
}
