package org.patchreel.policy.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the log of a folder from its beginning, and verifies it. Others may write meanwhile. */
final class AuditChain {

    private final AuditFolder folder;

    AuditChain(AuditFolder folder) {
        this.folder = folder;
    }

    /**
     * A place in the log.
     *
     * @param file its name
     * @param line from 1
     */
    record Place(String file, long line) {
        @Override
        public String toString() {
            return file + ", line " + line;
        }
    }

    /**
     * What verification has found.
     *
     * @param records that were read, up to the first broken place
     * @param head how far the log goes
     * @param erased number of records whose personal values were erased
     * @param tornLines number of records that were never finished, because a process or the machine ended, and were set aside
     * @param broken the first place that is not as it was written
     */
    record Verification(long records, AuditFolder.Head head, long erased, long tornLines, Optional<Broken> broken) {}

    /**
     * A place that is not as it was written.
     *
     * @param place where; empty if it is the end of the log
     * @param sequence of the record, if it has one
     * @param problem what is wrong, without the content of the record
     */
    record Broken(Optional<Place> place, OptionalLong sequence, String problem) {
        @Override
        public String toString() {
            return place.map(where -> where + ": ").orElse("") + problem;
        }
    }

    /** Takes the lines of the log. */
    @FunctionalInterface
    interface Visitor {

        /** {@return whether to go on} */
        boolean visit(Place place, Lines.Line line) throws IOException;
    }

    /** Reads all lines. */
    void read(Visitor visitor) throws IOException {
        for (Path file : folder.files()) {
            long number = 0;
            try (Lines lines = new Lines(file)) {
                for (Optional<Lines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                    number++;
                    if (!visitor.visit(new Place(file.getFileName().toString(), number), line.get())) {
                        return;
                    }
                }
            } catch (NoSuchFileException e) {
                throw new IOException(file + " has gone while the audit log was read", e);
            }
        }
    }

    /**
     * Verifies the log.
     *
     * @param extent how far it went when this began: what others write meanwhile is left out
     * @param kept what was noted elsewhere of the log; each must still be in it
     */
    Verification verify(AuditLog.Extent extent, List<AuditFolder.Head> kept) throws IOException {
        Verifier verifier = new Verifier(extent, kept);
        read(verifier::visit);
        return verifier.end();
    }

    private static final class Verifier {

        private final long lastSequence;
        private final List<AuditFolder.Head> expected = new ArrayList<>();
        private final boolean headMissing;
        private AuditFolder.Head before = AuditFolder.Head.NONE;
        private long records;
        private long erased;
        private long tornLines;
        private Optional<Broken> broken = Optional.empty();

        Verifier(AuditLog.Extent extent, List<AuditFolder.Head> kept) {
            lastSequence = extent.sequence();
            headMissing = extent.noted().isEmpty();
            extent.noted().ifPresent(expected::add);
            expected.addAll(kept);
        }

        boolean visit(Place place, Lines.Line line) {
            if (before.sequence() >= lastSequence) {
                return false;
            }
            AuditRecord record;
            String hash;
            try {
                record = line.toRecord();
                hash = record.hash();
            } catch (IllegalArgumentException e) {
                return fail(place, OptionalLong.empty(), "the line cannot be read: " + e.getMessage());
            }
            Optional<String> fault = fault(record, hash);
            if (fault.isPresent()) {
                return fail(place, OptionalLong.of(record.sequence()), fault.get());
            }
            before = new AuditFolder.Head(record.sequence(), hash);
            records++;
            erased += record.text().contains("\"erased\":") && !record.hasPersonal() ? 1 : 0;
            return true;
        }

        private Optional<String> fault(AuditRecord record, String hash) {
            long sequence = record.sequence();
            long next = before.sequence() + 1;
            if (sequence > next) {
                return Optional.of(
                        sequence == next + 1
                                ? "record " + next + " is missing before record " + sequence
                                : "records " + next + " to " + (sequence - 1) + " are missing before record "
                                        + sequence);
            }
            if (sequence < next) {
                return Optional.of("record " + sequence + " stands where record " + next + " should be");
            }
            if (!record.previous().equals(before.hash())) {
                return Optional.of(
                        before.sequence() == 0
                                ? "record 1 is not the beginning of a log"
                                : "record " + before.sequence() + " is not as it was when record " + sequence
                                        + " was written");
            }
            for (AuditFolder.Head each : expected) {
                if (each.sequence() == sequence && !each.hash().equals(hash)) {
                    return Optional.of("record " + sequence + " has the hash " + hash + ", and had " + each.hash());
                }
            }
            return record.personalFault()
                    .map(fault -> "record " + sequence + ": personal value " + fault)
                    .or(() -> damage(record));
        }

        /** What the log itself says was damaged; a torn line is what a crash leaves. */
        private Optional<String> damage(AuditRecord record) {
            if (!record.type().equals(AuditLog.DAMAGE)) {
                return Optional.empty();
            }
            String problem = record.facts().path("problem").asText();
            if (problem.equals(AuditLog.TORN_LINE)) {
                tornLines++;
                return Optional.empty();
            }
            return Optional.of("record " + record.sequence() + " says that the log was damaged before it: " + problem);
        }

        private boolean fail(Place place, OptionalLong sequence, String problem) {
            broken = Optional.of(new Broken(Optional.of(place), sequence, problem));
            return false;
        }

        Verification end() {
            if (broken.isEmpty()) {
                expected.stream()
                        .filter(each -> each.sequence() > before.sequence())
                        .findFirst()
                        .ifPresent(each -> fail("the log ends with record " + before.sequence()
                                + "; it had records up to " + each.sequence()));
            }
            if (broken.isEmpty() && headMissing && records > 1) {
                fail("the file head is missing, so that records may be missing after record " + before.sequence());
            }
            return new Verification(records, before, erased, tornLines, broken);
        }

        private void fail(String problem) {
            broken = Optional.of(new Broken(Optional.empty(), OptionalLong.empty(), problem));
        }
    }
}
