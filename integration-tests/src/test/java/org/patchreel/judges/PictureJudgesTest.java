package org.patchreel.judges;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.PictureFormat;
import org.patchreel.impl.c2pa.SignedPicture;
import org.patchreel.impl.c2pa.SignedPicture.Binding;
import org.patchreel.impl.c2pa.TamperedFiles;
import org.patchreel.impl.c2pa.TamperedPictures;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

/** Signed pictures of every format, whole and tampered with: our validator must come to the verdict of c2pa-rs. */
@Timeout(600)
class PictureJudgesTest extends JudgedTest {
    private static final byte[] NO_THUMBNAIL = new byte[100];

    /** Of two segments in a JPEG file. */
    private static final byte[] LARGE_THUMBNAIL = new byte[50_000];

    /**
     * Of a JPEG file with hashes of its parts: c2pa-rs lets pass a second manifest store, and parts that are not listed behind
     * those that are. C2PA 2.2 (15.12.3) does not.
     */
    private static final Set<String> BLIND_SPOTS = Set.of(
            "manifest twice",
            "another's manifest ahead",
            "another's manifest behind",
            "the picture once more appended");

    static Stream<Arguments> pictures() {
        return Stream.of(
                Arguments.of(PictureFormat.JPEG, Binding.DATA),
                Arguments.of(PictureFormat.JPEG, Binding.BOXES),
                Arguments.of(PictureFormat.PNG, Binding.DATA),
                Arguments.of(PictureFormat.PNG, Binding.BOXES),
                Arguments.of(PictureFormat.GIF, Binding.DATA),
                Arguments.of(PictureFormat.GIF, Binding.BOXES),
                Arguments.of(PictureFormat.WEBP, Binding.DATA),
                Arguments.of(PictureFormat.AVI, Binding.DATA),
                Arguments.of(PictureFormat.WAV, Binding.DATA),
                Arguments.of(PictureFormat.TIFF, Binding.DATA),
                Arguments.of(PictureFormat.BIG_TIFF, Binding.DATA),
                Arguments.of(PictureFormat.AVIF, Binding.BMFF),
                Arguments.of(PictureFormat.HEIC, Binding.BMFF));
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void signedAndTamperedPicturesHaveTheSameStateAndFailures(PictureFormat format, Binding binding) throws Exception {
        ManifestValidator nobody = validator();
        ManifestValidator trusting = validator(root);
        byte[] thumbnail = format == PictureFormat.JPEG ? LARGE_THUMBNAIL : NO_THUMBNAIL;
        SignedPicture genuine =
                SignedPicture.sign(format, binding, thumbnail, authority.credential(SignatureAlgorithm.ES256));
        SignedPicture other = SignedPicture.sign(
                format, binding, thumbnail, new CertificateAuthority("Other").credential(SignatureAlgorithm.ES256));
        Path file = folder.resolve(binding + "." + format.fileExtension());

        Files.write(file, genuine.bytes());
        assertEquals("Trusted", judges.ask(file, Optional.of(root)).state());
        assertEquals("Trusted", trusting.validate(file).state().label());
        assertEquals("Valid", judges.ask(file, Optional.empty()).state());
        assertEquals("Valid", nobody.validate(file).state().label());

        List<String> disagreements = new ArrayList<>();
        int invalid = 0;
        for (TamperedFiles.Variant variant : TamperedPictures.of(genuine, other)) {
            Files.write(file, variant.bytes());
            Judges.Verdict theirs = judges.ask(file, Optional.empty());
            Manifest ours = nobody.validate(file);
            if (theirs.state().equals("Invalid")) {
                invalid++;
            }
            if (format == PictureFormat.JPEG && binding == Binding.BOXES && BLIND_SPOTS.contains(variant.name())) {
                assertEquals("Valid", theirs.state(), variant.name());
                assertEquals("Invalid", ours.state().label(), variant.name());
                continue;
            }
            disagreement(variant, theirs, ours).ifPresent(text -> disagreements.add(variant.name() + ": " + text));
        }
        assertEquals(List.of(), disagreements);
        assertTrue(invalid >= 40, invalid + " variants are invalid");
    }

    @ParameterizedTest
    @CsvSource({"JPEG,jpeg,0", "JPEG,jpeg,200000", "PNG,png,0", "PNG,png,200000"})
    void picturesThatWeSignAreTrustedUntilAByteIsChanged(PictureFormat format, String encoding, int thumbnail)
            throws Exception {
        Path file = folder.resolve("ours-" + thumbnail + "." + format.fileExtension());
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 48; i++) {
            image.setRGB(i % 64, i / 64, i * 0x010305);
        }
        ImageIO.write(image, encoding, file.toFile());
        int plain = Math.toIntExact(Files.size(file));
        ManifestEmbedder embedder = new ManifestEmbedder(validator());
        for (int round = 0; round < 2; round++) { // the second replaces the manifest of the first
            ManifestDescription unstated = description(thumbnail);
            embedder.embed(
                    file,
                    round == 0 ? unstated : ManifestJudgesTest.stating(unstated),
                    authority.credential(SignatureAlgorithm.ES256));
            assertEquals(
                    new Judges.Verdict("Trusted", Set.of(), Optional.empty()), judges.ask(file, Optional.of(root)));
            assertEquals("Trusted", validator(root).validate(file).state().label());
            assertEquals("Valid", judges.ask(file, Optional.empty()).state());
            assertEquals("Valid", validator().validate(file).state().label());
            assertEquals(new Judges.SecondVerdict(true, Set.of()), judges.askSecond(file));
        }
        byte[] signed = Files.readAllBytes(file);
        assertTrue(signed.length - plain > thumbnail);
        for (int position : new int[] {signed.length - plain / 3, signed.length - 30}) {
            byte[] changed = signed.clone();
            changed[position] ^= 1; // of the pixels
            Files.write(file, changed);
            Judges.Verdict verdict = judges.ask(file, Optional.of(root));
            assertEquals("Invalid", verdict.state());
            assertEquals(Set.of("assertion.dataHash.mismatch"), verdict.failures());
            assertEquals("Invalid", validator(root).validate(file).state().label());
            assertFalse(judges.askSecond(file).valid());
        }
    }

