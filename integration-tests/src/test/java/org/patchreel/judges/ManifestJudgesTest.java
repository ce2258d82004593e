package org.patchreel.judges;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.api.Rights;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.AiDisclosure;
import org.patchreel.impl.c2pa.ChangedDescription;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.StampingEmbedder;
import org.patchreel.impl.c2pa.TamperedFiles;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.media.Mezzanine;
import org.patchreel.impl.media.MezzanineCodec;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.ClaimSigner.Credential;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * What the embedder signs is put before validators that others wrote, whole and tampered with; our own validator must come
 * to their verdict.
 */
@Timeout(600)
class ManifestJudgesTest extends JudgedTest {
    /**
     * Codes for what cannot be decoded. Its hash or signature is wrong anyway, which all validators say; decoders differ in
     * what they still take, and c2pa-rs in whether it names the fault or gives up.
     */
    static final Set<String> OF_DECODERS = Set.of(
            "assertion.required.missing",
            "assertion.cbor.invalid",
            "assertion.bmffHash.malformed",
            "assertion.action.malformed",
            "assertion.ingredient.malformed",
            "claim.malformed",
            "claim.cbor.invalid",
            "signingCredential.invalid");

    /** Codes after which we read no further, where c2pa-rs sometimes does. */
    static final Set<String> LAST = Set.of("claim.malformed", "claim.cbor.invalid", "general.error");

