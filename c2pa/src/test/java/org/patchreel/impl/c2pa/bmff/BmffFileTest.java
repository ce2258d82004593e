package org.patchreel.impl.c2pa.bmff;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BmffFileTest {
    private static final byte[] TRAK =
            BoxesBuilder.box("trak", BoxesBuilder.box("mdia", BoxesBuilder.box("mdhd", new byte[4])));
    private static final byte[] FILE = new BoxesBuilder()
            .add("ftyp", "isom".getBytes(US_ASCII))
            .add("moov", BoxesBuilder.box("mvhd", new byte[4]), TRAK, TRAK)
            .add("mdat", new byte[100])
            .bytes();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private BmffFile open(byte[] bytes) throws IOException {
        return BmffFile.open(Files.write(folder.resolve("file.mp4"), bytes));
    }

    private static List<String> types(List<BmffBox> boxes) {
        return boxes.stream().map(BmffBox::type).toList();
    }

    @Test
    void findsTheOutermostBoxes() throws Exception {
        try (BmffFile file = open(FILE)) {
            assertEquals(List.of("ftyp", "moov", "mdat"), types(file.boxes()));
            assertTrue(file.hasFileType());
            assertTrue(file.damage().isEmpty());
        }
    }

    @Test
    void findsBoxesByTheirPath() throws Exception {
        try (BmffFile file = open(FILE)) {
            assertEquals(List.of("trak", "trak"), types(file.find("/moov/trak")));
            assertEquals(List.of("mdhd", "mdhd"), types(file.find("/moov/trak/mdia/mdhd")));
            assertEquals(1, file.find("/moov/trak[2]/mdia/mdhd").size());
            assertTrue(file.find("/moov/trak[1]").get(0).offset()
                    < file.find("/moov/trak[2]").get(0).offset());
            for (String nothing :
                    List.of("/moov/trak[3]", "/moov/trak[0]", "/moov/trak[x]", "moov", "", "/", "/mdat/moov")) {
                assertEquals(List.of(), file.find(nothing), nothing);
            }
        }
    }

    @Test
    void takesALastBoxWithoutALengthToTheEnd() throws Exception {
        byte[] open = FILE.clone();
        ByteBuffer.wrap(open).putInt(FILE.length - 108, 0);
        try (BmffFile file = open(open)) {
            assertEquals(108, file.boxes().get(2).size());
        }
    }

    @Test
    void takesWhatIsThereOfAnMdatThatIsCutOff() throws Exception {
        try (BmffFile file = open(Arrays.copyOf(FILE, FILE.length - 10))) {
            assertEquals(98, file.boxes().get(2).size());
            assertTrue(file.damage().isEmpty());
        }
    }

    @Test
    void saysWhatIsDamagedAndKeepsWhatIsAhead() throws Exception {
        try (BmffFile file = open(Arrays.copyOf(FILE, 40))) {
            assertEquals(List.of("ftyp"), types(file.boxes()));
            assertTrue(
                    file.damage().orElseThrow().contains("moov at byte 12"),
                    file.damage().toString());
        }
    }

    @Test
    void isNoFileTypeElsewhere() throws Exception {
        for (byte[] bytes : List.of(new byte[0], new byte[7], new byte[64], BoxesBuilder.box("free"))) {
            try (BmffFile file = open(bytes)) {
                assertFalse(file.hasFileType());
            }
        }
    }

    @Test
    void endsWalkingFilesOfVeryManyBoxes() throws Exception {
        ByteBuffer boxes = ByteBuffer.allocate(8 * 600_000);
        while (boxes.hasRemaining()) {
            boxes.putInt(8).putInt(0x66726565);
        }
        try (BmffFile file = open(boxes.array())) {
            assertTrue(file.damage().orElseThrow().contains("more than"));
        }
    }

    @Test
    void findsTheManifestStore() throws Exception {
        byte[] store = {1, 2, 3};
        byte[] bytes = new BoxesBuilder()
                .add("ftyp", new byte[4])
                .addC2pa("manifest", new byte[8], store)
                .add("mdat", new byte[4])
                .bytes();
        try (BmffFile file = open(bytes)) {
            assertEquals(ByteBuffer.wrap(store), C2paBoxes.of(file).manifest().orElseThrow());
            assertTrue(C2paBoxes.traceIn(file));
        }
        try (BmffFile file = open(FILE)) {
            assertTrue(C2paBoxes.of(file).manifest().isEmpty());
            assertFalse(C2paBoxes.traceIn(file));
        }
    }

    @Test
    void findsATraceOfAManifestAcrossTheWindowsOfTheSearch() throws Exception {
        for (int ahead = 65_500; ahead < 65_540; ahead++) {
            byte[] bytes = new BoxesBuilder()
                    .add(new byte[ahead])
                    .addC2pa("manifest", new byte[8])
                    .bytes();
            try (BmffFile file = open(bytes)) {
                assertTrue(C2paBoxes.traceIn(file), "after " + ahead + " bytes");
            }
        }
    }

    @Test
    void refusesC2pasBoxesThatAreNotWellFormed() throws Exception {
        BoxesBuilder start = new BoxesBuilder().add("ftyp", new byte[4]);
        byte[] manifest = new BoxesBuilder().addC2pa("manifest", new byte[8]).bytes();
        for (byte[] rest : List.of(
                BoxesBuilder.joined(manifest, manifest),
                new BoxesBuilder().addC2pa("manifest", new byte[7]).bytes(),
                new BoxesBuilder().addC2pa("original", new byte[8]).bytes(),
                new BoxesBuilder().addC2pa("update", new byte[8]).bytes(),
                new BoxesBuilder().addC2pa("unknown", new byte[8]).bytes(),
                new BoxesBuilder().addC2pa("merkle", new byte[8]).bytes(),
                BoxesBuilder.box("uuid", Arrays.copyOfRange(manifest, 8, 28)),
                BoxesBuilder.box("uuid", Arrays.copyOfRange(manifest, 8, 31)))) {
            try (BmffFile file = open(BoxesBuilder.joined(start.bytes(), rest))) {
                assertThrows(BmffException.class, () -> C2paBoxes.of(file));
            }
        }
    }
}
