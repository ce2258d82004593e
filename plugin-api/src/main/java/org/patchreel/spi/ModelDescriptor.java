package org.patchreel.spi;

import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata.WeightFile;

/**
 * A model as it is installed.
 *
 * @param name by which requests choose it: letters, digits, {@code . _ -}
 * @param source where it comes from, for people: a bundle or a directory
 * @param device {@code cpu} or {@code cuda}; {@code unknown} if its configuration cannot be used
 * @param precision {@code fp32} or {@code bf16}; {@code unknown} likewise
 * @param capabilities what it can do; empty if its files or its configuration cannot be read, {@link ModelHealth} then says
 *     why
 */
public record ModelDescriptor(
        String name, String source, String device, String precision, Optional<ModelCapabilities> capabilities) {

    /** {@return the model's family, for people; {@code unknown} if it cannot be read} */
    public String family() {
        return capabilities.map(ModelCapabilities::family).orElse("unknown");
    }

    /**
     * A digest over a checkpoint's weights.
     *
     * @param files in the order of their paths
     */
    public record WeightDigest(List<WeightFile> files) {}
}