    /** A second of video. */
    static Path clip(Path file) throws IOException {
        try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toFile(), 64, 48);
                Frame frame = new Frame(64, 48, Frame.DEPTH_UBYTE, 3)) {
            recorder.setFormat("mp4");
            recorder.setVideoCodec(avcodec.AV_CODEC_ID_MPEG4);
            recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
            recorder.setFrameRate(8);
            recorder.setOption("movflags", "+faststart");
            recorder.start();
            for (int i = 0; i < 8; i++) {
                for (int position = 0; position < frame.imageStride * 48; position++) {
                    ((ByteBuffer) frame.image[0]).put(position, (byte) (position * 7 + i * 13));
                }
                recorder.record(frame);
            }
            recorder.stop();
        }
        return file;
    }

    static ManifestDescription description(List<ManifestDescription.Ingredient> ingredients) {
        return new ManifestDescription(
                "a ball",
                Instant.parse("2026-03-01T12:00:00Z"),
                "Patchreel",
                "0.1.0",
                new AiDisclosure("starter"),
                Optional.of(new ManifestDescription.SoftBinding("org.patchreel.test.1", "0123456789abcdef")),
                Duration.ofSeconds(1),
                Optional.empty(),
                ingredients,
                ingredients.stream().anyMatch(each -> each.relationship() == Relationship.PARENT_OF)
                        ? new ManifestDescription.Transcoded()
                        : new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
    }

    /** The same of which somebody has stated the rights. */
    static ManifestDescription stating(ManifestDescription plain) {
        return ChangedDescription.stating(
                plain,
                new Rights(
                        Optional.of("Anna Größe"),
                        Optional.of("© 2026 東京 AG"),
                        Optional.of(Instant.parse("2027-06-30T00:00:00Z"))));
    }

    private static Path signed(String name, Credential credential) throws Exception {
        Path file = clip(folder.resolve(name));
        embedder().embed(file, description(List.of()), credential);
        return file;
    }

    private static ManifestEmbedder embedder() throws IOException {
        return new ManifestEmbedder(validator());
    }

    private static Set<String> failures(Manifest manifest) {
        return manifest.codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aClipWithStatedRightsIsTrustedUntilTheyAreChanged() throws Exception {
        Path file = clip(folder.resolve("rights.mp4"));
        embedder().embed(file, stating(description(List.of())), authority.credential(SignatureAlgorithm.ES256));
        assertEquals(new Judges.Verdict("Trusted", Set.of(), Optional.empty()), judges.ask(file, Optional.of(root)));
        assertEquals(new Judges.SecondVerdict(true, Set.of()), judges.askSecond(file));
        assertEquals("Trusted", validator(root).validate(file).state().label());

        String bytes = Files.readString(file, ISO_8859_1);
        Files.writeString(file, bytes.replace("2027-06-30", "2099-06-30"), ISO_8859_1);
        Judges.Verdict theirs = judges.ask(file, Optional.of(root));
        assertEquals("Invalid", theirs.state());
        assertEquals(Set.of("assertion.hashedURI.mismatch"), theirs.failures());
        assertEquals(theirs.failures(), failures(validator(root).validate(file)));
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void whatWeSignIsValidAndTrustedByWhoeverTrustsTheRoot(SignatureAlgorithm algorithm) throws Exception {
        Path file = signed(algorithm + ".mp4", authority.credential(algorithm));

        Judges.Verdict unknown = judges.ask(file, Optional.empty());
        assertEquals("Valid", unknown.state(), unknown.toString());
        assertEquals(Set.of("signingCredential.untrusted"), unknown.failures());
        Judges.Verdict known = judges.ask(file, Optional.of(root));
        assertEquals("Trusted", known.state(), known.toString());
        if (algorithm != SignatureAlgorithm.ES512) { // c2pa-ts 0.9.4 refuses signatures on P-521 that c2pa-rs takes
            Judges.SecondVerdict second = judges.askSecond(file);
            assertTrue(second.valid(), second.toString());
        }

        Manifest ours = validator().validate(file);
        assertEquals("Valid", ours.state().label(), ours.toString());
        assertEquals(unknown.failures(), failures(ours));
        assertEquals("Trusted", validator(root).validate(file).state().label());
    }

    @Test
    void tamperedClipsAreInvalidForTheJudgesAndForUs() throws Exception {
        Path file = signed("genuine.mp4", authority.credential(SignatureAlgorithm.ES256));
        Path other = signed("other.mp4", new CertificateAuthority("Other").credential(SignatureAlgorithm.ES256));
        ManifestValidator validator = validator();
        Path tampered = folder.resolve("tampered.mp4");
        List<String> disagreements = new ArrayList<>();
        int invalid = 0;
        for (TamperedFiles.Variant variant : TamperedClips.of(Files.readAllBytes(file), Files.readAllBytes(other))) {
            Files.write(tampered, variant.bytes());
            Judges.Verdict theirs = judges.ask(tampered, Optional.empty());
            Manifest ours = validator.validate(tampered);
            if (theirs.state().equals("Invalid")) {
                invalid++;
            }
            Optional<String> disagreement = disagreement(variant, theirs, ours);
            disagreement.ifPresent(text -> disagreements.add(variant.name() + ": " + text));
        }
        assertEquals(List.of(), disagreements);
        assertTrue(invalid >= 200, invalid + " variants are invalid");
    }

    /** Why our verdict is not that of c2pa-rs, or not the one that the variant is made for. */
    private static Optional<String> disagreement(TamperedFiles.Variant variant, Judges.Verdict theirs, Manifest ours) {
        String state = ours.state().label();
        Set<String> failures = failures(ours);
        Optional<String> code = TamperedClips.code(variant);
        if (code.isPresent() && !failures.contains(code.get())) {
            return Optional.of("we do not say " + code.get() + " but " + failures);
        }
        if (TamperedClips.blindSpot(variant)) {
            // c2pa-rs encodes the box anew before it hashes it, and so does not see this change
            return theirs.state().equals("Valid") && state.equals("Invalid")
                    ? Optional.empty()
                    : Optional.of("no blind spot any more: " + theirs + " and " + ours);
        }
        if (variant.bytes().length < TamperedClips.MIN_SIZE) {
            // for c2pa-rs, a file that was cut off ahead of the manifest is no MP4; for us it carries no manifest
            return state.equals("none") ? Optional.empty() : Optional.of(state);
        }
        if (!theirs.state().equals(state)) {
            return Optional.of("they say " + theirs + ", we say " + state + failures);
        }
        if (theirs.error().isPresent() || failures.stream().anyMatch(LAST::contains)) {
            return Optional.empty();
        }
        Set<String> codes = new TreeSet<>(theirs.failures());
        codes.removeAll(OF_DECODERS);
        failures.removeAll(OF_DECODERS);
        if (TamperedClips.addsToHashedBox(variant)) {
            failures.remove("assertion.hashedURI.mismatch"); // c2pa-rs encodes the box anew before it hashes it
        }
        return codes.equals(failures) ? Optional.empty() : Optional.of("they say " + codes + ", we say " + failures);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "5,0", "5,1", "5,2", "5,3", "8,2"})
    void fragmentsAreBoundByAMerkleTree(int fragments, int row) throws Exception {
        byte[] bytes = FragmentedClip.of(fragments, row, authority.credential(SignatureAlgorithm.ES256));
        Path file = Files.write(folder.resolve("fragments.mp4"), bytes);
        assertEquals("Trusted", judges.ask(file, Optional.of(root)).state());
        Manifest ours = validator(root).validate(file);
        assertEquals("Trusted", ours.state().label(), ours.toString());

        bytes[bytes.length - 1] ^= 1;
        assertSameVerdict(Files.write(file, bytes), "Invalid", "assertion.bmffHash.mismatch");
        int last = 50 + fragments - 1 + 8;
        assertSameVerdict(
                Files.write(file, Arrays.copyOf(bytes, bytes.length - last)), "Invalid", "assertion.bmffHash.mismatch");
    }

    @Test
    void aTimestampCountsForWhoeverTrustsItsAuthority() throws Exception {
        HttpServer server = authority.timestamps();
        try {
            URI timestamps =
                    URI.create("http://localhost:" + server.getAddress().getPort() + "/");
            Path file = clip(folder.resolve("timestamped.mp4"));
            StampingEmbedder.with(validator(), timestamps)
                    .embed(file, description(List.of()), authority.credential(SignatureAlgorithm.ES256));

            assertEquals("Valid", judges.ask(file, Optional.empty()).state());
            Judges.Verdict theirs = judges.ask(file, Optional.of(root));
            assertEquals("Trusted", theirs.state(), theirs.toString());
            Manifest unknown = validator().validate(file);
            assertEquals("Valid", unknown.state().label(), unknown.toString());
            assertEquals(Optional.empty(), unknown.signedAt());
            Manifest ours = validator(root).validate(file);
            assertEquals("Trusted", ours.state().label(), ours.toString());
            Instant signedAt = ours.signedAt().orElseThrow();
            assertTrue(Duration.between(signedAt, Instant.now()).abs().toMinutes() < 5, signedAt.toString());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aCertificateThatIsNotForClaimsIsInvalidForTheJudgesAndForUs() throws Exception {
        Path file = signed(
                "webserver.mp4",
                authority.credential(
                        SignatureAlgorithm.ES256, CertificateAuthority.Kind.WEB_SERVER, Duration.ofDays(90)));
        assertSameVerdict(file, "Invalid", "signingCredential.invalid");
    }

    @Test
    void anExpiredCertificateIsInvalidForTheJudgesAndForUs() throws Exception {
        Path file = signed(
                "expired.mp4",
                authority.credential(
                        SignatureAlgorithm.ES256, CertificateAuthority.Kind.CLAIMS, Duration.ofMinutes(30)));
        assertSameVerdict(file, "Invalid", "signingCredential.expired");
    }

    private static void assertSameVerdict(Path file, String state, String code) throws IOException {
        Judges.Verdict theirs = judges.ask(file, Optional.of(root));
        assertEquals(state, theirs.state(), theirs.toString());
        assertTrue(theirs.failures().contains(code), theirs.toString());
        Manifest ours = validator(root).validate(file);
        assertEquals(state, ours.state().label(), ours.toString());
        assertTrue(failures(ours).contains(code), ours.toString());
    }

    @Test
    void anIngredientsManifestIsCarriedOver() throws Exception {
        Path input = signed("input.mp4", authority.credential(SignatureAlgorithm.ES384));
        Path file = clip(folder.resolve("made.mp4"));
        embedder()
                .embed(
                        file,
                        description(List.of(new ManifestDescription.Ingredient("input.mp4", "video/mp4", input))),
                        authority.credential(SignatureAlgorithm.ES256));

        Judges.Verdict theirs = judges.ask(file, Optional.of(root));
        assertEquals("Trusted", theirs.state(), theirs.toString());
        Manifest ours = validator(root).validate(file);
        assertEquals("Trusted", ours.state().label(), ours.toString());
        assertTrue(
                ours.statements().stream().anyMatch(text -> text.contains("“input.mp4”")),
                ours.statements().toString());
    }

    @Test
    void aContinuedClipIsValidWithItsParentItsComponentAndItsInput() throws Exception {
        Path parent = signed("parent.mp4", authority.credential(SignatureAlgorithm.ES384));
        Path behind = clip(folder.resolve("behind.mp4"));
        Path input = signed("key.mp4", authority.credential(SignatureAlgorithm.ES256));
        Path file = clip(folder.resolve("longer.mp4"));
        ManifestDescription base = description(List.of());
        embedder()
                .embed(
                        file,
                        new ManifestDescription(
                                base.title(),
                                base.created(),
                                base.generatorName(),
                                base.generatorVersion(),
                                base.disclosure(),
                                base.softBinding(),
                                base.duration(),
                                base.thumbnail(),
                                List.of(
                                        new ManifestDescription.Ingredient(
                                                "parent.mp4", "video/mp4", parent, Relationship.PARENT_OF),
                                        new ManifestDescription.Ingredient("key.mp4", "video/mp4", input),
                                        new ManifestDescription.Ingredient(
                                                "behind.mp4", "video/mp4", behind, Relationship.COMPONENT_OF)),
                                new ManifestDescription.Continued(
                                        DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA)),
                        authority.credential(SignatureAlgorithm.ES256));

        Judges.Verdict theirs = judges.ask(file, Optional.of(root));
        assertEquals("Trusted", theirs.state(), theirs.toString());
        assertEquals(Set.of(), theirs.failures());
        Manifest ours = validator(root).validate(file);
        assertEquals("Trusted", ours.state().label(), ours.toString());
    }

    @ParameterizedTest
    @EnumSource(MezzanineCodec.class)
    void aTranscodedMovieIsValidWithItsParent(MezzanineCodec codec) throws Exception {
        VideoFormat format = new VideoFormat(320, 192, 5, 24);
        Path clip = folder.resolve(codec.label() + "-parent.mp4");
        try (FrameSink encoder = VideoEncoders.standard().open(clip, format)) {
            for (int i = 0; i < format.frameCount(); i++) {
                encoder.accept(new VideoFrame(320, 192, ByteBuffer.allocate(3 * 320 * 192)));
            }
        }
        embedder().embed(clip, description(List.of()), authority.credential(SignatureAlgorithm.ES256));
        Path movie = folder.resolve(codec.label() + ".mov");
        new Mezzanine(codec, format, 1, "01:00:00:00", "REEL").write(clip, movie, done -> {});
        embedder()
                .embed(
                        movie,
                        description(List.of(new ManifestDescription.Ingredient(
                                "clip.mp4", "video/mp4", clip, Relationship.PARENT_OF))),
                        authority.credential(SignatureAlgorithm.ES256));

        Judges.Verdict theirs = judges.ask(movie, Optional.of(root));
        assertEquals("Trusted", theirs.state(), theirs.toString());
        assertEquals(Set.of(), theirs.failures());
        Manifest ours = validator(root).validate(movie);
        assertEquals("Trusted", ours.state().label(), ours.toString());

        byte[] bytes = Files.readAllBytes(movie);
        bytes[bytes.length - 1] ^= 1;
        assertSameVerdict(Files.write(movie, bytes), "Invalid", "assertion.bmffHash.mismatch");
    }
}
