package org.patchreel.spi;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;

/**
 * What happened to a job, an asset or a copy of one. The values of {@link #facts} and {@link #personal} are a {@link String}, a {@link
 * Long}, a {@link Boolean}, a {@link List} or a {@link Map} with strings as keys; none is a decimal number, because these are written in
 * more than one way.
 */
public sealed interface AuditAction {

    /** {@return a name in lower case with hyphens, for records} */
    String type();

    /** {@return what may be kept as long as the record} */
    default Map<String, Object> facts() {
        return Map.of();
    }

    /** {@return what may name or describe a person, beside who did it: must be erasable} */
    default Map<String, Object> personal() {
        return Map.of();
    }

    /** {@return texts that were given to a model, which are personal, too: a sink may keep their digests alone} */
    default List<String> prompts() {
        return List.of();
    }

    /**
     * A clip was asked for; recorded before anything judges it.
     *
     * @param requestSha256 digest of {@link org.patchreel.api.GenerationRequest#canonical}, 64 hexadecimal digits
     * @param model that will make it
     * @param licence of the model, as its files say; empty if they do not
     * @param prompts all texts of the request, prompts as they were given and as a model would read them
     * @param sources what it is to be made of: for each the SHA-256 in 64 hexadecimal digits, and behind a space the ID of the asset
     *     if it is one
     */
    record Submitted(
            String requestSha256, String model, Optional<String> licence, List<String> prompts, List<String> sources)
            implements AuditAction {
        public Submitted {
            prompts = List.copyOf(prompts);
            sources = List.copyOf(sources);
        }

        @Override
        public String type() {
            return "submitted";
        }

        @Override
        public Map<String, Object> facts() {
            return ordered(
                    "request", requestSha256, "model", model, "licence", licence.orElse("unknown"), "sources", sources);
        }
    }

    /** What was judged. */
    enum Stage {
        /** The texts of a request and who asks. */
        PROMPT,
        /** Pictures and clips that a request refers to. */
        SOURCE,
        /** The frames that were made. */
        OUTPUT;

        /** {@return the name in lower case} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Policies have judged.
     *
     * @param stage what was judged
     * @param outcome {@code allowed}, {@code refused} or {@code held}
     * @param rule the ID of the rule that decided; empty if all allowed it
     * @param explanation for people; empty likewise
     * @param file SHA-256 of the made file, if it is not stored for this; the file of a clip that is stored is in {@link Made}
     */
    record Decided(Stage stage, String outcome, String rule, String explanation, Optional<String> file)
            implements AuditAction {

        /**
         * The decision of a policy.
         *
         * @param stage what was judged
         * @param decision about it
         * @return what is recorded
         */
        public static Decided of(Stage stage, PolicyDecision decision) {
            return decision.<Decided, RuntimeException>fold(
                    allowed -> new Decided(stage, "allowed", "", "", Optional.empty()),
                    refused -> new Decided(stage, "refused", refused.rule(), refused.explanation(), Optional.empty()),
                    held -> new Decided(stage, "held", held.rule(), held.explanation(), Optional.empty()));
        }

        /**
         * The same decision about a file.
         *
         * @param sha256 of it, hexadecimal
         * @return what is recorded
         */
        public Decided about(String sha256) {
            return new Decided(stage, outcome, rule, explanation, Optional.of(sha256));
        }

        @Override
        public String type() {
            return "decided";
        }

        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts =
                    ordered("stage", stage.label(), "outcome", outcome, "rule", rule, "explanation", explanation);
            file.ifPresent(digest -> facts.put("file", digest));
            return facts;
        }
    }

    /** Somebody lets a job go on that a policy holds. */
    record Released() implements AuditAction {
        @Override
        public String type() {
            return "released";
        }
    }

    /** Somebody wants a job to be cancelled; {@link Cancelled} says that it is. */
    record CancellationRequested() implements AuditAction {
        @Override
        public String type() {
            return "cancellation-requested";
        }
    }

    /** A job has ended without a clip, because it was cancelled. */
    record Cancelled() implements AuditAction {
        @Override
        public String type() {
            return "cancelled";
        }
    }

    /**
     * A job has ended without a clip.
     *
     * @param reason the label of a {@link org.patchreel.api.GenerationException.Reason}
     * @param message for people; may quote names of files
     */
    record Failed(String reason, String message) implements AuditAction {
        @Override
        public String type() {
            return "failed";
        }

        @Override
        public Map<String, Object> facts() {
            return ordered("reason", reason);
        }

        @Override
        public Map<String, Object> personal() {
            return ordered("message", message);
        }
    }

