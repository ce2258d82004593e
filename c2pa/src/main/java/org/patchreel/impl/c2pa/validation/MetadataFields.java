package org.patchreel.impl.c2pa.validation;

/**
 * The assertion {@code cawg.metadata}, JSON-LD of what people state of a file (<a href="https://cawg.io/metadata/1.1/">CAWG metadata
 * 1.1</a>), and those of its fields that are of rights.
 */
public final class MetadataFields {
    /** Of the assertion. */
    public static final String LABEL = "cawg.metadata";

    /** Who made it: texts. */
    public static final String CREATOR = "dc:creator";

    /** Whose it is, and what may be done with it: text. */
    public static final String RIGHTS = "dc:rights";

    /** When it may be used no longer: a date or time of ISO 8601. */
    public static final String EXPIRATION_DATE = "prism:expirationDate";

    /** Of Dublin Core. */
    public static final String DC = "http://purl.org/dc/elements/1.1/";

    /** Of PRISM: the version that asset managers have. */
    public static final String PRISM = "http://prismstandard.org/namespaces/basic/2.1/";

    private MetadataFields() {}
}
