package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** Pictures that we sign; {@code PictureJudgesTest} puts them before c2pa-rs. */
class PictureSigningTest {
    private static final ManifestValidator VALIDATOR = new ManifestValidator(TrustList.EMPTY, Clock.systemUTC());
    private static final ManifestEmbedder EMBEDDER = new ManifestEmbedder(VALIDATOR);
    private static final ClaimSigner.Credential CREDENTIAL =
            new TestCertificates().issue("P-256").credential();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** The name says nothing: the content decides. */
    private Path file() {
        return folder.resolve("picture");
    }

    private static byte[] plain(PictureFormat format) throws IOException {
        return PictureFormat.encoded(format == PictureFormat.JPEG ? "jpeg" : "png");
    }

    private byte[] sign(byte[] picture) throws IOException, GeneralSecurityException {
        return sign(picture, TestClips.description(List.of()));
    }

    private byte[] sign(byte[] picture, ManifestDescription description) throws IOException, GeneralSecurityException {
        Files.write(file(), picture);
        EMBEDDER.embed(file(), description, CREDENTIAL);
        return Files.readAllBytes(file());
    }

    private Manifest assertValid() throws IOException {
        Manifest manifest = VALIDATOR.validate(file());
        assertEquals(ManifestState.VALID, manifest.state(), manifest.toString());
        assertTrue(manifest.codes().stream().map(Status::code).anyMatch("assertion.dataHash.match"::equals));
        assertFalse(manifest.codes().stream()
                .map(Status::code)
                .anyMatch("assertion.dataHash.additionalExclusionsPresent"::equals));
        assertNotNull(ImageIO.read(file().toFile()));
        return manifest;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** {@return a picture that was signed, without the bytes at the place where a manifest goes} */
    private static byte[] withoutManifest(byte[] signed, int position, int length) {
        return PictureFormat.joined(
                Arrays.copyOf(signed, position),
                Arrays.copyOfRange(signed, signed.length - length + position, signed.length));
    }

    @ParameterizedTest
    @CsvSource({"JPEG,20", "PNG,33"})
    void addsAManifestBehindTheHeaderAndChangesNothingElse(PictureFormat format, int position) throws Exception {
        byte[] plain = plain(format);
        byte[] signed = sign(plain);
        assertArrayEquals(plain, withoutManifest(signed, position, plain.length));
        Manifest manifest = assertValid();
        assertEquals("Example signer, Example", manifest.signer());
        assertEquals("0123456789abcdef", manifest.softBindings().get(0).value());
        assertEquals(List.of("picture"), names());
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG"})
    void isNeverValidWithAChangedByteOfThePicture(PictureFormat format) throws Exception {
        byte[] plain = plain(format);
        byte[] signed = sign(plain);
        int position = format == PictureFormat.JPEG ? 20 : 33;
        int end = signed.length - plain.length + position;
        for (int i = 0; i < signed.length; i += i == position - 1 ? end - i : 1) {
            byte[] changed = signed.clone();
            changed[i] ^= 0x10;
            Files.write(file(), changed);
            assertNotEquals(ManifestState.VALID, VALIDATOR.validate(file()).state(), "byte " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG"})
    void saysOfAWatermarkThatItIsInThePictureButNotWhen(PictureFormat format) throws Exception {
        sign(plain(format));
        String store = new String(VALIDATOR.manifestStore(file()).orElseThrow(), ISO_8859_1);
        assertTrue(store.contains("c2pa.created") && store.contains("c2pa.watermarked.bound"), store);
        assertTrue(store.contains("trainedAlgorithmicMedia"), store);
        assertTrue(store.contains("c2pa.soft-binding") && !store.contains("timespan"), store);
        assertTrue(store.contains("c2pa.hash.data") && !store.contains("c2pa.hash.bmff"), store);
    }

    @ParameterizedTest
    @CsvSource({"JPEG,1", "JPEG,60000", "JPEG,64000", "JPEG,300000", "PNG,1", "PNG,60000", "PNG,300000"})
    void takesThumbnailsOfAnySize(PictureFormat format, int size) throws Exception {
        byte[] thumbnail = new byte[size];
        Arrays.fill(thumbnail, (byte) 0x5A);
        Path path = Files.write(folder.resolve("thumbnail.jpg"), thumbnail);
        byte[] signed = sign(plain(format), description(Optional.of(path), List.of()));
        assertValid();
        byte[] store = VALIDATOR.manifestStore(file()).orElseThrow();
        assertTrue(new String(store, ISO_8859_1).contains(new String(thumbnail, ISO_8859_1)));
        if (format == PictureFormat.JPEG) {
            assertSegments(signed, 1, store);
        }
    }

    /** Reads the APP11 segments of one box after ISO/IEC 19566-5. */
    private static void assertSegments(byte[] signed, int instance, byte[] store) {
        ByteBuffer bytes = ByteBuffer.wrap(signed);
        ByteBuffer found = ByteBuffer.allocate(store.length).put(store, 0, 8);
        int sequence = 1;
        for (int position = 2; (bytes.getShort(position) & 0xFFFF) != 0xFFDA; ) {
            int length = bytes.getShort(position + 2) & 0xFFFF;
            if ((bytes.getShort(position) & 0xFFFF) == 0xFFEB && bytes.getShort(position + 6) == instance) {
                assertEquals(0x4A50, bytes.getShort(position + 4));
                assertEquals(sequence++, bytes.getInt(position + 8));
                assertEquals(ByteBuffer.wrap(store, 0, 8), ByteBuffer.wrap(signed, position + 12, 8));
                found.put(signed, position + 20, length - 18);
            }
            position += 2 + length;
        }
        assertArrayEquals(store, found.array());
    }

    private static ManifestDescription description(
            Optional<Path> thumbnail, List<ManifestDescription.Ingredient> ingredients) {
        return new ManifestDescription(
                "title",
                Instant.EPOCH,
                "name",
                "1",
                new AiDisclosure("model"),
                Optional.empty(),
                Duration.ZERO,
                thumbnail,
                ingredients,
                new ManifestDescription.Created(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA));
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG"})
    void replacesTheManifestThatIsThere(PictureFormat format) throws Exception {
        byte[] plain = plain(format);
        Path thumbnail = Files.write(folder.resolve("thumbnail.jpg"), new byte[100_000]);
        byte[] large = sign(plain, description(Optional.of(thumbnail), List.of()));
        String first = assertValid().label();
        byte[] again = sign(large);
        assertNotEquals(first, assertValid().label());
        assertTrue(again.length < plain.length + 100_000, again.length + " bytes");
        assertEquals(List.of("picture", "thumbnail.jpg"), names());
        assertArrayEquals(plain, withoutManifest(again, format == PictureFormat.JPEG ? 20 : 33, plain.length));
    }

    @Test
    void movesAManifestThatStandsElsewhere() throws Exception {
        byte[] plain = plain(PictureFormat.JPEG);
        byte[] signed = sign(plain);
        int length = signed.length - plain.length;
        byte[] manifest = Arrays.copyOfRange(signed, 20, 20 + length);
        byte[] ahead =
                PictureFormat.joined(Arrays.copyOf(plain, 2), manifest, Arrays.copyOfRange(plain, 2, plain.length));
        assertArrayEquals(plain, withoutManifest(sign(ahead), 20, plain.length));
        assertValid();
        byte[] behind = PictureFormat.joined(
                Arrays.copyOf(plain, 89), manifest, Arrays.copyOfRange(plain, 89, plain.length)); // a DQT segment ends
        assertArrayEquals(plain, withoutManifest(sign(behind), 20, plain.length));
        assertValid();
    }

    @Test
    void leavesOtherBoxesAndExifWhereTheyAre() throws Exception {
        byte[] plain = plain(PictureFormat.JPEG);
        byte[] exif = "\u00FF\u00E1\0\010Exif\0\0".getBytes(ISO_8859_1);
        byte[] box = "\u00FF\u00EB\0\024JP\0\1\0\0\0\1\0\0\0\012test\1\2".getBytes(ISO_8859_1);
        byte[] picture =
                PictureFormat.joined(Arrays.copyOf(plain, 20), exif, box, Arrays.copyOfRange(plain, 20, plain.length));
        byte[] signed = sign(picture);
        assertArrayEquals(picture, withoutManifest(signed, 30, picture.length));
        assertValid();
        assertSegments(signed, 2, VALIDATOR.manifestStore(file()).orElseThrow());
    }

    @Test
    void takesOverTheManifestOfAnIngredient() throws Exception {
        sign(plain(PictureFormat.PNG));
        Path source = Files.move(file(), folder.resolve("source.png"));
        String label = VALIDATOR.validate(source).label();
        sign(
                plain(PictureFormat.JPEG),
                description(
                        Optional.empty(), List.of(new ManifestDescription.Ingredient("source", "image/png", source))));
        assertValid();
        assertTrue(new String(VALIDATOR.manifestStore(file()).orElseThrow(), ISO_8859_1).contains(label));
    }

    @ParameterizedTest
    @EnumSource(names = {"GIF", "WEBP", "TIFF"})
    void refusesOtherFormats(PictureFormat format) throws Exception {
        assertRefused(
                "only MP4, JPEG and PNG files are signed",
                format.with(new byte[1000]).bytes());
    }

    @Test
    void refusesDamagedPictures() throws Exception {
        byte[] png = plain(PictureFormat.PNG);
        assertRefused("is damaged", Arrays.copyOf(png, png.length - 12));
        assertRefused("is damaged", Arrays.copyOf(plain(PictureFormat.JPEG), 100));
        byte[] chunk = PictureFormat.pngChunk("tEXt", new byte[3]);
        assertRefused(
                "the first chunk is not IHDR",
                PictureFormat.joined(Arrays.copyOf(png, 8), chunk, Arrays.copyOfRange(png, 8, png.length)));
        byte[] manifest = PictureFormat.pngChunk("caBX", new byte[100]);
        assertRefused(
                "more than one manifest store",
                PictureFormat.joined(
                        Arrays.copyOf(png, 33), manifest, manifest, Arrays.copyOfRange(png, 33, png.length)));
    }

    private void assertRefused(String reason, byte[] picture) throws IOException {
        IOException refusal = assertThrows(IOException.class, () -> sign(picture), reason);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith(file() + ": ") && message.contains(reason), message);
        assertArrayEquals(picture, Files.readAllBytes(file()));
        assertEquals(List.of("picture"), names());
    }

    @Test
    void keepsPermissionsAndSymbolicLinks() throws Exception {
        Path picture = Files.write(folder.resolve("a.png"), plain(PictureFormat.PNG));
        Files.setPosixFilePermissions(picture, PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(file(), picture);
        EMBEDDER.embed(file(), TestClips.description(List.of()), CREDENTIAL);
        assertTrue(Files.isSymbolicLink(file()));
        assertValid();
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(picture)));
    }
}
