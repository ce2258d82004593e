package org.patchreel.impl.c2pa;

import java.util.Map;
import org.patchreel.impl.c2pa.jumbf.SuperBox;

/** Assertions that other tools put into manifests of theirs, for tests of other packages. */
public final class TestAssertions {
    public static final String HARD_BINDING = Assertions.HARD_BINDING;

    private TestAssertions() {}

    /** How another assertion of the same manifest refers to one. */
    public static Map<String, Object> hashedUri(SuperBox assertion) {
        return Assertions.hashedUri(assertion);
    }

    /** Binds a manifest to a file of this hash, SHA-256. */
    public static SuperBox hardBinding(byte[] hash) {
        return Assertions.hardBinding(hash);
    }

    /** Says which model made the pictures. */
    public static SuperBox aiDisclosure(String modelName) {
        return Assertions.aiDisclosure(new AiDisclosure(modelName));
    }

    /** A picture of what the file shows. */
    public static SuperBox thumbnail(byte[] jpeg) {
        return Assertions.thumbnail(jpeg);
    }
}
