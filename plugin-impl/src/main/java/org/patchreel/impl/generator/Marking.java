package org.patchreel.impl.generator;

import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.spi.Watermarker;

/** Knows what marks clips. */
@FunctionalInterface
interface Marking {

    /**
     * What marks a clip that begins now.
     *
     * @return empty if marking is switched off
     * @throws GenerationException with {@link GenerationException.Reason#PROVENANCE} if clips shall be marked and cannot be
     */
    Optional<Watermarker> watermarker() throws GenerationException;
}
