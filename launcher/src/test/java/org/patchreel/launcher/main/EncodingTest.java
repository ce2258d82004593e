package org.patchreel.launcher.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EncodingTest {

    @Test
    void passesAnyTextOfUnicode() {
        assertEquals(null, Encoding.unreadable(List.of("generate", "größe \u65e5\u672c \ud83d\ude80", "")));
    }

    @Test
    void namesAnArgumentWhoseCharactersWereLost() {
        String message = Encoding.unreadable(List.of("generate", "gr\ufffd\ufffde", "--seed"));
        assertNotNull(message);
        assertTrue(message.contains("gr\ufffd\ufffde"), message);
    }
}
