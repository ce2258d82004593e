package org.patchreel.impl.c2pa.jumbf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JumbfReaderTest {
    private static final byte[] DATA = {(byte) 0xa0};
    private static final SuperBox INNER = SuperBox.ofCbor("cbor", "c2pa.test", DATA);
    private static final byte[] STORE =
            SuperBox.of("c2pa", "c2pa", INNER.bytes()).bytes();

    private static JumbfBox.Super read(byte[] bytes) throws JumbfException {
        return JumbfReader.read(ByteBuffer.wrap(bytes));
    }

    private static byte[] box(String type, byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put(type.getBytes(ISO_8859_1))
                .put(content)
                .array();
    }

    private static String failure(byte[] bytes) {
        return assertThrows(JumbfException.class, () -> read(bytes)).reason();
    }

    @Test
    void readsWhatWasWritten() throws JumbfException {
        JumbfBox.Super store = read(STORE);
        assertEquals(ContentType.MANIFEST_STORE, store.type());
        assertEquals("c2pa", store.label());
        assertEquals(STORE.length, store.raw().remaining());
        JumbfBox.Super inner = store.superBoxes().get(0);
        assertEquals("c2pa.test", inner.label());
        assertEquals(ContentType.CBOR, inner.type());
        assertEquals(Optional.of(ByteBuffer.wrap(DATA)), inner.content(0, "cbor"));
        assertEquals(Optional.empty(), inner.content(0, "json"));
        assertEquals(Optional.empty(), inner.content(1, "cbor"));
        assertArrayEquals(INNER.hash(), SuperBox.hash(inner.payload()));
    }

    @Test
    void allowsPaddingBehindTheStore() throws JumbfException {
        assertEquals(
                STORE.length,
                read(Arrays.copyOf(STORE, STORE.length + 100)).raw().remaining());
    }

    @Test
    void skipsBoxesOfUnknownTypes() throws JumbfException {
        JumbfBox.Super store = read(SuperBox.of("c2pa", "c2pa", box("new!", new byte[3]), INNER.bytes())
                .bytes());
        assertEquals(1, store.boxes().size());
    }

    @Test
    void readsAStoreWhoseLengthGoesBeyondTheInputAsFarAsItGoes() throws JumbfException {
        byte[] longer = STORE.clone();
        longer[0] = 1;
        assertEquals(1, read(longer).boxes().size());
        byte[] padded = Arrays.copyOf(longer, longer.length + 20);
        assertEquals(1, read(padded).boxes().size());
    }

    @Test
    void refusesBoxesThatGoBeyondTheBoxAroundThem() {
        byte[] longer =
                SuperBox.of("c2pa", "c2pa", INNER.bytes(), INNER.bytes()).bytes();
        int inner = longer.length - 2 * INNER.bytes().length;
        longer[inner + 3]++;
        failure(longer);
        byte[] shorter = STORE.clone();
        shorter[3]--;
        failure(shorter);
    }

    @Test
    void refusesBoxesThatAreSmallerThanTheirHeader() {
        for (int size = 0; size < 8; size++) {
            byte[] bytes =
                    SuperBox.of("c2pa", "c2pa", box("cbor", new byte[16])).bytes();
            int content = bytes.length - 24;
            bytes[content + 3] = (byte) size;
            failure(bytes);
        }
    }

    @Test
    void refusesWhatIsNoSuperbox() {
        failure(new byte[0]);
        failure(new byte[7]);
        failure(new byte[100]);
        failure(box("cbor", DATA));
        failure(box("jumb", box("cbor", DATA)));
        failure(box("jumb", new byte[0]));
    }

    @Test
    void refusesDescriptionsWithoutALabel() {
        byte[] unlabelled = STORE.clone();
        unlabelled[8 + 8 + 16] = 1;
        assertEquals("a description box without a label", failure(unlabelled));
        byte[] endless = STORE.clone();
        endless[8 + 8 + 17 + 4] = 'x';
        assertEquals("a label that does not end", failure(endless));
        byte[] misshapen = STORE.clone();
        misshapen[8 + 8 + 17] = (byte) 0xFF;
        assertEquals("a label that is not UTF-8", failure(misshapen));
        byte[] empty = STORE.clone();
        empty[8 + 8 + 17] = 0;
        assertEquals("an empty label", failure(empty));
    }

    @Test
    void refusesNestingThatIsTooDeep() throws JumbfException {
        SuperBox box = INNER;
        for (int depth = 0; depth < 31; depth++) {
            box = SuperBox.of("c2pa", "x", box.bytes());
        }
        read(box.bytes());
        byte[] deeper = SuperBox.of("c2pa", "x", box.bytes()).bytes();
        assertTrue(failure(deeper).contains("deep"));
    }

    @Test
    void refusesVeryManyBoxes() {
        ByteBuffer boxes = ByteBuffer.allocate(8 * 60_000);
        while (boxes.hasRemaining()) {
            boxes.putInt(8).putInt(0x66726565);
        }
        assertTrue(failure(SuperBox.of("c2pa", "x", boxes.array()).bytes()).contains("more than"));
    }
}
