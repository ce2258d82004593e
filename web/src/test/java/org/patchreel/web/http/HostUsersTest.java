package org.patchreel.web.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostUsersTest {

    @Test
    void aUserIsOneWhomTheHostHasAuthenticated() {
        assertEquals(Optional.of("editor"), HostUsers.user("editor", "BASIC"));
        for (String[] told : new String[][] {
            {null, null}, {"editor", null}, {null, "BASIC"}, {"", "BASIC"}, {"anonymous", null}, {"anonymous", "FORM"}
        }) {
            assertEquals(Optional.empty(), HostUsers.user(told[0], told[1]));
        }
    }
}
