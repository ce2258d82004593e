package org.patchreel.workflow;

/** Where a step's prompt comes from. */
public sealed interface PromptSource {

    /**
     * The step's own argument.
     *
     * @param template text with placeholders, see {@link Template}
     */
    record Text(Template template) implements PromptSource {}

    /**
     * A property of the payload's metadata.
     *
     * @param name in the host's terms, for example {@code dc:description}
     */
    record Property(String name) implements PromptSource {}

    /**
     * A text asset.
     *
     * @param path in the host's terms
     */
    record Asset(String path) implements PromptSource {}

    /** The payload, which is a text asset. */
    record Payload() implements PromptSource {}
}
