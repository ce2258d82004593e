package org.patchreel.impl.c2pa.status;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.spi.PrintableText;

/** Collects findings in the order of the checks. Not for several threads. */
public final class StatusLog {
    /** Maximum number of findings kept; the rest are dropped. Hostile files have hundreds of thousands. */
    private static final int MAX_ENTRIES = 10_000;

    private final List<Entry> entries = new ArrayList<>();
    private Optional<String> ingredient = Optional.empty();

    /**
     * A finding.
     *
     * @param code what was found
     * @param ingredient URI of the ingredient assertion whose manifest was looked at; empty for the active manifest
     * @param url of what it is about
     * @param explanation in words
     */
    public record Entry(StatusCode code, Optional<String> ingredient, String url, String explanation) {

        /** {@return the finding as the report gives it} */
        public Status status() {
            return new Status(code.label(), code.outcome(), PrintableText.of(url), PrintableText.of(explanation));
        }
    }

    /** Adds a finding; past the bound, one failure says that more were dropped. */
    public void add(StatusCode code, String url, String explanation) {
        if (entries.size() < MAX_ENTRIES) {
            entries.add(new Entry(code, ingredient, url, explanation));
        } else if (entries.size() == MAX_ENTRIES) {
            entries.add(new Entry(StatusCode.GENERAL_ERROR, ingredient, url, "more findings than are kept"));
        }
    }

    /**
     * Says what the findings from now on are about.
     *
     * @param uri of an ingredient assertion; empty for the active manifest
     */
    public void about(Optional<String> uri) {
        ingredient = uri;
    }

    /** {@return what the next finding is about} */
    public Optional<String> ingredient() {
        return ingredient;
    }

    /** {@return all findings so far} */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }
}
