package org.patchreel.impl.c2pa.validation;

/** Fields of {@code claim_generator_info} for which C2PA has no name; the map is open for those of other namespaces. */
public final class GeneratorFields {
    /** Who provides the system: text. */
    public static final String PROVIDER = "org.patchreel.provider";

    /** Address of a tool that tells whether a file is from the system: text. */
    public static final String DETECTOR = "org.patchreel.detector";

    private GeneratorFields() {}
}
