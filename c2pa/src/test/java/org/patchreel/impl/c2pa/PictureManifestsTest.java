package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.SignedPicture.Binding;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** Manifests in files of others; {@code PictureJudgesTest} compares the verdicts with those of c2pa-rs. */
class PictureManifestsTest {
    private static final ManifestValidator VALIDATOR = new ManifestValidator(TrustList.EMPTY, Clock.systemUTC());
    private static final ClaimSigner.Credential CREDENTIAL =
            new TestCertificates().issue("P-256").credential();

    private static final String ADDRESS = "https://example.org/manifests/1.c2pa";

    private static final String XMP = """
            <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">\
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
            xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="%s"/></rdf:RDF></x:xmpmeta>\
            <?xpacket end="w"?>""".formatted(ADDRESS);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Manifest validate(byte[] bytes) throws IOException {
        return VALIDATOR.validate(Files.write(folder.resolve("file"), bytes));
    }

    private static boolean says(Manifest manifest, String code) {
        return manifest.codes().stream().map(Status::code).anyMatch(code::equals);
    }

    private static void assertUnread(String code, String reason, Manifest manifest) {
        assertEquals(ManifestState.UNREAD, manifest.state(), manifest.toString());
        assertEquals(1, manifest.codes().size(), manifest.toString());
        assertEquals(code, manifest.codes().get(0).code());
        assertTrue(manifest.codes().get(0).explanation().contains(reason), manifest.toString());
    }

    @ParameterizedTest
    @EnumSource
    void readsAndValidatesTheManifestsOfEachFormat(PictureFormat format) throws Exception {
        SignedPicture picture = SignedPicture.sign(format, CREDENTIAL);
        Manifest manifest = validate(picture.bytes());
        assertEquals(ManifestState.VALID, manifest.state(), manifest.toString());
        assertEquals("Example signer, Example", manifest.signer());
        assertTrue(says(manifest, format.isBmff() ? "assertion.bmffHash.match" : "assertion.dataHash.match"));
        assertFalse(says(manifest, "assertion.dataHash.additionalExclusionsPresent"));
        byte[] store = VALIDATOR.manifestStore(folder.resolve("file")).orElseThrow();
        assertArrayEquals(format.with(store).bytes(), picture.bytes());
    }

    @ParameterizedTest
    @EnumSource
    void isNeverValidWithAChangedByteOutsideOfTheManifest(PictureFormat format) throws Exception {
        SignedPicture picture = SignedPicture.sign(format, CREDENTIAL);
        for (int i = 0; i < picture.bytes().length; i += 23) {
            byte[] changed = picture.bytes().clone();
            changed[i] ^= 0x10;
            boolean fileType = format.isBmff() && i < 24; // which C2PA leaves out of its hash
            if (!isIn(picture.place(), i) && !fileType) {
                assertNotEquals(ManifestState.VALID, validate(changed).state(), "byte " + i);
            }
        }
    }

