package org.patchreel.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.ProvenanceReport.Status.Outcome;

/**
 * What is proved of a file's origin. A report never says that a file was not made by an AI system: nothing can prove that.
 *
 * @param verdict the outcome in one word
 * @param conclusion the outcome in one sentence, which claims no more than is proved
 * @param manifest the C2PA manifest that the file carries
 * @param watermark the mark in its pictures
 * @param recovered what this installation remembers of clips with this manifest, such a mark or such pictures: the one
 *     whose manifest the file carries first, then those that mark and pictures both lead to, then those that more of the
 *     file shows
 * @param aigc the fields of the metadata {@code AIGC} (GB 45438-2025) in the file, by their names there; empty if it has none. The
 *     file says that, and it is proved as far as the manifest holds, which is bound to these bytes, too
 */
public record ProvenanceReport(
        Verdict verdict,
        Conclusion conclusion,
        Manifest manifest,
        Watermark watermark,
        List<Recovered> recovered,
        Map<String, String> aigc) {

    /** The fields that metadata {@code AIGC} may have. */
    public static final List<String> AIGC_FIELDS = List.of(
            "Label",
            "ContentProducer",
            "ProduceID",
            "ReservedCode1",
            "ContentPropagator",
            "PropagateID",
            "ReservedCode2");

    /** Keeps the order of the fields. */
    public ProvenanceReport {
        aigc = Collections.unmodifiableMap(new LinkedHashMap<>(aigc));
    }

    /**
     * A report on a file without metadata {@code AIGC}.
     *
     * @param verdict the outcome in one word
     * @param sentence the outcome in one sentence
     * @param manifest the C2PA manifest that the file carries
     * @param watermark the mark in its pictures
     * @param recovered what this installation remembers
     */
    public ProvenanceReport(
            Verdict verdict, String sentence, Manifest manifest, Watermark watermark, List<Recovered> recovered) {
        this(verdict, new Conclusion(sentence, List.of()), manifest, watermark, recovered, Map.of());
    }

    /** {@return the outcome in one sentence, in English, which claims no more than is proved} */
    public String sentence() {
        return conclusion.sentence();
    }

    /** Whose work the file is proved to be. */
    public enum Origin {
        /**
         * This installation made it: it carries the very manifest that is stored of one of its clips, or watermark and
         * pictures both lead to one.
         */
        THIS_INSTALLATION,
        /** Its manifest was signed by a signer on this installation's trust list. */
        TRUSTED_SIGNER,
        /** Nothing of that: a valid manifest alone names a signer, and anybody can make a certificate in any name. */
        NOT_PROVED;

        /** {@return the name in lower case with hyphens, for JSON} */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** {@return whose work the file is proved to be} */
    public Origin origin() {
        boolean carried = recovered.stream().anyMatch(Recovered::manifestCarried);
        return switch (verdict) {
            case RECOVERED -> Origin.THIS_INSTALLATION;
            case SIGNED ->
                carried
                        ? Origin.THIS_INSTALLATION
                        : manifest.state() == ManifestState.TRUSTED ? Origin.TRUSTED_SIGNER : Origin.NOT_PROVED;
            case POSSIBLE_COPY, UNKNOWN, INVALID -> Origin.NOT_PROVED;
        };
    }

    /**
     * This report as named values, which every form of it for programs has: {@code verify --json}, and what is answered over
     * HTTP. A value is a {@link String}, a {@link Double}, a {@link Boolean}, null, a {@link List} or another such map. Times are in seconds.
     *
     * @return the values, in the order in which they are written
     */
    public Map<String, Object> values() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("verdict", verdict().label());
        json.put("origin", origin().label());
        json.put("sentence", sentence());
        if (!conclusion.clauses().isEmpty()) {
            json.put(
                    "clauses",
                    conclusion.clauses().stream()
                            .map(clause -> Map.of("name", clause.name(), "values", clause.values()))
                            .toList());
        }
        json.put("manifest", values(manifest));
        Map<String, Object> marked = new LinkedHashMap<>();
        marked.put("state", watermark.state());
        marked.put(
                "marks",
                watermark().marks().stream().map(ProvenanceReport::mark).toList());
        json.put("watermark", marked);
        List<Map<String, Object>> clips =
                recovered().stream().map(ProvenanceReport::recovered).toList();
        @Nullable Object first = clips.isEmpty() ? null : clips.get(0);
        json.put("recovered", first);
        json.put("furtherClips", clips.subList(Math.min(1, clips.size()), clips.size()));
        if (!aigc.isEmpty()) {
            json.put("aigc", aigc);
        }
        return json;
    }

    private static Map<String, Object> values(Manifest manifest) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", manifest.state().label());
        json.put("codes", manifest.codes().stream().map(Status::code).toList());
        json.put(
                "failures",
                manifest.codes().stream()
                        .filter(status -> status.outcome() == Outcome.FAILURE)
                        .map(Status::code)
                        .toList());
        json.put(
                "findings",
                manifest.codes().stream().map(ProvenanceReport::finding).toList());
        json.put("label", manifest.label());
        json.put("signer", manifest.signer());
        json.put("signedAt", manifest.signedAt().map(Instant::toString).orElse(null));
        json.put("statements", manifest.statements());
        json.put(
                "softBindings",
                manifest.softBindings().stream()
                        .map(binding -> Map.of("algorithm", binding.algorithm(), "value", binding.value()))
                        .toList());
        json.put(
                "ingredients",
                manifest.ingredients().stream()
                        .map(ProvenanceReport::ingredient)
                        .toList());
        return json;
    }

    private static Map<String, Object> ingredient(Ingredient ingredient) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("relationship", ingredient.relationship().label());
        json.put("title", ingredient.title());
        json.put("format", ingredient.format());
        json.put("label", ingredient.label());
        json.put("signer", ingredient.signer());
        json.put("failures", ingredient.failures());
        json.put(
                "ingredients",
                ingredient.ingredients().stream()
                        .map(ProvenanceReport::ingredient)
                        .toList());
        return json;
    }

    private static Map<String, Object> finding(Status status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", status.code());
        json.put("outcome", status.outcome().name().toLowerCase(Locale.ROOT));
        json.put("url", status.url());
        json.put("explanation", status.explanation());
        return json;
    }

    private static Map<String, Object> mark(Mark mark) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", mark.id());
        json.put("start", seconds(mark.range().start()));
        json.put("end", seconds(mark.range().end()));
        return json;
    }

    private static Map<String, Object> recovered(Recovered clip) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("assetId", clip.assetId());
        json.put("manifestLabel", clip.manifestLabel());
        json.put("watermarkId", clip.watermarkId());
        json.put("manifestCarried", clip.manifestCarried());
        json.put("markFound", clip.markFound());
        json.put("ranges", clip.ranges().stream().map(ProvenanceReport::range).toList());
        json.put("similarity", Math.round(1000 * clip.similarity()) / 1000.0);
        json.put("statements", clip.statements());
        return json;
    }

    private static Map<String, Object> range(MatchedRange range) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("start", seconds(range.file().start()));
        json.put("end", seconds(range.file().end()));
        json.put("clipStart", seconds(range.clip().start()));
        json.put("clipEnd", seconds(range.clip().end()));
        return json;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    /**
     * The outcome in one sentence, and what it is made of.
     *
     * @param sentence in English
     * @param clauses the parts of the sentence in their order, for programs that say it in another language; empty if they are
     *     not told. A program that does not know one of them shows the sentence as it is
     */
    public record Conclusion(String sentence, List<Clause> clauses) {

        /** Copies the list. */
        public Conclusion {
            clauses = List.copyOf(clauses);
        }
    }

    /**
     * A part of a sentence.
     *
     * @param name which one, in lower case with hyphens, for example {@code no-manifest}
     * @param values what it names, such as {@code asset} or {@code signer}; times are written as in the sentence
     */
    public record Clause(String name, Map<String, String> values) {

        /** Copies the values. */
        public Clause {
            values = Map.copyOf(values);
        }
    }

    /** The outcome. */
    public enum Verdict {
        /**
         * The file carries a manifest that is valid and bound to these bytes. Whether that proves an origin is what {@link
         * #origin()} says.
         */
        SIGNED,
        /** No manifest of it was read, but its mark leads to a stored manifest, and its pictures are those of that clip. */
        RECOVERED,
        /** Either the mark or the pictures of a clip of ours, but not both. */
        POSSIBLE_COPY,
        /** Nothing is known of it. */
        UNKNOWN,
        /** It carries a manifest that is not valid, or not of these bytes. */
        INVALID;

        /** {@return the name in lower case with hyphens, for JSON} */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The state of an embedded manifest, in the words of C2PA's validators. */
    public enum ManifestState {
        /** Valid, and its signer is on the trust list. */
        TRUSTED("Trusted"),
        /** Well-formed, signed, and bound to these bytes; its signer is on no trust list. */
        VALID("Valid"),
        /** Something does not hold; the codes say what. */
        INVALID("Invalid"),
        /** There may be one, and it was not read: its format is not, or it is elsewhere; the finding says which. */
        UNREAD("not read"),
        /** The file carries no manifest. */
        NONE("none");

        private final String label;

        ManifestState(String label) {
            this.label = label;
        }

        /** {@return the state as C2PA's validators write it} */
        public String label() {
            return label;
        }
    }

    /**
     * One finding of the validation.
     *
     * @param code C2PA's status code, for example {@code assertion.bmffHash.mismatch} (<a
     *     href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_validation_status_codes">C2PA
     *     2.2, Standard Status Codes</a>)
     * @param outcome success, informational or failure
     * @param url JUMBF URI of what it is about; may be empty
     * @param explanation in words
     */
    public record Status(String code, Outcome outcome, String url, String explanation) {

        /** The kinds of findings. */
        public enum Outcome {
            /** What was checked holds. */
            SUCCESS,
            /** Worth knowing, without effect on the state. */
            INFORMATIONAL,
            /** What was checked does not hold. */
            FAILURE
        }
    }

    /**
     * A C2PA manifest that a file carries.
     *
     * @param state of the active manifest
     * @param codes all findings, in the order of the checks
     * @param label of the active manifest, {@code urn:c2pa:…}; empty if there is none
     * @param signer subject of the signing certificate, for people; empty if it could not be read
     * @param signedAt time of a valid trusted timestamp
     * @param statements what the manifest says, in plain words, a sentence each; said by the signer, not proved
     * @param softBindings what the manifest's soft-binding assertions name
     * @param ingredients what the file was made of; said by the signer, not proved. At most 200 with those of ingredients, eight deep
     */
    public record Manifest(
            ManifestState state,
            List<Status> codes,
            String label,
            String signer,
            Optional<Instant> signedAt,
            List<String> statements,
            List<SoftBinding> softBindings,
            List<Ingredient> ingredients) {

        /**
         * A manifest that names no ingredients.
         *
         * @param state as above
         * @param codes as above
         * @param label as above
         * @param signer as above
         * @param signedAt as above
         * @param statements as above
         * @param softBindings as above
         */
        public Manifest(
                ManifestState state,
                List<Status> codes,
                String label,
                String signer,
                Optional<Instant> signedAt,
                List<String> statements,
                List<SoftBinding> softBindings) {
            this(state, codes, label, signer, signedAt, statements, softBindings, List.of());
        }

        /** {@return the report on a file without a manifest} */
        public static Manifest none() {
            return new Manifest(ManifestState.NONE, List.of(), "", "", Optional.empty(), List.of(), List.of());
        }
    }

    /**
     * What a file was made of, as its manifest says (<a
     * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#ingredient_assertion">C2PA 2.2,
     * 18.15</a>).
     *
     * @param relationship what it is to the file
     * @param title for people; empty if it has none
     * @param format its media type; empty if it is not told
     * @param label of the manifest that it carried; empty if it carried none
     * @param signer of that manifest, for people; empty if there is none, or it is not in the file
     * @param failures codes of what was found not to hold when it was used, the first few
     * @param ingredients what it was made of in turn
     */
    public record Ingredient(
            Relationship relationship,
            String title,
            String format,
            String label,
            String signer,
            List<String> failures,
            List<Ingredient> ingredients) {

        /** What an ingredient is to the file. */
        public enum Relationship {
            /** The file was made from it. */
            PARENT_OF("parentOf"),
            /** It is a part of the file. */
            COMPONENT_OF("componentOf"),
            /** It was given to a model as input. */
            INPUT_TO("inputTo");

            private final String label;

            Relationship(String label) {
                this.label = label;
            }

            /** {@return C2PA's word for it} */
            public String label() {
                return label;
            }
        }
    }

    /**
     * What leads from pictures back to a manifest.
     *
     * @param algorithm its name in the assertion
     * @param value hexadecimal
     */
    public record SoftBinding(String algorithm, String value) {}

    /**
     * The watermark of a file.
     *
     * @param marks those of this installation's keys; none of them proves anything alone, because a mark can be carried
     *     over to other pictures
     */
    public record Watermark(List<Mark> marks) {

        /** {@return {@code ours} if a mark was found, else {@code none}} */
        public String state() {
            return marks.isEmpty() ? "none" : "ours";
        }
    }

    /**
     * A mark whose message authentication code is right.
     *
     * @param id 16 hexadecimal digits
     * @param range where in the file it was read
     */
    public record Mark(String id, TimeRange range) {}

    /**
     * A stored clip.
     *
     * @param assetId the asset's ID
     * @param manifestLabel of its stored manifest
     * @param watermarkId 16 hexadecimal digits
     * @param manifestCarried whether the file carries this clip's stored manifest, byte for byte, and that manifest is
     *     bound to the file's bytes: this installation made and signed the file
     * @param markFound whether its mark was read in the file
     * @param ranges seconds of the file whose pictures are those of the clip; empty if the mark alone led here
     * @param similarity of the pictures within the ranges, 0 to 1
     * @param statements what the stored manifest says, in plain words
     */
    public record Recovered(
            String assetId,
            String manifestLabel,
            String watermarkId,
            boolean manifestCarried,
            boolean markFound,
            List<MatchedRange> ranges,
            double similarity,
            List<String> statements) {}

    /**
     * A stretch of time.
     *
     * @param start from the first frame's time
     * @param end not before start
     */
    public record TimeRange(Duration start, Duration end) {
        /** {@return whether it has no length, as a still has none} */
        public boolean isInstant() {
            return start.equals(end);
        }
    }

    /**
     * A stretch of a file and the stretch of the stored clip that it shows.
     *
     * @param file in the file
     * @param clip in the stored clip
     */
    public record MatchedRange(TimeRange file, TimeRange clip) {}
}
