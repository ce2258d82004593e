package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TermListTest {

    private static List<List<String>> terms(byte[] file) throws IOException {
        return TermList.terms("brands.txt", new ByteArrayInputStream(file));
    }

    private static String refusal(byte[] file) {
        return String.valueOf(assertThrows(IOException.class, () -> terms(file)).getMessage());
    }

    @Test
    void hasATermOnEachLineAndSkipsCommentsAndEmptyLines() throws Exception {
        byte[] file = "\uFEFF# ours\n\nÄcme Rocket # a toy\r\nacme rocket\nZorblax\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(List.of("acme", "rocket"), List.of("zorblax")), terms(file));
    }

    @Test
    void aFileThatIsTooLargeIsNamed() {
        assertEquals("brands.txt has more than 1048576 bytes", refusal(new byte[TermList.MAX_SIZE + 1]));
    }

    @Test
    void aFileThatIsNoUtf8IsNamed() {
        assertEquals("brands.txt is not UTF-8", refusal(new byte[] {(byte) 0xC4, 'c', 'm', 'e'}));
    }

    @Test
    void aLineOfTooManyWordsIsNamed() {
        assertTrue(refusal("ok\none two three four five six seven eight nine".getBytes(StandardCharsets.UTF_8))
                .startsWith("brands.txt, line 2: "));
    }

    @Test
    void aLineWithoutAWordIsNamed() {
        assertTrue(refusal("***".getBytes(StandardCharsets.UTF_8)).startsWith("brands.txt, line 1: "));
    }
}
