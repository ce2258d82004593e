package org.patchreel.impl.c2pa;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.Branch;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.Rights;

/**
 * What a manifest is to say of a clip or a picture.
 *
 * @param title of the file, for people, at most {@value #MAX_TEXT} characters
 * @param created when it was generated or transcoded
 * @param generatorName of the software
 * @param generatorVersion of the software
 * @param disclosure what is said of the model that generated the pictures
 * @param softBinding the watermark in the pictures, if there is one
 * @param duration of the clip; not read for a picture
 * @param thumbnail a JPEG file, at most 1 MiB
 * @param ingredients the pictures and clips that conditioned the generation, or the parent alone
 * @param intent what was done
 * @param label the text that was drawn into the pictures to say what they are, if there is one
 * @param adapters files of the LoRAs that changed the model
 * @param provider of the system that generated it, if one is to be named
 * @param rights what its requester has stated of them
 */
public record ManifestDescription(
        String title,
        Instant created,
        String generatorName,
        String generatorVersion,
        AiDisclosure disclosure,
        Optional<SoftBinding> softBinding,
        Duration duration,
        Optional<Path> thumbnail,
        List<Ingredient> ingredients,
        Intent intent,
        Optional<String> label,
        List<AdapterFile> adapters,
        Optional<AssetMetadata.Provider> provider,
        Rights rights) {

    /** No name needs more; a manifest is not the place for a novel. */
    static final int MAX_TEXT = 1000;

    static final int MAX_INGREDIENTS = 32;

    /**
     * What a manifest is to say of a file whose model no LoRA changed, of a provider that is not named, and of whose rights nothing
     * is stated; see above.
     *
     * @param title see above
     * @param created see above
     * @param generatorName see above
     * @param generatorVersion see above
     * @param disclosure see above
     * @param softBinding see above
     * @param duration see above
     * @param thumbnail see above
     * @param ingredients see above
     * @param intent see above
     * @param label see above
     */
    public ManifestDescription(
            String title,
            Instant created,
            String generatorName,
            String generatorVersion,
            AiDisclosure disclosure,
            Optional<SoftBinding> softBinding,
            Duration duration,
            Optional<Path> thumbnail,
            List<Ingredient> ingredients,
            Intent intent,
            Optional<String> label) {
        this(
                title,
                created,
                generatorName,
                generatorVersion,
                disclosure,
                softBinding,
                duration,
                thumbnail,
                ingredients,
                intent,
                label,
                List.of(),
                Optional.empty(),
                Rights.NONE);
    }

    /**
     * What a manifest is to say of a file without a label; see above.
     *
     * @param title see above
     * @param created see above
     * @param generatorName see above
     * @param generatorVersion see above
     * @param disclosure see above
     * @param softBinding see above
     * @param duration see above
     * @param thumbnail see above
     * @param ingredients see above
     * @param intent see above
     */
    public ManifestDescription(
            String title,
            Instant created,
            String generatorName,
            String generatorVersion,
            AiDisclosure disclosure,
            Optional<SoftBinding> softBinding,
            Duration duration,
            Optional<Path> thumbnail,
            List<Ingredient> ingredients,
            Intent intent) {
        this(
                title,
                created,
                generatorName,
                generatorVersion,
                disclosure,
                softBinding,
                duration,
                thumbnail,
                ingredients,
                intent,
                Optional.empty());
    }

    /** Checks sizes. */
    public ManifestDescription {
        requireText("title", title);
        requireText("generatorName", generatorName);
        requireText("generatorVersion", generatorVersion);
        label.ifPresent(text -> requireText("label", text));
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration: " + duration);
        }
        ingredients = List.copyOf(ingredients);
        adapters = List.copyOf(adapters);
        if (adapters.size() > 2 * Adapter.MAX_COUNT) {
            throw new IllegalArgumentException(
                    adapters.size() + " files of adapters, at most " + 2 * Adapter.MAX_COUNT + " are supported");
        }
        if (ingredients.size() > MAX_INGREDIENTS) {
            throw new IllegalArgumentException(
                    ingredients.size() + " ingredients, at most " + MAX_INGREDIENTS + " are supported");
        }
        intent.check(ingredients);
    }

    /** What was done, from which the manifest's actions follow. */
    public sealed interface Intent {

        /**
         * Refuses ingredients that contradict the intent.
         *
         * @param ingredients of the clip
         * @throws IllegalArgumentException if they do
         */
        void check(List<Ingredient> ingredients);

        /**
         * Handles each intent.
         *
         * @param created if the clip was generated
         * @param continued if generated frames were added to a clip
         * @param transcoded if it was transcoded
         * @param <R> what the branches return
         * @param <X> what they throw
         * @return what the branch of this intent returns
         * @throws X as the branch of this intent does
         */
        <R, X extends Exception> R fold(
                Branch<? super Created, ? extends R, ? extends X> created,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Transcoded, ? extends R, ? extends X> transcoded)
                throws X;
    }

    /**
     * The clip was generated; its ingredients conditioned that.
     *
     * @param sourceType what its pictures come from
     */
    public record Created(DigitalSourceType sourceType) implements Intent {
        @Override
        public void check(List<Ingredient> ingredients) {
            if (!ingredients.stream().allMatch(each -> each.relationship() == Relationship.INPUT_TO)) {
                throw new IllegalArgumentException("a clip that was created has no parent and no components");
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Created, ? extends R, ? extends X> created,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Transcoded, ? extends R, ? extends X> transcoded)
                throws X {
            return created.apply(this);
        }
    }

    /**
     * Generated frames were added to a clip, its parent, or generated parts to its frames; another clip may stand behind them as a
     * component, and pictures may have conditioned the generation.
     *
     * @param sourceType what the pictures of the result come from
     */
    public record Continued(DigitalSourceType sourceType) implements Intent {
        @Override
        public void check(List<Ingredient> ingredients) {
            long parents = ingredients.stream().filter(Ingredient::isParent).count();
            if (parents != 1) {
                throw new IllegalArgumentException("a clip that was continued has one parent, not " + parents);
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Created, ? extends R, ? extends X> created,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Transcoded, ? extends R, ? extends X> transcoded)
                throws X {
            return continued.apply(this);
        }
    }

    /** The clip has the pictures of its parent, which is its only ingredient, in another encoding. */
    public record Transcoded() implements Intent {
        @Override
        public void check(List<Ingredient> ingredients) {
            if (ingredients.size() != 1 || !ingredients.get(0).isParent()) {
                throw new IllegalArgumentException("a clip that is transcoded has no ingredient but its parent");
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Created, ? extends R, ? extends X> created,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Transcoded, ? extends R, ? extends X> transcoded)
                throws X {
            return transcoded.apply(this);
        }
    }

    static void requireText(String name, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(name + ": 1 to " + MAX_TEXT + " characters, not " + text.length()
                    + " that say nothing or too much");
        }
    }

    /**
     * A watermark.
     *
     * @param algorithm its name
     * @param id 8 bytes in hexadecimal
     * @param span of the clip that has it; empty for all of it, and for a picture
     */
    public record SoftBinding(String algorithm, String id, Optional<Span> span) {

        /**
         * A part of a clip.
         *
         * @param start in milliseconds
         * @param end in milliseconds
         */
        public record Span(long start, long end) {
            /** Checks the order. */
            public Span {
                if (start < 0 || end < start) {
                    throw new IllegalArgumentException("not a part of a clip: " + start + " to " + end + " ms");
                }
            }
        }

        /**
         * A watermark in the whole clip.
         *
         * @param algorithm its name
         * @param id 8 bytes in hexadecimal
         */
        public SoftBinding(String algorithm, String id) {
            this(algorithm, id, Optional.empty());
        }

        /** Checks the ID. */
        public SoftBinding {
            requireText("algorithm", algorithm);
            if (!id.matches("[0-9a-fA-F]{16}")) {
                throw new IllegalArgumentException("a watermark's ID is 16 hexadecimal digits: " + id);
            }
        }
    }

    /**
     * A file that the clip was made of. If it carries a manifest, that is taken over.
     *
     * @param title for people
     * @param mediaType for example {@code image/jpeg} or {@code video/mp4}
     * @param file local
     * @param relationship what it is to the clip
     * @param recovered the manifest that its watermark leads to; counts only if the file carries none
     */
    public record Ingredient(
            String title, String mediaType, Path file, Relationship relationship, Optional<Recovered> recovered) {

        /**
         * A manifest that a soft binding leads to.
         *
         * @param store the manifest store
         * @param algorithm of the soft binding
         */
        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        public record Recovered(byte[] store, String algorithm) {}

        /** Checks the names. */
        public Ingredient {
            requireText("title", title);
            if (!mediaType.matches("[a-z]+/[a-z0-9.+-]{1,100}")) {
                throw new IllegalArgumentException("not a media type: " + mediaType);
            }
        }

        /**
         * A file that conditioned the generation.
         *
         * @param title for people
         * @param mediaType for example {@code image/jpeg} or {@code video/mp4}
         * @param file local
         */
        public Ingredient(String title, String mediaType, Path file) {
            this(title, mediaType, file, Relationship.INPUT_TO);
        }

        /**
         * A file that carries its manifest, or has none.
         *
         * @param title for people
         * @param mediaType for example {@code image/jpeg} or {@code video/mp4}
         * @param file local
         * @param relationship what it is to the clip
         */
        public Ingredient(String title, String mediaType, Path file, Relationship relationship) {
            this(title, mediaType, file, relationship, Optional.empty());
        }

        boolean isParent() {
            return relationship == Relationship.PARENT_OF;
        }
    }
}
