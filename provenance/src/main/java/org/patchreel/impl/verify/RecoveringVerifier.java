package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Conclusion;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.impl.c2pa.aigc.AigcLabel;
import org.patchreel.impl.c2pa.validation.ExaminedManifest;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.fingerprint.FingerprintMatcher;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Effort;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Match;
import org.patchreel.impl.media.MediaException;
import org.patchreel.impl.watermark.MarkReader;
import org.patchreel.impl.watermark.SharingWatermarker;
import org.patchreel.spi.Watermarker;

/**
 * Examines a file in four steps: the manifest that it carries, and whether it is one that is stored here; the clips whose
 * pictures it shows; marks in its pictures, those of these clips and others; and whether the pictures are those of the
 * clips that the marks lead to. Nothing that anybody can copy is taken for provenance: a manifest's label is public, and a
 * mark can be carried over to other pictures. What proves each sentence is listed in the package's description.
 */
@Component(service = ProvenanceVerifier.class)
public final class RecoveringVerifier implements ProvenanceVerifier {

    /** Clips that look like the file by their keys and are compared with it. */
    private static final int COMPARED = 16;

    /** Before the further files that were made of them; the sort is stable. */
    private static final Comparator<StoredManifest> CLIPS_FIRST = Comparator.comparing(StoredManifest::isFurther);

    private final Watermarker watermarker;
    private final ManifestExaminer manifests;
    private final PictureReader reader;
    private final ManifestRepository store;
    private final FingerprintMatcher matcher = new FingerprintMatcher();

    /**
     * Creates a verifier.
     *
     * @param watermarker finds marks
     * @param validator of manifests
     * @param store remembers the clips of this installation
     */
    @Activate
    public RecoveringVerifier(
            @Reference Watermarker watermarker,
            @Reference ManifestValidator validator,
            @Reference ManifestRepository store) {
        this(watermarker, new ValidatedManifests(validator), new LumaPictures(), store);
    }

    RecoveringVerifier(
            Watermarker watermarker, ManifestExaminer manifests, PictureReader reader, ManifestRepository store) {
        this.watermarker = watermarker;
        this.manifests = manifests;
        this.reader = reader;
        this.store = store;
    }

    @Override
    public ProvenanceReport verify(Path file) throws IOException {
        checkReadable(Objects.requireNonNull(file, "file"));
        ExaminedManifest embedded = manifests.examine(file);
        Manifest manifest = embedded.report();
        List<FilePictures> pictures = List.of();
        Optional<MarkReader> shared =
                watermarker instanceof SharingWatermarker sharing ? Optional.of(sharing.reader()) : Optional.empty();
        String unreadable = "";
        try {
            pictures = reader.read(file, shared.stream().toList());
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            unreadable = reason(e);
        }
        Map<StoredManifest, Match> alike = alike(pictures);
        Set<String> expected = new LinkedHashSet<>();
        alike.keySet().stream()
                .map(StoredManifest::watermarkHex)
                .filter(mark -> !mark.isEmpty()) // some clips are signed and not marked
                .forEach(expected::add);
        List<Mark> marks = List.of();
        if (unreadable.isEmpty()) {
            try {
                // the marks of the clips that it looks like are seen where they are too weak to be read
                marks = shared.isPresent() ? shared.get().marks(file, expected) : watermarker.detect(file, expected);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                unreadable = reason(e);
            }
        }
        List<StoredManifest> labelled = bound(manifest) ? store.findByLabel(manifest.label()) : List.of();
        Optional<StoredManifest> carried = labelled.stream()
                .filter(clip -> manifests.examineStore(clip.manifest()).isSameAs(embedded))
                .findFirst();
        List<Candidate> candidates = candidates(carried, marks, pictures, alike);
        Verdict verdict = verdict(manifest, marks, candidates);
        Conclusion conclusion = switch (verdict) {
            case SIGNED -> Sentence.signed(manifest, labelled, candidates);
            case INVALID -> Sentence.invalid(manifest, candidates);
            case RECOVERED -> Sentence.recovered(manifest, candidates);
            case POSSIBLE_COPY -> Sentence.possibleCopy(manifest, candidates, unknown(marks, candidates));
            case UNKNOWN -> Sentence.unknown(manifest, unreadable);
        };
        return new ProvenanceReport(
                verdict,
                conclusion,
                manifest,
                new Watermark(marks),
                candidates.stream().map(Candidate::report).toList(),
                AigcLabel.of(file).map(AigcLabel::fields).orElse(Map.of()));
    }

    @Override
    public ContentCredentials contentCredentials(Path file) throws IOException {
        checkReadable(Objects.requireNonNull(file, "file"));
        return manifests.contentCredentials(file);
    }

