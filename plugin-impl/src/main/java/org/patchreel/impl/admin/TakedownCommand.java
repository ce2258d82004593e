package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetId;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Origin;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.impl.verify.TakedownRegister;
import org.patchreel.impl.verify.Takedowns.Takedown;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.PrintableText;

/**
 * {@code patchreel:takedown}: withdraws a clip or still, and keeps copies of it from being used or stored again. What can be done is done,
 * whatever else fails: a law may give three hours.
 */
@Component(
        service = TakedownCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=takedown"})
public final class TakedownCommand {

    private static final String USAGE = """
            takedown ID|FILE [--reason TEXT]   takes a clip down: the host shows it no more,
                                               and copies of it are neither stored nor used
                                               again. Of a FILE, which may be a copy without
                                               metadata, the clip is found by watermark and
                                               pictures

              --reason TEXT                    is recorded; names no person
              --json                           prints the result as JSON

            Exit status 0 if all is done; 1 if the host's store refuses, or the takedown
            could not be recorded: the output says what is left to do.

            example: takedown copy.mp4 --reason "notice 117" --json""";

    private static final Syntax SYNTAX = new Syntax(Set.of("--reason"), Set.of("--json", "--help"));
    private static final int MAX_REASON = 500;
    private static final int INDENT = 8;

    private final AssetStore store;
    private final ProvenanceVerifier verifier;
    private final ManifestRepository manifests;
    private final TakedownRegister register;
    private final Audit audit;
    private final InstantSource clock;

    /**
     * Creates the command.
     *
     * @param store has the assets
     * @param verifier recognises copies
     * @param manifests know clips that the store has no more
     * @param register keeps copies from being used
     * @param audit keeps a record
     */
    @Activate
    public TakedownCommand(
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store,
            @Reference ProvenanceVerifier verifier,
            @Reference ManifestRepository manifests,
            @Reference TakedownRegister register,
            @Reference Audit audit) {
        this(store, verifier, manifests, register, audit, InstantSource.system());
    }

    TakedownCommand(
            AssetStore store,
            ProvenanceVerifier verifier,
            ManifestRepository manifests,
            TakedownRegister register,
            Audit audit,
            InstantSource clock) {
        this.store = store;
        this.verifier = verifier;
        this.manifests = manifests;
        this.register = register;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and who is signed in, and takes the exit status
     * @param arguments ID or file, and options
     * @throws Exception if the caller made a mistake, or neither store nor register can be used
     */
    @Descriptor("takes a clip down: takedown 01JD3V7Q0P8W5N2M4K6H8F0D2B --reason TEXT")
    public void takedown(CommandSession session, @Descriptor("ID or file, and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> run(session.currentDir(), ConsoleUser.of(session), console, arguments));
    }

    /** What is taken down, and by which copy it was found. */
    private record Subject(String id, Optional<String> file) {}

    int run(Path directory, Requester by, Console console, String... arguments) throws IOException {
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(USAGE);
            return 0;
        }
        String reason = PrintableText.of(given.text("--reason").orElse("none given"), MAX_REASON);
        Subject subject = subject(directory, given.operand("asset ID or file"));
        Optional<StoredAsset> asset = readable(subject.id());
        Optional<String> watermark = watermark(subject.id(), asset);
        Set<String> files = new LinkedHashSet<>(subject.file().stream().toList());
        if (asset.isPresent()) {
            files.add(sha256(asset.get(), asset.get().metadata().kind().file()));
            try {
                files.add(sha256(asset.get(), AssetFile.MASTER));
            } catch (NoSuchFileException e) {
                // none was kept
            }
        }
        register.add(new Takedown(subject.id(), clock.instant(), reason), watermark, files);
        String withdrawn = withdraw(subject.id(), reason);
        boolean recorded = audit.note(subject.id(), by, new AuditAction.TakenDown(reason, subject.file(), withdrawn));
        boolean done = withdrawn.equals("withdrawn") || withdrawn.equals("missing");
        print(subject, watermark, withdrawn, recorded, given.has("--json"), console);
        return done && recorded ? 0 : Console.FAILED;
    }

    private Subject subject(Path directory, String operand) throws IOException {
        if (AssetId.isValid(operand) && isKnown(operand)) {
            return new Subject(operand, Optional.empty());
        }
        Path file = directory.resolve(operand);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("neither an asset nor a file: " + operand);
        }
        ProvenanceReport report = verifier.verify(file);
        List<String> clips =
                report.recovered().stream().map(Recovered::assetId).distinct().toList();
        if (clips.isEmpty()) {
            throw new IllegalArgumentException(operand + " is not known to show a clip of this installation");
        }
        String ids = String.join(", ", clips);
        if (report.origin() != Origin.THIS_INSTALLATION) {
            throw new IllegalArgumentException(operand + " is no more than a possible copy of " + ids
                    + ": compare them, and take the clip down by its ID");
        }
        if (clips.size() > 1) {
            throw new IllegalArgumentException(operand + " shows several clips: take each down by its ID: " + ids);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new Subject(clips.get(0), Optional.of(sha256(in)));
        }
    }

    private boolean isKnown(String id) throws IOException {
        try {
            return find(id).isPresent() || manifests.find(id).isPresent();
        } catch (IOException e) {
            return manifests.find(id).isPresent()
                    || store.list().stream().anyMatch(each -> each.id().equals(id));
        }
    }

    private Optional<StoredAsset> find(String id) throws IOException {
        Optional<StoredAsset> asset = store.find(id);
        return asset.isPresent() ? asset : store.findWithdrawn(id);
    }

    /** {@return the asset; empty also if it is damaged, which does not keep it from being taken down} */
    private Optional<StoredAsset> readable(String id) {
        try {
            return find(id);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> watermark(String id, Optional<StoredAsset> asset) throws IOException {
        Optional<String> known =
                asset.flatMap(stored -> stored.metadata().provenance().watermarkId());
        return known.isPresent()
                ? known
                : manifests.find(id).map(StoredManifest::watermarkHex).filter(hex -> !hex.isEmpty());
    }

    /** {@return {@code withdrawn}, {@code missing}, or why the store does not do it} */
    private String withdraw(String id, String reason) {
        try {
            return store.withdraw(id, reason) ? "withdrawn" : "missing";
        } catch (IOException | UnsupportedOperationException e) {
            return "refused: " + PrintableText.of(String.valueOf(e.getMessage()));
        }
    }

    private static String sha256(StoredAsset asset, AssetFile file) throws IOException {
        try (InputStream in = Channels.newInputStream(asset.open(file))) {
            return sha256(in);
        }
    }

    private static String sha256(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void print(
            Subject subject,
            Optional<String> watermark,
            String withdrawn,
            boolean recorded,
            boolean asJson,
            Console console) {
        if (asJson) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("asset", subject.id());
            json.put("store", withdrawn);
            json.put("watermark", watermark.orElse(null));
            json.put("recorded", recorded);
            console.out().println(Json.write(json));
            return;
        }
        LabeledLines lines = new LabeledLines(console, INDENT);
        lines.print("asset", subject.id());
        lines.print("store", withdrawn);
        lines.print("copies", "are neither stored nor used again");
        if (!recorded) {
            lines.print("audit", "NOT RECORDED, the log says why");
        }
    }
}