    private static boolean isIn(PictureFormat.Place place, int position) {
        return position >= place.start() && position < place.end();
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "GIF"})
    void hashesOfPartsCoverAllThatIsThere(PictureFormat format) throws Exception {
        SignedPicture picture = SignedPicture.sign(format, Binding.BOXES, new byte[100], CREDENTIAL);
        Manifest manifest = validate(picture.bytes());
        assertEquals(ManifestState.VALID, manifest.state(), manifest.toString());
        assertTrue(says(manifest, "assertion.boxesHash.match"));
        assertFalse(says(manifest, "assertion.boxesHash.additionalExclusionsPresent"), manifest.toString());

        byte[] changed = picture.bytes().clone();
        changed[changed.length - 20] ^= 1; // of the pixels
        assertTrue(says(validate(changed), "assertion.boxesHash.mismatch"));

        manifest = validate(PictureFormat.joined(picture.bytes(), new byte[10]));
        assertEquals(ManifestState.VALID, manifest.state(), manifest.toString());
        assertTrue(says(manifest, "assertion.boxesHash.additionalExclusionsPresent"), manifest.toString());
    }

    /** What may stay valid: what C2PA leaves out of its hash, and another's manifest of the same picture. */
    @ParameterizedTest
    @EnumSource(names = {"AVIF", "HEIC"})
    void findsWhatWasTamperedWithInFilesOfBoxes(PictureFormat format) throws Exception {
        SignedPicture picture = SignedPicture.sign(format, CREDENTIAL);
        SignedPicture other =
                SignedPicture.sign(format, new TestCertificates().issue("P-256").credential());
        int invalid = 0;
        for (TamperedFiles.Variant variant : TamperedPictures.of(picture, other)) {
            Manifest manifest = validate(variant.bytes());
            boolean changed = variant.name().startsWith("behind the manifest")
                    || variant.name().startsWith("last byte")
                    || variant.name().contains("appended");
            if (changed) {
                assertEquals(ManifestState.INVALID, manifest.state(), variant.name());
            }
            invalid += manifest.state() == ManifestState.INVALID ? 1 : 0;
        }
        assertTrue(invalid >= 40, invalid + " variants are invalid");
    }

    @Test
    void aPartThatIsNotListedIsUnknown() throws Exception {
        SignedPicture picture = SignedPicture.sign(PictureFormat.PNG, Binding.BOXES, new byte[100], CREDENTIAL);
        int end = picture.place().end();
        byte[] text = PictureFormat.pngChunk("tEXt", "Author\0me".getBytes(ISO_8859_1));
        Manifest manifest = validate(PictureFormat.joined(
                Arrays.copyOf(picture.bytes(), end),
                text,
                Arrays.copyOfRange(picture.bytes(), end, picture.bytes().length)));
        assertEquals(ManifestState.INVALID, manifest.state());
        assertTrue(says(manifest, "assertion.boxesHash.unknownBox"), manifest.toString());
    }

    /** Zeros behind the store are made into a chunk of its own, which no hash covers. */
    @Test
    void nothingCanBePutIntoTheRoomOfAShorterStore() throws Exception {
        byte[] text = PictureFormat.pngChunk("tEXt", new byte[20]);
        SignedPicture padded =
                SignedPicture.sign(PictureFormat.PNG, Binding.DATA, new byte[100], text.length, CREDENTIAL);
        assertEquals(ManifestState.VALID, validate(padded.bytes()).state());
        int data = padded.place().start() + 8;
        int end = padded.place().end() - 4; // ahead of the checksum
        byte[] shorter = PictureFormat.pngChunk("caBX", Arrays.copyOfRange(padded.bytes(), data, end - text.length));
        byte[] changed = padded.bytes().clone();
        System.arraycopy(shorter, 0, changed, padded.place().start(), shorter.length);
        System.arraycopy(text, 0, changed, padded.place().start() + shorter.length, text.length);
        Manifest manifest = validate(changed);
        assertEquals(ManifestState.INVALID, manifest.state());
        assertTrue(says(manifest, "assertion.dataHash.mismatch"), manifest.toString());
    }

    @Test
    void followsUpdatesOfAPicturesManifest() throws Exception {
        SignedPicture picture = SignedPicture.sign(PictureFormat.JPEG, CREDENTIAL);
        Manifest before = validate(picture.bytes());
        byte[] store = VALIDATOR.manifestStore(folder.resolve("file")).orElseThrow();
        byte[] first = UpdatedClip.bytes(
                JumbfReader.read(ByteBuffer.wrap(store)).superBoxes().get(0).raw());
        var parent = UpdatedClip.ingredient(0, Relationship.PARENT_OF, store, before.codes());
        byte[] update = new UpdatedClip.Update()
                .with(parent)
                .with(UpdatedClip.actions(
                        Map.of("action", "c2pa.opened"), Map.of("ingredients", List.of(Assertions.hashedUri(parent)))))
                .sign(CREDENTIAL);
        SignedPicture updated = PictureFormat.JPEG.with(UpdatedClip.store(first, update));
        Manifest manifest = validate(updated.bytes());
        assertEquals(ManifestState.VALID, manifest.state(), manifest.toString());
        assertTrue(says(manifest, "assertion.dataHash.match"));
        updated.bytes()[updated.place().end() + 5] ^= 1;
        assertTrue(says(validate(updated.bytes()), "assertion.dataHash.mismatch"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] length(int length, ByteOrder order) {
        return ByteBuffer.allocate(4).order(order).putInt(length).array();
    }

    private static byte[] withXmp(PictureFormat format, byte[] xmp) throws IOException {
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        return switch (format) {
            case JPEG -> {
                byte[] content = PictureFormat.joined(bytes("http://ns.adobe.com/xap/1.0/\0"), xmp);
                byte[] head = ByteBuffer.allocate(4)
                        .putShort((short) 0xFFE1)
                        .putShort((short) (2 + content.length))
                        .array();
                yield PictureFormat.joined(bytes("\u00FF\u00D8"), head, content, bytes("\u00FF\u00D9"));
            }
            case PNG ->
                PictureFormat.joined(
                        bytes("\u0089PNG\r\n\u001A\n"),
                        PictureFormat.pngChunk("IHDR", new byte[13]),
                        PictureFormat.pngChunk(
                                "iTXt", PictureFormat.joined(bytes("XML:com.adobe.xmp\0\0\0en\0key\0"), xmp)),
                        PictureFormat.pngChunk("IEND", new byte[0]));
            case GIF -> {
                byte[] trailer = new byte[258];
                for (int i = 0; i < 257; i++) {
                    trailer[i] = (byte) (i == 0 ? 1 : 256 - i);
                }
                yield PictureFormat.joined(
                        bytes("GIF89a"), new byte[7], bytes("!\u00FF\013XMP DataXMP"), xmp, trailer, bytes(";"));
            }
            case WEBP -> {
                byte[] chunk =
                        PictureFormat.joined(bytes("XMP "), length(xmp.length, little), xmp, new byte[xmp.length % 2]);
                yield PictureFormat.joined(bytes("RIFF"), length(4 + chunk.length, little), bytes("WEBP"), chunk);
            }
            case TIFF ->
                PictureFormat.joined(
                        bytes("II*\0"),
                        length(8, little),
                        bytes("\1\0\u00BC\2\1\0"),
                        length(xmp.length, little),
                        length(26, little),
                        new byte[4],
                        xmp);
            case AVIF, HEIC ->
                PictureFormat.joined(
                        PictureFormat.box("ftyp", bytes(format.fileExtension() + "\0\0\0\0")),
                        PictureFormat.box("uuid", HexFormat.of().parseHex("be7acfcb97a942e89c71999491e3afac"), xmp));
            case AVI, WAV, BIG_TIFF -> throw new IllegalArgumentException(format.name());
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF", "HEIC"})
    void namesAManifestThatIsElsewhereAndDoesNotFetchIt(PictureFormat format) throws Exception {
        Manifest manifest = validate(withXmp(format, bytes(XMP)));
        assertUnread("manifest.inaccessible", ADDRESS, manifest);
        assertEquals(ADDRESS, manifest.codes().get(0).url());
        assertEquals(Optional.empty(), VALIDATOR.manifestStore(folder.resolve("file")));

        String element = XMP.replace(
                "dcterms:provenance=\"" + ADDRESS + "\"/>",
                "><dcterms:provenance>" + ADDRESS + "</dcterms:provenance></rdf:Description>");
        assertUnread("manifest.inaccessible", ADDRESS, validate(withXmp(format, bytes(element))));
        assertEquals(Manifest.none(), validate(withXmp(format, bytes(XMP.replace(ADDRESS, "self#jumbf=c2pa")))));
        assertEquals(Manifest.none(), validate(withXmp(format, bytes(XMP.replace("provenance", "created")))));
        assertEquals(
                Manifest.none(), validate(withXmp(format, bytes("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:/\">]>&e;<"))));
    }

    @ParameterizedTest
    @CsvSource({
        "PDF, %PDF-1.7 ",
        "MP3, ID3\u0004 ",
        "MP3, \u00FF\u00FB\u0090d ",
        "FLAC, fLaC ",
        "SVG, <?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/> ",
        "JPEG XL, '\u00FF\n '"
    })
    void saysSoOfFormatsThatItDoesNotRead(String name, String start) throws Exception {
        byte[] file = Arrays.copyOf(bytes(start), 1000);
        assertUnread("org.patchreel.manifest.unread", "manifests in " + name + " files are not read", validate(file));
    }

    @Test
    void saysSoOfFilesOfUnknownFormats() throws Exception {
        String reason = "manifests in files of this format are not read";
        assertUnread("org.patchreel.manifest.unread", reason, validate(new byte[10_000]));
        assertUnread(
                "org.patchreel.manifest.unread",
                reason,
                validate("words ".repeat(100).getBytes(UTF_8)));
        byte[] matroska = Arrays.copyOf(HexFormat.of().parseHex("1a45dfa3"), 1000);
        assertUnread("org.patchreel.manifest.unread", reason, validate(matroska));
    }

    @Test
    void aSegmentOfAFragmentedAssetHasAProofOnly() throws Exception {
        byte[] proof =
                CborWriter.write(Map.of("uniqueId", 1, "localId", 1, "location", 0, "hashes", List.of(new byte[32])));
        byte[] segment = PictureFormat.joined(
                PictureFormat.box("styp", bytes("msdh\0\0\0\0")),
                PictureFormat.box(
                        "uuid",
                        HexFormat.of().parseHex("d8fec3d61b0e483c92975828877ec481"),
                        new byte[4],
                        bytes("merkle\0"),
                        proof),
                PictureFormat.box("moof", new byte[8]),
                PictureFormat.box("mdat", new byte[100]));
        assertUnread("org.patchreel.manifest.unread", "a segment of a fragmented asset", validate(segment));
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAManifestCannotBeReachedInsteadOfThatThereIsNone(PictureFormat format) throws Exception {
        SignedPicture picture = SignedPicture.sign(format, CREDENTIAL);
        byte[] cut = Arrays.copyOf(
                picture.bytes(), (picture.place().start() + picture.place().end()) / 2);
        assertEquals(ManifestState.INVALID, validate(cut).state());
    }

    /** Each is a report without a fault of ours; the seed makes failures repeatable. */
    @ParameterizedTest
    @EnumSource
    void survivesWhateverIsWrong(PictureFormat format) throws Exception {
        byte[] picture = SignedPicture.sign(format, CREDENTIAL).bytes();
        Random random = new Random(20261129);
        for (int round = 0; round < 80; round++) {
            byte[] damaged = picture.clone();
            for (int change = random.nextInt(6); change >= 0; change--) {
                damaged[random.nextInt(round % 2 == 0 ? 200 : damaged.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(damaged.length) : damaged.length;
            Manifest manifest = validate(Arrays.copyOf(damaged, length));
            for (Status status : manifest.codes()) {
                assertFalse(status.explanation().contains("Exception"), status.toString());
            }
        }
    }

    @Test
    void takesTimeThatGrowsWithTheFileOnly() throws Exception {
        byte[] chunk = PictureFormat.pngChunk("tEXt", new byte[0]);
        byte[] chunks = new byte[chunk.length * 2_000_000];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = chunk[i % chunk.length];
        }
        byte[] markers = new byte[20_000_000];
        for (int i = 0; i < markers.length; i++) {
            markers[i] = (byte) (i % 2 == 0 ? 0xFF : 0xD0);
        }
        byte[] loop = PictureFormat.joined(bytes("II*\0"), length(8, ByteOrder.LITTLE_ENDIAN), new byte[2]);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertEquals(
                    ManifestState.NONE,
                    validate(PictureFormat.joined(bytes("\u0089PNG\r\n\u001A\n"), chunks))
                            .state());
            assertEquals(
                    ManifestState.NONE,
                    validate(PictureFormat.joined(bytes("\u00FF\u00D8"), markers))
                            .state());
            assertEquals(
                    ManifestState.NONE,
                    validate(PictureFormat.joined(loop, length(8, ByteOrder.LITTLE_ENDIAN), new byte[60]))
                            .state());
        });
    }
}
