package org.patchreel.api;

import java.util.Objects;

/** A picture or clip that a request refers to. */
public sealed interface Media {

    /** {@return what people call it, for messages} */
    String name();

    /**
     * Handles each kind.
     *
     * @param asset if it is an asset's clip
     * @param upload if it was put into the {@link SourceStore}
     * @param <R> what the branches return
     * @param <X> what they throw
     * @return what the branch of this kind returns
     * @throws X as the branch of this kind does
     */
    <R, X extends Exception> R fold(
            Branch<? super Asset, ? extends R, ? extends X> asset,
            Branch<? super Upload, ? extends R, ? extends X> upload)
            throws X;

    /**
     * The clip of an asset of this installation.
     *
     * @param id of the asset
     */
    record Asset(String id) implements Media {

        /**
         * Checks the ID.
         *
         * @throws IllegalArgumentException if it cannot be an asset's; the message names it
         */
        public Asset {
            AssetId.check(id);
        }

        @Override
        public String name() {
            return id;
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Asset, ? extends R, ? extends X> asset,
                Branch<? super Upload, ? extends R, ? extends X> upload)
                throws X {
            return asset.apply(this);
        }
    }

    /**
     * A file that was put into the {@link SourceStore}.
     *
     * @param sha256 of its content, 64 lower-case hexadecimal digits
     * @param name what people call the file, for messages and for the list of what a clip was made of; not blank, at most
     *     {@value #MAX_NAME_LENGTH} characters
     */
    record Upload(String sha256, String name) implements Media {

        /** Maximum length of a name in UTF-16 units. */
        public static final int MAX_NAME_LENGTH = 255;

        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if the digest is none, or the name is blank or too long
         */
        public Upload {
            Objects.requireNonNull(sha256, "sha256");
            Objects.requireNonNull(name, "name");
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("not a SHA-256 in 64 lower-case hexadecimal digits: " + sha256);
            }
            if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
                throw new IllegalArgumentException(
                        "the name of a file has 1 to " + MAX_NAME_LENGTH + " characters, not " + name.length());
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Asset, ? extends R, ? extends X> asset,
                Branch<? super Upload, ? extends R, ? extends X> upload)
                throws X {
            return upload.apply(this);
        }
    }
}
