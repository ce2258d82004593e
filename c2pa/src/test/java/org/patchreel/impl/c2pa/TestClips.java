package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;

/** A small clip and what is to be said of it. */
final class TestClips {
    static final VideoFormat FORMAT = new VideoFormat(64, 48, 5, 24);

    private TestClips() {}

    static Path encode(Path file) throws IOException {
        TestFrames.feed(FORMAT, TestEncoders.h264().open(file, FORMAT));
        return file;
    }

    static ManifestDescription description(List<ManifestDescription.Ingredient> ingredients) {
        return new ManifestDescription(
                "A red ball",
                Instant.parse("2026-05-01T12:00:00.123456Z"),
                "Patchreel",
                "0.1.0",
                new AiDisclosure("starter"),
                Optional.of(new ManifestDescription.SoftBinding("org.patchreel.test", "0123456789abcdef")),
                Duration.ofMillis(208),
                Optional.empty(),
                ingredients,
                ingredients.stream().anyMatch(each -> each.relationship() == Relationship.PARENT_OF)
                        ? new ManifestDescription.Transcoded()
                        : new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
    }
}
