package org.patchreel.impl.provenance;

import org.patchreel.impl.c2pa.HumanOversight;
import org.patchreel.spi.ConfigurationException;

/** What the configuration says shall be done to clips. Safe for use from any thread. */
public interface ProvenanceSteps {

    /**
     * {@return whether clips are marked}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    boolean marks();

    /**
     * {@return whether clips are signed}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    boolean signs();

    /**
     * {@return how far people watch over what nobody has approved: manifests say so}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    HumanOversight oversight();
}
