package org.patchreel.policy.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.SoftBindingResolver;

/** {@code patchreel:audit}: verifies, lists, hands over and erases what is recorded. */
@Component(
        service = AuditCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=audit"})
public final class AuditCommand {

    private static final String USAGE = """
        audit verify [--head SEQUENCE:HASH]   reads the whole log and says whether each
                                              record is as it was written, or the first
                                              place that is not; prints the head, which
                                              --head compares when it was kept elsewhere
        audit list [--since TIME] [--user NAME] [--job ID]
                                              prints records, the oldest first; a TIME is
                                              2026-12-01 or 2026-12-01T10:00:00Z (UTC)
        audit export ID --out FILE.zip        hands over all that is recorded of a job and
                                              its asset, with proofs; FILE must not exist
        audit erase --user NAME               erases what was recorded of a person; the
                                              log can still be verified

          --json                              prints JSON

        Exit status of verify: 0 if the log is whole, else 1.

        example: audit export 01JD3V7Q0P8W5N2M4K6H8F0D2B --out evidence.zip\
        """;

    private static final Pattern HEAD = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");
    private static final String SIGNED_IN = "USER";

    private final FileAuditSink sink;
    private final EvidenceFile evidence;

    /**
     * Creates the command.
     *
     * @param sink writes the log
     * @param store has the assets; null if there is none
     * @param verifier examines their files; null if there is none
     * @param manifests has their manifests; null if there is none
     */
    @Activate
    public AuditCommand(
            @Reference FileAuditSink sink,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    AssetStore store,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ProvenanceVerifier verifier,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    SoftBindingResolver manifests) {
        this.sink = sink;
        this.evidence = new EvidenceFile(sink, store, verifier, manifests);
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and who is signed in
     * @param arguments an action and options
     * @throws IOException if the log is broken, or cannot be read or written
     */
    @Descriptor("verifies, lists, hands over and erases what is recorded: audit verify")
    public void audit(CommandSession session, @Descriptor("action and options, see --help") String... arguments)
            throws IOException {
        run(session.currentDir(), user(session), System.out, arguments);
    }

    /** Karaf keeps the name of whoever has signed in; elsewhere it is the account of the process. */
    private static Requester user(CommandSession session) {
        return Stream.of(session.get(SIGNED_IN), System.getProperty("user.name"))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .filter(name -> !name.isBlank() && !name.equals("?"))
                .findFirst()
                .map(Requester::of)
                .orElse(Requester.UNKNOWN);
    }

    void run(Path directory, Requester by, PrintStream out, String... arguments) throws IOException {
        AuditArguments given = AuditArguments.parse(List.of(arguments));
        if (given.has(AuditArguments.HELP)) {
            out.println(USAGE);
            return;
        }
        String action = given.operands().isEmpty() ? "" : given.operands().get(0);
        switch (action) {
            case "verify" -> verify(given, out);
            case "list" -> list(given, out);
            case "export" -> export(directory, by, given, out);
            case "erase" -> erase(by, given, out);
            default ->
                throw new IllegalArgumentException(
                        (action.isEmpty() ? "the action is missing" : "unknown action: " + PrintableText.of(action))
                                + ", expected verify, list, export or erase; --help shows how");
        }
    }

    private void verify(AuditArguments given, PrintStream out) throws IOException {
        given.allow(0, "--head", AuditArguments.JSON);
        AuditChain.Verification found = sink.verify(
                given.value("--head").map(AuditCommand::head).stream().toList());
        if (given.has(AuditArguments.JSON)) {
            out.println(json(found));
        } else {
            out.println(
                    "records   " + found.records() + (found.erased() == 0 ? "" : ", " + found.erased() + " erased"));
            if (found.tornLines() > 0) {
                out.println("crashes   " + found.tornLines() + ": records that were being written, set aside");
            }
            out.println(
                    "head      " + found.head().sequence() + ":" + found.head().hash());
            out.println(
                    "log       " + (found.broken().isPresent() ? "BROKEN" : "whole: each record is as it was written"));
        }
        if (found.broken().isPresent()) {
            throw new IOException("the audit log is broken: " + found.broken().get());
        }
    }

    private static AuditFolder.Head head(String text) {
        Matcher head = HEAD.matcher(text);
        if (!head.matches()) {
            throw new IllegalArgumentException("--head must be SEQUENCE:HASH as verify prints it, not " + text);
        }
        return new AuditFolder.Head(Long.parseLong(head.group(1)), head.group(2));
    }

    static ObjectNode json(AuditChain.Verification found) {
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("whole", found.broken().isEmpty())
                .put("records", found.records())
                .put("erased", found.erased())
                .put("crashes", found.tornLines());
        json.putObject("head")
                .put("sequence", found.head().sequence())
                .put("hash", found.head().hash());
        found.broken().ifPresent(broken -> {
            ObjectNode at = json.putObject("broken").put("problem", broken.problem());
            broken.place().ifPresent(place -> at.put("file", place.file()).put("line", place.line()));
            broken.sequence().ifPresent(sequence -> at.put("sequence", sequence));
        });
        return json;
    }

    private void list(AuditArguments given, PrintStream out) throws IOException {
        given.allow(0, "--since", "--user", "--job", AuditArguments.JSON);
        Predicate<AuditRecord> wanted = record -> true;
        if (given.has("--since")) {
            Instant since = since(given.required("--since"));
            wanted = wanted.and(record -> !record.instant().isBefore(since));
        }
        if (given.has("--user")) {
            Optional<String> user = Optional.of(given.required("--user"));
            wanted = wanted.and(record -> record.user().equals(user));
        }
        if (given.has("--job")) {
            String job = given.required("--job");
            wanted = wanted.and(record -> record.subject().equals(job));
        }
        boolean asJson = given.has(AuditArguments.JSON);
        Listing listing = new Listing(wanted, asJson, out);
        new AuditChain(sink.folder()).read(listing);
        listing.end();
    }

    /** Prints records as they are read: a log may be larger than the memory. */
    private static final class Listing implements AuditChain.Visitor {
        private final Predicate<AuditRecord> wanted;
        private final boolean asJson;
        private final PrintStream out;
        private long printed;
        private long unreadable;

        Listing(Predicate<AuditRecord> wanted, boolean asJson, PrintStream out) {
            this.wanted = wanted;
            this.asJson = asJson;
            this.out = out;
        }

        @Override
        public boolean visit(AuditChain.Place place, Lines.Line line) {
            try {
                AuditRecord record = line.toRecord();
                if (wanted.test(record)) {
                    out.println(asJson ? (printed == 0 ? "[" : ",") + record.text() : text(record));
                    printed++;
                }
            } catch (IllegalArgumentException e) {
                unreadable++;
            }
            return !out.checkError();
        }

        private static String text(AuditRecord record) {
            return String.format(
                            Locale.ROOT,
                            "%7d  %-24.24s  %-22s  %-26s  %-12s  %s",
                            record.sequence(),
                            PrintableText.of(record.time()),
                            PrintableText.of(record.type()),
                            PrintableText.of(record.subject()),
                            PrintableText.of(record.user().orElse("-")),
                            detail(record))
                    .stripTrailing();
        }

        private static String detail(AuditRecord record) {
            return PrintableText.of(Stream.of("outcome", "rule", "reason", "model", "cause", "problem", "sha256")
                    .map(record.facts()::path)
                    .filter(value -> value.isTextual() && !value.textValue().isEmpty())
                    .map(value -> value.textValue())
                    .reduce("", (before, value) -> before.isEmpty() ? value : before + " " + value));
        }

        void end() throws IOException {
            if (asJson) {
                out.println(printed == 0 ? "[]" : "]");
            } else if (printed == 0) {
                out.println("nothing is recorded that is asked for");
            }
            if (unreadable > 0) {
                throw new IOException(unreadable + (unreadable == 1 ? " line" : " lines")
                        + " of the audit log cannot be read: audit verify says which");
            }
        }
    }

    private static Instant since(String text) {
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "--since must be a day such as 2026-12-01 or a time such as 2026-12-01T10:00:00Z, not " + text, e);
        }
    }

    private void export(Path directory, Requester by, AuditArguments given, PrintStream out) throws IOException {
        given.allow(1, "--out", AuditArguments.JSON);
        if (given.operands().size() < 2) {
            throw new IllegalArgumentException("the ID of a job or an asset is missing; --help shows how");
        }
        Path file = directory.resolve(given.required("--out")).toAbsolutePath().normalize();
        EvidenceFile.Written written = evidence.write(given.operands().get(1), file, by);
        if (given.has(AuditArguments.JSON)) {
            ObjectNode json = new ObjectMapper()
                    .createObjectNode()
                    .put("file", file.toString())
                    .put("records", written.records())
                    .put("sha256", written.sha256());
            written.files().forEach(json.putArray("files")::add);
            written.missing().forEach(json.putArray("missing")::add);
            out.println(json);
            return;
        }
        out.println("file      " + PrintableText.of(file.toString()));
        out.println("sha256    " + written.sha256());
        out.println("records   " + written.records());
        written.missing().forEach(what -> out.println("missing   " + PrintableText.of(what)));
    }

    private void erase(Requester by, AuditArguments given, PrintStream out) throws IOException {
        given.allow(0, "--user", AuditArguments.JSON);
        long records = sink.erase(given.required("--user"), by);
        if (given.has(AuditArguments.JSON)) {
            out.println(new ObjectMapper().createObjectNode().put("erased", records));
        } else {
            out.println(
                    records == 0
                            ? "nothing is recorded of that person"
                            : "erased in " + records + (records == 1 ? " record" : " records"));
        }
    }
}
