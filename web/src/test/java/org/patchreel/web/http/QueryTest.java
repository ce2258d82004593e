package org.patchreel.web.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueryTest {

    @Test
    void readsTheQueryOfAnAddress() {
        assertEquals(Optional.of("a b&c"), Query.parameter("x=1&alg=a+b%26c&alg=2", "alg"));
        assertEquals(Optional.of(""), Query.parameter("alg", "alg"));
        assertEquals(Optional.empty(), Query.parameter("x=%zz", "y"));
        assertEquals(Optional.empty(), Query.parameter("alg=%zz", "alg"));
        assertEquals(Optional.empty(), Query.parameter(null, "alg"));
    }
}
