package org.patchreel.workflow;

import org.patchreel.api.Branch;

/** Where a step's prompt comes from. */
public sealed interface PromptSource {

    /**
     * Handles each source.
     *
     * @param text if it is the step's own argument
     * @param property if it is a property
     * @param asset if it is a text asset
     * @param payload if it is the payload
     * @param <R> what the branches return
     * @param <X> what they throw
     * @return what the branch of this source returns
     * @throws X as the branch of this source does
     */
    <R, X extends Exception> R fold(
            Branch<? super Text, ? extends R, ? extends X> text,
            Branch<? super Property, ? extends R, ? extends X> property,
            Branch<? super Asset, ? extends R, ? extends X> asset,
            Branch<? super Payload, ? extends R, ? extends X> payload)
            throws X;

    /**
     * The step's own argument.
     *
     * @param template text with placeholders, see {@link Template}
     */
    record Text(Template template) implements PromptSource {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Text, ? extends R, ? extends X> text,
                Branch<? super Property, ? extends R, ? extends X> property,
                Branch<? super Asset, ? extends R, ? extends X> asset,
                Branch<? super Payload, ? extends R, ? extends X> payload)
                throws X {
            return text.apply(this);
        }
    }

    /**
     * A property of the payload's metadata.
     *
     * @param name in the host's terms, for example {@code dc:description}
     */
    record Property(String name) implements PromptSource {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Text, ? extends R, ? extends X> text,
                Branch<? super Property, ? extends R, ? extends X> property,
                Branch<? super Asset, ? extends R, ? extends X> asset,
                Branch<? super Payload, ? extends R, ? extends X> payload)
                throws X {
            return property.apply(this);
        }
    }

    /**
     * A text asset.
     *
     * @param path in the host's terms
     */
    record Asset(String path) implements PromptSource {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Text, ? extends R, ? extends X> text,
                Branch<? super Property, ? extends R, ? extends X> property,
                Branch<? super Asset, ? extends R, ? extends X> asset,
                Branch<? super Payload, ? extends R, ? extends X> payload)
                throws X {
            return asset.apply(this);
        }
    }

    /** The payload, which is a text asset. */
    record Payload() implements PromptSource {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Text, ? extends R, ? extends X> text,
                Branch<? super Property, ? extends R, ? extends X> property,
                Branch<? super Asset, ? extends R, ? extends X> asset,
                Branch<? super Payload, ? extends R, ? extends X> payload)
                throws X {
            return payload.apply(this);
        }
    }
}
