package org.patchreel.impl.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.impl.c2pa.ManifestDescription.Continued;
import org.patchreel.impl.c2pa.ManifestDescription.Created;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.c2pa.ManifestDescription.Intent;
import org.patchreel.impl.c2pa.carrier.CarrierFile;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;
import org.patchreel.impl.generator.WorkSource.Guide.Role;

/**
 * What a manifest says of the sources of an order: the first clip that is continued or interpolated is the parent, the second one
 * a component; a clip or picture of which parts are made anew is the parent; and all that the model alone has seen is input. A file
 * that is used twice stands there once.
 *
 * @param order what was made
 */
record Ingredients(WorkOrder order) {

    /** {@return what was done} */
    Intent intent() {
        return order.interpolated().isPresent()
                        || order.continued().stream().anyMatch(WorkSource.Continued::shown)
                        || order.shots().stream()
                                .anyMatch(shot -> !shot.guides(Role.INPAINTED).isEmpty())
                ? new Continued(order.sourceType())
                : new Created(order.sourceType());
    }

    /**
     * Lists them.
     *
     * @param files finds the sources
     * @param origins says where they are from
     * @throws IOException if one cannot be read any more
     */
    List<Ingredient> list(SourceFiles files, Function<WorkSource, SourceOrigin> origins) throws IOException {
        Map<String, Ingredient> byFile = new TreeMap<>();
        List<Ingredient> all = new ArrayList<>();
        Optional<WorkSource.Continued> parent =
                order.continued().stream().filter(WorkSource.Continued::shown).findFirst();
        for (WorkSource source : order.sources()) {
            Relationship relationship = source.fold(
                    picture -> Relationship.INPUT_TO,
                    clip -> relationship(clip, parent),
                    restyled -> Relationship.INPUT_TO,
                    interpolated -> Relationship.PARENT_OF,
                    guide -> guide.role() == Role.INPAINTED ? Relationship.PARENT_OF : Relationship.INPUT_TO);
            if (byFile.containsKey(source.file().sha256())) {
                continue;
            }
            Path file = files.path(source.file());
            Ingredient ingredient = new Ingredient(
                    source.file().name(),
                    mediaType(file),
                    file,
                    relationship,
                    origins.apply(source).recovered());
            byFile.put(source.file().sha256(), ingredient);
            all.add(ingredient);
        }
        return all;
    }

    private static Relationship relationship(WorkSource.Continued clip, Optional<WorkSource.Continued> parent) {
        if (parent.filter(clip::equals).isPresent()) {
            return Relationship.PARENT_OF;
        }
        return clip.shown() && clip.side() == Side.BEFORE ? Relationship.COMPONENT_OF : Relationship.INPUT_TO;
    }

    private static String mediaType(Path file) throws IOException {
        try (CarrierFile carrier = CarrierFile.open(file)) {
            return switch (CarrierFormat.of(carrier)) {
                case JPEG -> "image/jpeg";
                case PNG -> "image/png";
                case GIF -> "image/gif";
                case TIFF -> "image/tiff";
                case RIFF -> isWebp(file) ? "image/webp" : "video/x-msvideo";
                case BMFF -> "video/mp4";
                default -> "application/octet-stream";
            };
        }
    }

    private static boolean isWebp(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(12), ISO_8859_1).endsWith("WEBP");
        }
    }
}
