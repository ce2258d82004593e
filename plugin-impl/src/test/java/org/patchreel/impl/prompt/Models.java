package org.patchreel.impl.prompt;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.PromptLanguage;

/** Models that read prompts. */
final class Models {

    private Models() {}

    static ModelDescriptor withVocabulary(Optional<ClosedVocabulary> vocabulary) {
        return new ModelDescriptor(
                "a model",
                "a test",
                "cpu",
                "fp32",
                Optional.of(new ModelCapabilities(
                        "Wan",
                        0,
                        ModelLicense.UNKNOWN,
                        new FrameGrid(16, 4, 81),
                        new ModelDefaults(new VideoFormat(96, 96, 17, 8), new FrameSize(320, 320), 20, 3, ""),
                        ImageConditioning.NONE,
                        Set.of(),
                        new PromptLanguage(vocabulary, Map.of()))));
    }
}