    /**
     * The files of an asset are complete and signed; recorded before the store shows them to anybody.
     *
     * @param metadata how it was made
     * @param licence of the model, as its files say; empty if they do not
     * @param sha256 of the file that will be delivered, 64 hexadecimal digits
     * @param master SHA-256 of {@link org.patchreel.api.AssetFile#MASTER}, as many; empty if none is kept
     */
    record Made(AssetMetadata metadata, Optional<String> licence, String sha256, Optional<String> master)
            implements AuditAction {
        @Override
        public String type() {
            return "made";
        }

        @Override
        public Map<String, Object> facts() {
            AssetMetadata.Model model = metadata.model();
            Map<String, Object> facts =
                    ordered("sha256", sha256, "kind", metadata.kind().label());
            master.ifPresent(digest -> facts.put("master", digest));
            facts.put(
                    "model",
                    ordered(
                            "name",
                            model.name(),
                            "licence",
                            licence.orElse("unknown"),
                            "family",
                            model.family(),
                            "device",
                            model.device(),
                            "precision",
                            model.precision(),
                            "weights",
                            model.weights().stream()
                                    .map(file -> file.sha256() + " " + file.path())
                                    .toList()));
            facts.put("seed", metadata.sampling().seed());
            facts.put("sources", metadata.sources().stream().map(Made::source).toList());
            facts.put("sourceType", metadata.sourceType().uri());
            facts.put("created", metadata.created().toString());
            facts.put("version", metadata.version());
            metadata.label()
                    .ifPresent(label -> facts.put("label", ordered("text", label.text(), "profile", label.profile())));
            metadata.provenance().watermarkId().ifPresent(id -> facts.put("watermark", id));
            metadata.provenance()
                    .manifest()
                    .ifPresent(manifest -> facts.put(
                            "manifest",
                            ordered(
                                    "label",
                                    manifest.label(),
                                    "signer",
                                    manifest.signer(),
                                    "timestamped",
                                    manifest.timestamped())));
            return facts;
        }

        /** The name of a file may name a person, and is left out. */
        private static Map<String, Object> source(AssetMetadata.SourceUse source) {
            Map<String, Object> facts = ordered("sha256", source.sha256(), "use", source.use());
            source.asset().ifPresent(asset -> facts.put("asset", asset));
            source.trace().watermark().ifPresent(id -> facts.put("watermark", id));
            source.trace().asset().ifPresent(asset -> facts.put("copyOf", asset));
            source.trace().manifest().ifPresent(label -> facts.put("manifest", label));
            return facts;
        }
    }

    /**
     * An asset is in the store.
     *
     * @param location of it, see {@link org.patchreel.api.AssetReference#location}
     */
    record Stored(URI location) implements AuditAction {
        @Override
        public String type() {
            return "stored";
        }

        @Override
        public Map<String, Object> facts() {
            return ordered("location", location.toString());
        }
    }

    /**
     * A person has approved an asset.
     *
     * @param note of that person; may be empty
     */
    record Approved(String note) implements AuditAction {
        @Override
        public String type() {
            return "approved";
        }

        @Override
        public Map<String, Object> personal() {
            return note.isEmpty() ? Map.of() : ordered("note", note);
        }
    }

    /**
     * A person has rejected an asset.
     *
     * @param note of that person; may be empty
     */
    record Rejected(String note) implements AuditAction {
        @Override
        public String type() {
            return "rejected";
        }

        @Override
        public Map<String, Object> personal() {
            return note.isEmpty() ? Map.of() : ordered("note", note);
        }
    }

    /**
     * Copies of an asset are handed over.
     *
     * @param formats that were asked for, in lower case; {@value #MASTER} among them if the clips were without their visible label
     */
    record Exported(List<String> formats) implements AuditAction {

        /** Stands among the formats if the clips were without their visible label. */
        public static final String MASTER = "master";

        public Exported {
            formats = List.copyOf(formats);
        }

        @Override
        public String type() {
            return "exported";
        }

        @Override
        public Map<String, Object> facts() {
            return ordered("formats", formats);
        }
    }

    /** An asset is deleted. */
    record Deleted() implements AuditAction {
        @Override
        public String type() {
            return "deleted";
        }
    }

    /**
     * An asset was taken down: nobody gets it any more, and copies of it are not taken again.
     *
     * @param reason as the operator has given it; names no person
     * @param file SHA-256 of the copy by which the asset was found, 64 hexadecimal digits; empty if its ID was given
     * @param store what the store has done: {@code withdrawn}, {@code missing}, or why it refused
     */
    record TakenDown(String reason, Optional<String> file, String store) implements AuditAction {
        public TakenDown {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String type() {
            return "taken-down";
        }

        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = ordered("reason", reason, "store", store);
            file.ifPresent(digest -> facts.put("file", digest));
            return facts;
        }
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
