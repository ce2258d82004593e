package org.patchreel.impl.c2pa.jumbf;

import java.util.UUID;

/**
 * What a superbox holds.
 *
 * @param uuid as in its description box
 */
public record ContentType(UUID uuid) {
    /** The lower twelve bytes of the types that are named by four characters (ISO/IEC 19566-5, annex B). */
    private static final long BASE_HIGH = 0x0011_0010L;

    private static final long BASE_LOW = 0x8000_00AA_0038_9B71L;

    /** A manifest store. */
    public static final ContentType MANIFEST_STORE = of("c2pa");
    /** A standard manifest. */
    public static final ContentType MANIFEST = of("c2ma");
    /** A standard manifest, in the form of version 2. */
    public static final ContentType MANIFEST_V2 = of("c2md");
    /** An update manifest. */
    public static final ContentType UPDATE_MANIFEST = of("c2um");
    /** A compressed manifest. */
    public static final ContentType COMPRESSED_MANIFEST = of("c2cm");
    /** An assertion store. */
    public static final ContentType ASSERTION_STORE = of("c2as");
    /** A claim. */
    public static final ContentType CLAIM = of("c2cl");
    /** A claim's signature. */
    public static final ContentType SIGNATURE = of("c2cs");
    /** A store of verifiable credentials. */
    public static final ContentType CREDENTIAL_STORE = of("c2vc");
    /** A store of data boxes. */
    public static final ContentType DATABOX_STORE = of("c2db");
    /** CBOR. */
    public static final ContentType CBOR = of("cbor");
    /** JSON. */
    public static final ContentType JSON = of("json");
    /** Data of a kind that a UUID names. */
    public static final ContentType UUID_BOX = of("uuid");
    /** A file. */
    public static final ContentType EMBEDDED_FILE =
            new ContentType(UUID.fromString("40cb0c32-bb8a-489d-a70b-2ad6f47f4369"));

    private static ContentType of(String fourCharacters) {
        long high = 0;
        for (int i = 0; i < fourCharacters.length(); i++) {
            high = (high << 8) | fourCharacters.charAt(i);
        }
        return new ContentType(new UUID((high << 32) | BASE_HIGH, BASE_LOW));
    }
}
