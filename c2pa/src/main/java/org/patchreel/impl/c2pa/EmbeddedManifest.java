package org.patchreel.impl.c2pa;

import java.time.Instant;

/**
 * A manifest that was put into a clip.
 *
 * @param label {@code urn:c2pa:…}
 * @param store the manifest store as it stands in the clip, JUMBF; not to be changed
 * @param signer name and organization in the signing certificate, for people
 * @param timestamp by whom and when the signature was witnessed
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the recovery store, never compared
public record EmbeddedManifest(String label, byte[] store, String signer, Timestamp timestamp) {

    /** What became of the trusted timestamp. */
    public sealed interface Timestamp {}

    /** No authority is configured. */
    public record NoTimestamp() implements Timestamp {}

    /**
     * The authority's token is in the manifest.
     *
     * @param time that it attests
     */
    public record Timestamped(Instant time) implements Timestamp {}

    /**
     * The authority gave none, and the configuration allows to go on without.
     *
     * @param reason in one line
     */
    public record MissingTimestamp(String reason) implements Timestamp {}
}
