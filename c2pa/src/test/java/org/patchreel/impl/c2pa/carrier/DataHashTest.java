package org.patchreel.impl.c2pa.carrier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.impl.c2pa.carrier.ManifestPlace.Range;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.status.StatusLog;

class DataHashTest {
    private static final Range MANIFEST = new Range(200_010, 20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final byte[] bytes = new byte[300_000];
    private final Map<String, Object> assertion = new HashMap<>(Map.of("alg", "sha256", "pad", new byte[0]));
    private Optional<Range> lengthField = Optional.empty();
    private boolean updated;

    @BeforeEach
    void fillTheFile() {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
    }

    /** Each a start and a length. */
    private void exclude(long... ranges) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        boolean[] excluded = new boolean[bytes.length];
        List<Map<String, Object>> exclusions = new ArrayList<>();
        for (int i = 0; i < ranges.length; i += 2) {
            exclusions.add(Map.of("start", ranges[i], "length", ranges[i + 1]));
            for (long at = ranges[i]; at >= 0 && at < ranges[i] + ranges[i + 1] && at < bytes.length; at++) {
                excluded[(int) at] = true;
            }
        }
        for (int i = 0; i < bytes.length; i++) {
            if (!excluded[i]) {
                digest.update(bytes[i]);
            }
        }
        assertion.put("exclusions", exclusions);
        assertion.put("hash", digest.digest());
    }

    private List<String> findings() throws Exception {
        Path path = Files.write(folder.resolve("file"), bytes);
        StatusLog log = new StatusLog();
        try (CarrierFile file = CarrierFile.open(path)) {
            DataHash.check(
                    file,
                    new ManifestPlace(ByteBuffer.allocate(0), MANIFEST, lengthField),
                    CborReader.readMap(ByteBuffer.wrap(CborWriter.write(assertion))),
                    updated,
                    "sha512",
                    "",
                    log);
        }
        return log.entries().stream().map(entry -> entry.code().label()).toList();
    }

    private void assertFinds(String... codes) throws Exception {
        assertEquals(
                Arrays.stream(codes).map(code -> "assertion.dataHash." + code).toList(), findings());
    }

    @Test
    void matchesIfAllButTheManifestIsAsItWasSigned() throws Exception {
        exclude(200_010, 20);
        assertFinds("match");
        bytes[200_015]++;
        assertFinds("match");
        bytes[200_030]++;
        assertFinds("mismatch");
        bytes[200_030]--;
        bytes[200_009]++;
        assertFinds("mismatch");
    }

    /** Whoever makes the store shorter could put something into the room that is left out, too. */
    @Test
    void refusesAnExclusionThatIsMoreOrLessThanTheManifest() throws Exception {
        for (long[] range : new long[][] {{200_010, 21}, {200_009, 21}, {200_000, 100}, {200_010, 19}, {200_011, 19}}) {
            exclude(range);
            assertFinds("mismatch");
        }
        exclude(200_000, 10);
        assertFinds("mismatch");
        exclude();
        assertFinds("mismatch");
    }

    @Test
    void namesFurtherExclusionsAndKnowsTheFieldOfTheLength() throws Exception {
        exclude(200_010, 20, 10, 4);
        assertFinds("additionalExclusionsPresent", "match");
        lengthField = Optional.of(new Range(10, 4));
        assertFinds("match");
    }

    @Test
    void refusesExclusionsThatOverlapOrLeaveTheFile() throws Exception {
        exclude(10, 20, 29, 5, 200_010, 20);
        assertFinds("malformed");
        exclude(200_010, 20, -1, 5);
        assertFinds("malformed");
        exclude(200_010, 20, 299_990, 11);
        assertFinds("mismatch");
        exclude(200_010, 20, 299_990, Long.MAX_VALUE);
        assertFinds("mismatch");
        exclude(200_010, 20, 299_990, 10);
        assertFinds("additionalExclusionsPresent", "match");
    }

    @Test
    void refusesUnknownFunctionsAndHashesElsewhere() throws Exception {
        exclude(200_010, 20);
        assertion.put("alg", "md5");
        assertFinds("mismatch");
        assertion.remove("alg"); // that of the claim is another than was used
        assertFinds("mismatch");
        assertion.put("alg", "sha256");
        assertion.put("url", "https://example.org/hash");
        assertFinds("mismatch");
        assertion.remove("url");
        assertion.remove("hash");
        assertFinds("mismatch");
    }

    /** The exclusions are those of a store of 8 bytes; what stood behind it has moved by 12. */
    @Test
    void followsAStoreThatUpdatesMadeLonger() throws Exception {
        exclude(200_010, 20, 250_000, 5);
        assertion.put(
                "exclusions",
                List.of(Map.of("start", 200_010, "length", 8), Map.of("start", 250_000 - 12, "length", 5)));
        assertFinds("mismatch");
        updated = true;
        assertFinds("additionalExclusionsPresent", "match");
        bytes[249_999]++;
        assertFinds("additionalExclusionsPresent", "mismatch");
    }

    @Test
    void aFileOfNoBytesIsNotTheOneThatWasSigned() throws Exception {
        exclude(200_010, 20);
        Path path = Files.write(folder.resolve("empty"), new byte[0]);
        StatusLog log = new StatusLog();
        try (CarrierFile file = CarrierFile.open(path)) {
            DataHash.check(
                    file,
                    new ManifestPlace(ByteBuffer.allocate(0), MANIFEST, lengthField),
                    CborReader.readMap(ByteBuffer.wrap(CborWriter.write(assertion))),
                    false,
                    "sha256",
                    "",
                    log);
        }
        assertEquals("assertion.dataHash.mismatch", log.entries().get(0).code().label());
    }
}
