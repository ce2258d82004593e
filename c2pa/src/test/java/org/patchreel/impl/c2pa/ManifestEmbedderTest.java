package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.EmbeddedManifest.NoTimestamp;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.ContentType;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;
import org.patchreel.spi.VideoFrame;

class ManifestEmbedderTest {
    private static final ManifestValidator VALIDATOR =
            new ManifestValidator(new TrustList(List.of()), Clock.systemUTC());
    private static final ManifestEmbedder EMBEDDER = new ManifestEmbedder(VALIDATOR);
    private static final ClaimSigner.Credential CREDENTIAL =
            new TestCertificates().issue("P-256").credential();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path clip() {
        return folder.resolve("clip.mp4");
    }

    private EmbeddedManifest sign() throws IOException, GeneralSecurityException {
        return EMBEDDER.embed(clip(), TestClips.description(List.of()), CREDENTIAL);
    }

    private void assertValid() throws IOException {
        assertEquals(ManifestState.VALID, VALIDATOR.validate(clip()).state(), () -> {
            try {
                return VALIDATOR.validate(clip()).codes().toString();
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<byte[]> frames() throws IOException {
        List<byte[]> frames = new ArrayList<>();
        try (ClipReader reader = ClipReader.open(clip())) {
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                byte[] rgb = new byte[frame.get().rgb().remaining()];
                frame.get().rgb().duplicate().get(rgb);
                frames.add(rgb);
            }
        }
        return frames;
    }

    /** Whatever is refused: the clip is untouched, and nothing else is left. */
    private void assertRefused(String reason, byte[] file) throws IOException {
        Files.write(clip(), file);
        IOException refusal = assertThrows(IOException.class, this::sign, reason);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith(clip() + ": ") && message.contains(reason), message);
        assertArrayEquals(file, Files.readAllBytes(clip()));
        assertEquals(List.of("clip.mp4"), names());
    }

    private void assertRefused(String reason, Consumer<TestMovie> flaw) throws IOException {
        TestMovie movie = new TestMovie();
        flaw.accept(movie);
        assertRefused(reason, movie.build());
    }

    @Test
    void keepsTheFramesAndSaysWhatItPutIn() throws IOException, GeneralSecurityException {
        TestClips.encode(clip());
        List<byte[]> before = frames();
        EmbeddedManifest embedded = sign();
        List<byte[]> after = frames();
        assertEquals(5, after.size());
        for (int i = 0; i < after.size(); i++) {
            assertArrayEquals(before.get(i), after.get(i));
        }
        assertValid();
        assertTrue(embedded.label().matches("urn:c2pa:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), embedded.label());
        assertEquals("Example signer, Example", embedded.signer());
        assertInstanceOf(NoTimestamp.class, embedded.timestamp());
        assertEquals(embedded.label(), VALIDATOR.validate(clip()).label());
        assertArrayEquals(embedded.store(), VALIDATOR.manifestStore(clip()).orElseThrow());
        assertEquals(List.of("clip.mp4"), names());
    }

    @Test
    void putsTheManifestBehindTheFileType() throws IOException, GeneralSecurityException {
        byte[] before = new TestMovie().build();
        Files.write(clip(), before);
        EmbeddedManifest embedded = sign();
        ByteBuffer after = ByteBuffer.wrap(Files.readAllBytes(clip()));
        byte[] box = new byte[after.getInt(16)];
        after.get(16, box);
        assertArrayEquals(ManifestBox.of(embedded.store()), box);
        assertEquals(before.length + box.length, after.capacity());
        assertEquals("moov", new String(after.array(), 16 + box.length + 4, 4, ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, false, s",
        "false, true, false, c",
        "false, false, true, sscc",
        "true, false, false, sc",
        "true, true, false, cs",
        "true, false, true, s",
        "true, true, true, ss"
    })
    void movesTheOffsetsOfEveryTrack(boolean dataFirst, boolean largeSizes, boolean openEnd, String tracks)
            throws IOException, GeneralSecurityException {
        TestMovie movie = new TestMovie();
        movie.dataFirst = dataFirst;
        movie.largeSizes = largeSizes;
        movie.openEnd = openEnd;
        movie.tracks = tracks;
        List<String> chunks = TestMovie.chunks(Files.readAllBytes(Files.write(clip(), movie.build())));
        assertEquals(TestMovie.CHUNKS * tracks.length(), chunks.size());
        assertEquals("t0c0", chunks.get(0));
        sign();
        assertEquals(chunks, TestMovie.chunks(Files.readAllBytes(clip())));
        assertValid();
    }

    /** The limit of 32 bits is lowered, so that the file can be small. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void widensTheOffsetsThatGetTooLarge(boolean dataFirst, boolean largeSizes) throws IOException {
        TestMovie movie = new TestMovie();
        movie.dataFirst = dataFirst;
        movie.largeSizes = largeSizes;
        movie.tracks = "ssc";
        byte[] before = movie.build();
        Files.write(clip(), before);
        Path copied = folder.resolve("copy.mp4");
        try (FileChannel source = FileChannel.open(clip());
                FileChannel target = FileChannel.open(
                        copied, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            ClipCopy.of(source, clip(), 1000).write(target, 1000);
            target.write(ByteBuffer.wrap(TestMovie.box("free", new byte[992])), 16);
        }
        byte[] after = Files.readAllBytes(copied);
        assertEquals(before.length + 1000 + 2 * TestMovie.CHUNKS * 4, after.length);
        assertFalse(new String(after, ISO_8859_1).contains("stco"));
        assertEquals(TestMovie.chunks(before), TestMovie.chunks(after));
        try (FileChannel channel = FileChannel.open(copied)) {
            assertDoesNotThrow(() -> ClipLayout.read(channel, copied));
        }
    }

    /** A sparse file, whose data are not read: the box that leads to the last byte of 32 bits. */
    @Test
    void widensPastFourGibibytes() throws IOException {
        TestMovie movie = new TestMovie();
        movie.tracks = "s";
        byte[] template = movie.build();
        int table = new String(template, ISO_8859_1).indexOf("stco") + 12;
        ByteBuffer.wrap(template).putInt(table, 0xFFFF_FFF0);
        int data = new String(template, ISO_8859_1).indexOf("mdat") - 4;
        byte[] head = Arrays.copyOf(template, data);
        try (RandomAccessFile file = new RandomAccessFile(clip().toFile(), "rw")) {
            file.write(head);
            file.write(ByteBuffer.allocate(16)
                    .putInt(1)
                    .putInt(TopLevelBox.MDAT)
                    .putLong(5L << 30)
                    .array());
            file.setLength(head.length + (5L << 30));
            ClipLayout layout = ClipLayout.read(file.getChannel(), clip());
            ChunkOffsets offsets = ChunkOffsets.read(file.getChannel(), layout, clip());
            ByteBuffer same = ByteBuffer.wrap(offsets.moved(0xF, 0xFFFF_FFFFL));
            assertEquals(layout.movie().size(), same.capacity());
            ByteBuffer wide = ByteBuffer.wrap(offsets.moved(0x10, 0xFFFF_FFFFL));
            assertEquals(layout.movie().size() + 4 * TestMovie.CHUNKS, wide.capacity());
            int moved = new String(wide.array(), ISO_8859_1).indexOf("co64") + 12;
            assertEquals(0x1_0000_0000L + 4 * TestMovie.CHUNKS, wide.getLong(moved));
        }
    }

    @Test
    void keepsBoxesThatItDoesNotKnow() throws IOException, GeneralSecurityException {
        TestMovie movie = new TestMovie();
        movie.behindFileType = TestMovie.concatenate(
                TestMovie.box("free", new byte[20]), TestMovie.box("uuid", new byte[16], new byte[] {1, 2, 3}));
        movie.inMovie = TestMovie.concatenate(
                TestMovie.box(
                        "udta", TestMovie.box("meta", new byte[4], TestMovie.box("hdlr", new byte[25])), new byte[4]),
                TestMovie.box("meta", TestMovie.box("hdlr", new byte[25])));
        Files.write(clip(), movie.build());
        sign();
        assertValid();
        assertTrue(new String(Files.readAllBytes(clip()), ISO_8859_1)
                .contains(new String(movie.behindFileType, ISO_8859_1)));
    }

    @Test
    void refusesFragmentedClips() throws IOException {
        assertRefused("fragmented MP4 (mvex)", movie -> movie.inMovie = TestMovie.box("mvex"));
        for (String box : List.of("moof", "mfra", "sidx", "styp")) {
            assertRefused("fragmented MP4 (" + box + ")", movie -> movie.behindFileType = TestMovie.box(box));
        }
    }

    @Test
    void refusesOffsetsThatItCannotMove() throws IOException {
        byte[] iloc = TestMovie.box("meta", new byte[4], TestMovie.box("hdlr", new byte[25]), TestMovie.box("iloc"));
        byte[] quickTime = TestMovie.box("meta", TestMovie.box("hdlr", new byte[25]), TestMovie.box("iloc"));
        assertRefused("auxiliary data (saio)", movie -> movie.inTable = TestMovie.box("saio", new byte[12]));
        assertRefused("items (iloc)", movie -> movie.inMovie = iloc);
        assertRefused("items (iloc)", movie -> movie.inMovie = quickTime);
        assertRefused("items (iloc)", movie -> movie.inMovie = TestMovie.box("udta", iloc));
        assertRefused("items (iloc)", movie -> movie.behindFileType = iloc);
        assertRefused("data is in another file", movie -> movie.dataElsewhere = true);
        assertRefused("compressed index (cmov)", movie -> movie.inMovie = TestMovie.box("cmov"));
    }

    @Test
    void refusesAClipThatIsSignedAlready() throws IOException, GeneralSecurityException {
        TestClips.encode(clip());
        sign();
        assertRefused("carries a C2PA manifest already", Files.readAllBytes(clip()));
    }

    @Test
    void refusesWhatIsNoMp4() throws IOException {
        byte[] movie = new TestMovie().build();
        byte[] rest = Arrays.copyOfRange(movie, 16, movie.length);
        assertRefused("no ftyp box", new byte[0]);
        assertRefused("no ftyp box", rest);
        assertRefused("more than one ftyp", TestMovie.concatenate(Arrays.copyOf(movie, 16), movie));
        assertRefused("no moov box", Arrays.copyOf(movie, 16));
        assertRefused("more than one moov", TestMovie.concatenate(movie, TestMovie.box("moov")));
        assertRefused("moov ahead of ftyp", TestMovie.concatenate(rest, Arrays.copyOf(movie, 16)));
        assertRefused("mdat ahead of ftyp", TestMovie.concatenate(TestMovie.box("mdat"), movie));
        assertRefused("3 bytes at byte " + movie.length, TestMovie.concatenate(movie, new byte[3]));
        assertRefused("bytes at byte 16, where", Arrays.copyOf(movie, 30));
        assertRefused("more than 10000 boxes", TestMovie.concatenate(movie, repeated(TestMovie.box("free"), 10_000)));
        assertRefused("damaged moov", movie2 -> movie2.inMovie = new byte[3]);
        assertRefused("damaged stbl", movie2 -> movie2.inTable = new byte[] {0, 0, 0, 99, 'x', 'x', 'x', 'x'});
        assertRefused("more than 100000 boxes", movie2 -> movie2.inMovie = repeated(TestMovie.box("free"), 100_000));
    }

    private static byte[] repeated(byte[] box, int times) {
        byte[] all = new byte[box.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(box, 0, all, i * box.length, box.length);
        }
        return all;
    }

    @Test
    void refusesTablesThatLie() throws IOException {
        for (String type : List.of("stco", "co64")) {
            byte[] movie = new TestMovie().build();
            int count = new String(movie, ISO_8859_1).indexOf(type) + 8;
            for (int entries : new int[] {4, 6, Integer.MAX_VALUE, -1}) {
                ByteBuffer.wrap(movie).putInt(count, entries);
                assertRefused("damaged " + type, movie);
            }
        }
        byte[] movie = new TestMovie().build();
        int entry = new String(movie, ISO_8859_1).indexOf("co64") + 12;
        ByteBuffer.wrap(movie).putLong(entry, Long.MAX_VALUE);
        assertRefused("a chunk at byte 9223372036854775807", movie);
        ByteBuffer.wrap(movie).putLong(entry, -1);
        assertRefused("a chunk at byte 18446744073709551615", movie);
    }

    /** The file is sparse; a movie of this size is not even loaded. */
    @Test
    void refusesAnEnormousMovie() throws IOException {
        byte[] head = TestMovie.box("ftyp", new byte[8]);
        long size = (64L << 20) + 1;
        try (RandomAccessFile file = new RandomAccessFile(clip().toFile(), "rw")) {
            file.write(head);
            file.write(ByteBuffer.allocate(16)
                    .putInt(1)
                    .putInt(TopLevelBox.MOOV)
                    .putLong(size)
                    .array());
            file.setLength(head.length + size);
        }
        IOException refusal = assertThrows(IOException.class, this::sign);
        assertEquals(clip() + ": moov of " + size + " bytes, at most 67108864 are read", refusal.getMessage());
    }

    /** Whatever is cut off or flipped: it is refused with the file's name, or signed. */
    @Test
    void survivesDamagedClips() throws IOException {
        TestMovie movie = new TestMovie();
        movie.inMovie = TestMovie.box("udta", TestMovie.box("meta", new byte[4], TestMovie.box("hdlr", new byte[25])));
        byte[] intact = movie.build();
        int refused = 0;
        for (int i = 0; i < intact.length - 1000; i += 2) {
            byte[] flipped = intact.clone();
            flipped[i] = (byte) (i % 3 == 0 ? ~flipped[i] : i % 3 == 1 ? 0 : flipped[i] + 1);
            for (byte[] damaged : List.of(flipped, Arrays.copyOf(intact, i))) {
                Files.write(clip(), damaged);
                try (FileChannel channel = FileChannel.open(clip())) {
                    ClipLayout layout = ClipLayout.read(channel, clip());
                    ChunkOffsets.read(channel, layout, clip()).moved(1000, 0xFFFF_FFFFL);
                } catch (IOException e) {
                    assertTrue(String.valueOf(e.getMessage()).startsWith(clip() + ": "), e.getMessage());
                    refused++;
                }
            }
        }
        assertTrue(refused > 400, refused + " were refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"signer", "thumbnail", "large thumbnail"})
    void leavesTheClipAsItWasIfSomethingFails(String what) throws IOException {
        byte[] before = Files.readAllBytes(TestClips.encode(clip()));
        Path thumbnail = Files.createDirectory(folder.resolve("thumbnails")).resolve("thumbnail.jpg");
        if (what.equals("large thumbnail")) {
            Files.write(thumbnail, new byte[(1 << 20) + 1]);
        }
        ManifestDescription description =
                what.equals("signer") ? TestClips.description(List.of()) : with(Optional.of(thumbnail));
        ClaimSigner.Credential credential = what.equals("signer") ? new RefusingCredential() : CREDENTIAL;
        Class<? extends Exception> failure = what.equals("signer") ? SignatureException.class : IOException.class;
        assertThrows(failure, () -> EMBEDDER.embed(clip(), description, credential));
        assertArrayEquals(before, Files.readAllBytes(clip()));
        assertEquals(List.of("clip.mp4", "thumbnails"), names());
    }

    private static final class RefusingCredential implements ClaimSigner.Credential {
        @Override
        public SignatureAlgorithm algorithm() {
            return CREDENTIAL.algorithm();
        }

        @Override
        public List<X509Certificate> certificateChain() {
            return CREDENTIAL.certificateChain();
        }

        @Override
        public byte[] sign(byte[] data) throws GeneralSecurityException {
            throw new SignatureException("the token was pulled out");
        }
    }

    private static ManifestDescription with(Optional<Path> thumbnail) {
        return new ManifestDescription(
                "title",
                Instant.EPOCH,
                "name",
                "1",
                new AiDisclosure("model"),
                Optional.empty(),
                Duration.ZERO,
                thumbnail,
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
    }

    @Test
    void namesTheAdaptersOfTheModel() throws IOException, GeneralSecurityException, JumbfException {
        TestClips.encode(clip());
        ManifestDescription plain = with(Optional.empty());
        EmbeddedManifest adapted = EMBEDDER.embed(
                clip(),
                ChangedDescription.adapted(
                        plain,
                        List.of(new AdapterFile(
                                new Adapter("snow", 0.8), new WeightFile("snow.safetensors", "cd".repeat(32))))),
                CREDENTIAL);
        assertEquals(
                List.of("c2pa.hash.bmff.v3", "c2pa.actions.v2", "c2pa.ai-disclosure", "org.patchreel.adapters"),
                assertions(adapted));
        assertValid();
        String store = new String(adapted.store(), ISO_8859_1);
        assertTrue(store.contains("snow") && store.contains("0.8") && store.contains("cd".repeat(32)), store);
    }

    @Test
    void makesTheAssertionsOfTheDescription() throws IOException, GeneralSecurityException, JumbfException {
        Path thumbnail = Files.write(folder.resolve("thumbnail.jpg"), PictureFormat.encoded("jpeg"));
        TestClips.encode(clip());
        EmbeddedManifest bare = EMBEDDER.embed(clip(), with(Optional.of(thumbnail)), CREDENTIAL);
        assertEquals(
                List.of("c2pa.hash.bmff.v3", "c2pa.actions.v2", "c2pa.ai-disclosure", "c2pa.thumbnail.claim"),
                assertions(bare));
        assertValid();
        assertTrue(
                new String(bare.store(), ISO_8859_1).contains(new String(Files.readAllBytes(thumbnail), ISO_8859_1)));
        TestClips.encode(clip());
        assertEquals(
                List.of("c2pa.hash.bmff.v3", "c2pa.actions.v2", "c2pa.soft-binding", "c2pa.ai-disclosure"),
                assertions(sign()));
        String statements = String.join(" ", VALIDATOR.validate(clip()).statements());
        assertTrue(statements.contains("starter") && statements.contains("2026-05-01T12:00:00Z"), statements);
        assertEquals(
                "0123456789abcdef",
                VALIDATOR.validate(clip()).softBindings().get(0).value());
    }

    private static List<String> assertions(EmbeddedManifest embedded) throws JumbfException {
        return JumbfReader.read(ByteBuffer.wrap(embedded.store())).superBoxes().get(0).superBoxes().stream()
                .filter(part -> part.type().equals(ContentType.ASSERTION_STORE))
                .flatMap(store -> store.superBoxes().stream())
                .map(JumbfBox.Super::label)
                .toList();
    }

    @Test
    void keepsPermissionsAndSymbolicLinks() throws IOException, GeneralSecurityException {
        Path file =
                TestClips.encode(Files.createDirectory(folder.resolve("files")).resolve("a.mp4"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(clip(), file);
        sign();
        assertTrue(Files.isSymbolicLink(clip()));
        assertValid();
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void refusesDescriptionsThatSayNothingOrTooMuch() {
        assertThrows(IllegalArgumentException.class, () -> new ManifestDescription.SoftBinding("a", "0123"));
        assertThrows(
                IllegalArgumentException.class, () -> new ManifestDescription.SoftBinding(" ", "0123456789abcdef"));
        assertThrows(IllegalArgumentException.class, () -> new ManifestDescription.Ingredient("a", "jpeg", clip()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ManifestDescription.Ingredient("x".repeat(1001), "image/jpeg", clip()));
        ManifestDescription.Ingredient ingredient = new ManifestDescription.Ingredient("a", "image/jpeg", clip());
        assertThrows(
                IllegalArgumentException.class,
                () -> TestClips.description(java.util.Collections.nCopies(33, ingredient)));
    }
}