    private static ManifestDescription description(int thumbnail) throws IOException {
        ManifestDescription plain = ManifestJudgesTest.description(List.of());
        Path file = folder.resolve("thumbnail-" + thumbnail + ".jpg");
        return new ManifestDescription(
                plain.title(),
                plain.created(),
                plain.generatorName(),
                plain.generatorVersion(),
                plain.disclosure(),
                plain.softBinding(),
                plain.duration(),
                thumbnail == 0 ? Optional.empty() : Optional.of(Files.write(file, new byte[thumbnail])),
                plain.ingredients(),
                plain.intent());
    }

    /** Why our verdict is not that of c2pa-rs. */
    private static Optional<String> disagreement(TamperedFiles.Variant variant, Judges.Verdict theirs, Manifest ours) {
        String state = ours.state().label();
        Set<String> failures = failures(ours);
        if (theirs.error().isPresent() && !carriesStore(variant.bytes()) && state.equals("none")) {
            return Optional
                    .empty(); // for c2pa-rs, a file that is not well-formed is an error, be there a manifest or not
        }
        if (theirs.error().isPresent() && state.equals("not read")) {
            return Optional.empty(); // the file's format is not recognised any more; c2pa-rs was told it
        }
        if (!theirs.state().equals(state)) {
            return Optional.of("they say " + theirs + ", we say " + state
                    + ours.codes().stream()
                            .filter(status -> status.outcome() == Outcome.FAILURE)
                            .toList());
        }
        if (theirs.error().isPresent() || failures.stream().anyMatch(ManifestJudgesTest.LAST::contains)) {
            return Optional.empty();
        }
        Set<String> codes = new TreeSet<>(theirs.failures());
        codes.removeAll(ManifestJudgesTest.OF_DECODERS);
        failures.removeAll(ManifestJudgesTest.OF_DECODERS);
        return codes.equals(failures) ? Optional.empty() : Optional.of("they say " + codes + ", we say " + failures);
    }

    /** {@return whether the description of a manifest store stands in a file} */
    private static boolean carriesStore(byte[] bytes) {
        return new String(bytes, ISO_8859_1).contains("jumdc2pa\0\21\0\20");
    }

    /** {@return codes of what failed; c2pa-rs does not tell a box that is unknown from one that was changed} */
    private static Set<String> failures(Manifest manifest) {
        return manifest.codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                .map(code -> code.equals("assertion.boxesHash.unknownBox") ? "assertion.boxesHash.mismatch" : code)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
