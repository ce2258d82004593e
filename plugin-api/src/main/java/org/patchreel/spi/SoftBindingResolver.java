package org.patchreel.spi;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Resolves soft bindings to the manifests of this installation's clips, as C2PA's Soft Binding Resolution API asks for it:
 * the value of a soft binding leads to identifiers of manifests, an identifier to the manifest store. May be called from any
 * thread.
 *
 * <p>That a soft binding leads to a manifest does not prove that a file which carries it is that clip: a mark can be carried
 * over to other pictures. {@link org.patchreel.api.ProvenanceVerifier} compares the pictures, too.
 *
 * @see <a href="https://spec.c2pa.org/specifications/specifications/2.2/softbinding/Decoupled.html">C2PA 2.2, Soft Binding
 *     Resolution API</a>
 */
@ConsumerType
public interface SoftBindingResolver {

    /**
     * A method of soft binding.
     *
     * @param name the {@code alg} of {@code c2pa.soft-binding} assertions, for example {@code org.patchreel.…}
     * @param valueLength of a soft binding's value, in bytes
     */
    record Algorithm(String name, int valueLength) {}

    /** {@return the watermarks whose values this installation resolves} */
    List<Algorithm> supportedWatermarks();

    /**
     * Finds manifests by the value of a soft binding.
     *
     * @param algorithm one of {@link #supportedWatermarks()}, by its name
     * @param value of the soft binding
     * @return the identifiers of active manifests, each once, that of the newest clip first; empty if there are none
     * @throws IllegalArgumentException if the algorithm is not supported, or the value has not its length
     * @throws IOException if the memory of this installation cannot be read
     */
    List<String> manifestIds(String algorithm, byte[] value) throws IOException;

    /**
     * Finds a manifest store.
     *
     * @param manifestId identifier of its active manifest, {@code urn:c2pa:…}
     * @return the whole store as JUMBF, as it stands in the clip; empty if this installation has no such manifest
     * @throws IOException if the memory of this installation cannot be read
     */
    Optional<byte[]> manifestStore(String manifestId) throws IOException;

    /**
     * Finds an active manifest without the manifests of its ingredients.
     *
     * @param manifestId identifier of the manifest, {@code urn:c2pa:…}
     * @return the manifest's own box, header included; empty if this installation has no such manifest
     * @throws IOException if the memory of this installation cannot be read, or the store is damaged
     */
    Optional<byte[]> activeManifest(String manifestId) throws IOException;
}
