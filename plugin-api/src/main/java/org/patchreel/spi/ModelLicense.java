package org.patchreel.spi;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The licence of a model's weights, what an operator says of it, and who stands for its use.
 *
 * @param name its SPDX identifier, or the first line of its text; empty if nothing says under which licence the weights are
 * @param excludedTerritories where it does not allow their use, for people: {@code EU}, {@code GB}
 * @param acknowledgedBy who has read it and stands for what this installation does; empty if nobody does
 * @see <a href="https://spdx.org/licenses/">SPDX licence list</a>
 */
public record ModelLicense(Optional<String> name, List<String> excludedTerritories, Optional<String> acknowledgedBy) {
    /** Nothing is known, and nobody stands for it. */
    public static final ModelLicense UNKNOWN = new ModelLicense(Optional.empty(), List.of(), Optional.empty());

    /** Licences that allow every use everywhere, as identifiers and as the first lines of their texts. */
    private static final Set<String> UNLIMITED = Set.of(
            "apache-2.0",
            "apache license",
            "apache license 2.0",
            "apache license version 2.0",
            "apache license version 2.0 january 2004",
            "mit",
            "mit license",
            "mit license mit",
            "bsd-2-clause",
            "bsd 2-clause license",
            "bsd-3-clause",
            "bsd 3-clause license",
            "isc",
            "isc license",
            "0bsd",
            "zlib",
            "unlicense",
            "cc0-1.0",
            "cc0 1.0 universal",
            "cc-by-4.0",
            "attribution 4.0 international");

    /** Copies the list. */
    public ModelLicense {
        excludedTerritories = List.copyOf(excludedTerritories);
    }

    /**
     * A licence of which nothing but its name is known.
     *
     * @param name see above
     * @return the licence
     */
    public static ModelLicense of(String name) {
        return new ModelLicense(Optional.of(name), List.of(), Optional.empty());
    }

    /**
     * {@return whether the licence is one that is known to allow every use everywhere} A licence that only resembles one of those does
     * not count.
     */
    public boolean isUnlimited() {
        return excludedTerritories.isEmpty()
                && name.filter(it -> UNLIMITED.contains(normal(it))).isPresent();
    }

    /** {@return why no clip may be made with the weights, in one line; empty if one may} */
    public Optional<String> refusal() {
        return isUnlimited() || acknowledgedBy.isPresent()
                ? Optional.empty()
                : Optional.of("licence not acknowledged: " + terms() + "; set license.acknowledged.by");
    }

    /** {@return what is known, in one line: {@code some-community-license, not in EU, GB, acknowledged by Jane Doe}} */
    public String line() {
        return terms() + acknowledgedBy.map(who -> ", acknowledged by " + who).orElse("");
    }

    private String terms() {
        String territories = excludedTerritories.isEmpty() ? "" : ", not in " + String.join(", ", excludedTerritories);
        return name.orElse("unknown") + territories;
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceAll("[(),\"]", " ")
                .strip()
                .replaceAll("\\s+", " ")
                .replaceFirst("^the ", "");
    }
}