    private static void checkReadable(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a folder");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "is not a regular file");
        }
        if (!Files.isReadable(file)) {
            throw new AccessDeniedException(file.toString(), null, "may not be read");
        }
    }

    /** Whether the manifest holds, and its hash is that of the file. */
    private static boolean bound(Manifest manifest) {
        return manifest.state() == ManifestState.VALID || manifest.state() == ManifestState.TRUSTED;
    }

    private static Verdict verdict(Manifest manifest, List<Mark> marks, List<Candidate> candidates) {
        return switch (manifest.state()) {
            case TRUSTED, VALID -> Verdict.SIGNED;
            case INVALID -> Verdict.INVALID;
            case UNREAD, NONE -> withoutManifest(marks, candidates);
        };
    }

    private static Verdict withoutManifest(List<Mark> marks, List<Candidate> candidates) {
        if (candidates.stream().anyMatch(Candidate::isProved)) {
            return Verdict.RECOVERED;
        }
        return marks.isEmpty() && candidates.isEmpty() ? Verdict.UNKNOWN : Verdict.POSSIBLE_COPY;
    }

    /** The clips whose pictures the file shows, and where. */
    private Map<StoredManifest, Match> alike(List<FilePictures> pictures) throws IOException {
        Map<StoredManifest, Match> alike = new LinkedHashMap<>();
        for (FilePictures each : pictures) {
            for (StoredManifest clip : store.findByPictures(each, COMPARED)) {
                matcher.match(each, clip.fingerprint(), Effort.WHOLE)
                        .ifPresent(match -> alike.putIfAbsent(clip, match));
            }
        }
        return alike;
    }

    /**
     * Clips that the file's own manifest, its marks or its pictures lead to, the best proved first. A clip and the further
     * files that were made of it count once.
     */
    private List<Candidate> candidates(
            Optional<StoredManifest> carried,
            List<Mark> marks,
            List<FilePictures> pictures,
            Map<StoredManifest, Match> alike)
            throws IOException {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        carried.ifPresent(clip ->
                candidates.put(clip.assetId(), candidate(clip, true, marks, match(clip, pictures, Effort.WHOLE))));
        for (Mark mark : marks) {
            List<StoredManifest> marked =
                    new ArrayList<>(store.findByWatermark(HexFormat.of().parseHex(mark.id())));
            marked.sort(CLIPS_FIRST);
            for (StoredManifest clip : marked) {
                candidates.computeIfAbsent(
                        clip.assetId(), id -> candidate(clip, false, marks, match(clip, pictures, Effort.PARTS)));
            }
        }
        List<StoredManifest> shown = new ArrayList<>(alike.keySet());
        shown.sort(CLIPS_FIRST);
        for (StoredManifest clip : shown) {
            candidates.computeIfAbsent(
                    clip.assetId(), id -> candidate(clip, false, marks, Optional.ofNullable(alike.get(clip))));
        }
        List<Candidate> sorted = new ArrayList<>(candidates.values());
        sorted.sort(Candidate.BEST_FIRST);
        return sorted;
    }

    /** Whole pictures and those without bars first: parts of them are looked for only where these are not close. */
    private Optional<Match> match(StoredManifest clip, List<FilePictures> pictures, Effort effort) {
        Optional<Match> whole = first(clip, pictures, Effort.WHOLE);
        if (effort == Effort.WHOLE || whole.filter(Match::isClose).isPresent()) {
            return whole;
        }
        return first(clip, pictures, effort)
                .filter(part -> whole.filter(part::isNoBetterThan).isEmpty())
                .or(() -> whole);
    }

    private Optional<Match> first(StoredManifest clip, List<FilePictures> pictures, Effort effort) {
        return pictures.stream()
                .flatMap(each -> matcher.match(each, clip.fingerprint(), effort).stream())
                .findFirst();
    }

    private Candidate candidate(StoredManifest clip, boolean carried, List<Mark> marks, Optional<Match> match) {
        boolean markRead = marks.stream()
                .filter(mark -> mark.id().equalsIgnoreCase(clip.watermarkHex()))
                .anyMatch(mark -> match.isEmpty()
                        || match.get().ranges().stream().anyMatch(range -> overlap(mark.range(), range.file())));
        return new Candidate(
                clip,
                carried,
                markRead,
                match,
                manifests.examineStore(clip.manifest()).report());
    }

    private static boolean overlap(TimeRange one, TimeRange other) {
        return one.start().compareTo(other.end()) <= 0 && other.start().compareTo(one.end()) <= 0;
    }

    private static List<String> unknown(List<Mark> marks, List<Candidate> candidates) {
        return marks.stream()
                .map(Mark::id)
                .distinct()
                .filter(id -> candidates.stream()
                        .noneMatch(candidate -> candidate.clip().watermarkHex().equalsIgnoreCase(id)))
                .toList();
    }

    /** Why the file cannot be decoded, in one line. */
    private static String reason(IOException failure) {
        String reason = failure instanceof MediaException media ? media.reason() : String.valueOf(failure.getMessage());
        return reason.replaceAll("\\s*\\R\\s*", " ");
    }
}
