package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.export.ExportFormat;
import org.patchreel.impl.export.ExportRequest;
import org.patchreel.impl.export.ExportResult;
import org.patchreel.impl.export.Exporter;
import org.patchreel.impl.media.MezzanineCodec;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction;

/** {@code patchreel:export}: hands clips over to an editor, as media with a timeline. */
@Component(
        service = ExportCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=export"})
public final class ExportCommand {

    private static final String USAGE = """
            export ID... --out FOLDER [options]    hands clips over to an editor: their
                                                   media and a timeline on which they follow
                                                   each other in the order given, from
                                                   01:00:00:00 on

              --out FOLDER       is made, and must not exist
              --otio             OpenTimelineIO
              --edl              CMX 3600 edit decision list
              --fcp7             Final Cut Pro 7 XML, for Premiere Pro and DaVinci Resolve,
                                 too
              --mlt              MLT XML, for melt, Kdenlive and Shotcut
              --xmp              an XMP sidecar beside each medium
              --all              all of these
              --mezzanine NAME   media are QuickTime movies with a timecode track instead of
                                 the clips: prores (ProRes 422 HQ) or dnxhr (DNxHR HQ)
              --master           media are the clips without their visible label, where they
                                 are kept so, or are made of these
              --json             prints the result as one JSON object
              --quiet            shows no progress

            example: export 01JD3V7Q0P8W5N2M4K6H8F0D2B 01JD3V7Q0P8W5N2M4K6H8F0D2C --all
            --out cut1""";

    private static final Syntax SYNTAX = new Syntax(
            Set.of("--out", "--mezzanine"),
            Set.of("--otio", "--edl", "--fcp7", "--mlt", "--xmp", "--all", "--master", "--json", "--quiet", "--help"));

    private final AssetStore store;
    private final Exporter exporter;
    private final Audit audit;

    /**
     * Creates the command.
     *
     * @param store keeps the clips
     * @param exporter does the work
     * @param audit keeps a record
     */
    @Activate
    public ExportCommand(
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store,
            @Reference Exporter exporter,
            @Reference Audit audit) {
        this.store = store;
        this.exporter = exporter;
        this.audit = audit;
    }

    /**
     * Runs the command.
     *
     * @param session knows the current directory and the terminal, and takes the exit status
     * @param arguments IDs and options
     * @throws Exception if the caller made a mistake; if a clip cannot be read, transcoded or signed, or a file cannot be
     *     written; if the thread is interrupted, where nothing is left
     */
    @Descriptor("hands clips over to an editor: export 01JD3V7Q0P8W5N2M4K6H8F0D2B --all --out cut1")
    public void export(CommandSession session, @Descriptor("IDs and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(session.currentDir(), ConsoleUser.of(session), console, arguments);
            return 0;
        });
    }

    void run(Path directory, Requester by, Console console, String... arguments)
            throws IOException, InterruptedException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        ExportRequest request = new ExportRequest(
                assets(given), folder(directory, given), formats(given), codec(given), given.has("--master"));
        for (StoredAsset asset : request.assets()) {
            audit.record(asset.metadata().id(), by, new AuditAction.Exported(formats(given, request)));
        }
        ExportResult result;
        try (ProgressDisplay display = new ProgressDisplay(console, console.isQuiet(given), "", System::nanoTime)) {
            result = exporter.write(
                    request,
                    (id, clip, clips, done, total) -> display.show(
                            clips == 1 ? "transcoding" : "transcoding " + clip + " of " + clips,
                            done,
                            total,
                            "frames"));
        }
        if (given.has("--json")) {
            out.println(Json.write(json(result)));
        } else {
            print(result, console);
        }
    }

    private List<StoredAsset> assets(Arguments given) throws IOException {
        if (given.operands().isEmpty()) {
            throw new IllegalArgumentException("asset ID is missing; --help shows how");
        }
        List<StoredAsset> assets = new ArrayList<>();
        for (String id : given.operands()) {
            assets.add(store.find(id)
                    .orElseThrow(() -> new IllegalArgumentException("no such asset: " + id + "; assets lists them")));
        }
        return assets;
    }

    private static Path folder(Path directory, Arguments given) {
        String name = given.text("--out")
                .orElseThrow(() -> new IllegalArgumentException("--out FOLDER is missing; --help shows how"));
        if (name.isBlank()) {
            throw new IllegalArgumentException("--out names no folder");
        }
        return directory.resolve(name).toAbsolutePath().normalize();
    }

    private static Set<ExportFormat> formats(Arguments given) {
        Set<ExportFormat> formats = EnumSet.noneOf(ExportFormat.class);
        for (ExportFormat format : ExportFormat.values()) {
            if (given.has("--all") || given.has("--" + format.label())) {
                formats.add(format);
            }
        }
        if (formats.isEmpty() && !given.has("--mezzanine") && !given.has("--master")) {
            throw new IllegalArgumentException("nothing is asked for: --otio, --edl, --fcp7, --mlt, --xmp, --all,"
                    + " --mezzanine or --master is missing; --help shows how");
        }
        return formats;
    }

    private static List<String> formats(Arguments given, ExportRequest request) {
        return Stream.of(
                        request.formats().stream().map(ExportFormat::label),
                        given.text("--mezzanine").stream(),
                        request.master() ? Stream.of(AuditAction.Exported.MASTER) : Stream.<String>empty())
                .flatMap(each -> each)
                .sorted()
                .toList();
    }

    private static Optional<MezzanineCodec> codec(Arguments given) {
        return given.text("--mezzanine")
                .map(name -> Arrays.stream(MezzanineCodec.values())
                        .filter(codec -> codec.label().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalArgumentException("--mezzanine must be prores or dnxhr: " + name)));
    }

    private static void print(ExportResult result, Console console) {
        PrintStream out = console.out();
        out.println(PrintableLine.of("folder    " + result.folder()));
        result.files().forEach(file -> out.println("file      " + file));
        out.println("timeline  " + result.frames() + " frames at " + result.rate() + " fps");
        Table table = new Table("TIMECODE", "FRAMES", "REEL", "MEDIUM", "SIGNED");
        for (ExportResult.Clip clip : result.clips()) {
            table.add(
                    clip.timecode(),
                    String.valueOf(clip.frames()),
                    clip.reel(),
                    clip.file().toString(),
                    clip.manifest().map(SignedManifest::signer).orElse("OFF"));
        }
        table.print(console);
    }

    private static Map<String, Object> json(ExportResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("folder", result.folder().toString());
        json.put("files", result.files().stream().map(Path::toString).toList());
        json.put("rate", result.rate().decimal());
        json.put("frames", result.frames());
        json.put("clips", result.clips().stream().map(ExportCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(ExportResult.Clip clip) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", clip.assetId());
        json.put("file", clip.file().toString());
        json.put("reel", clip.reel());
        json.put("timecode", clip.timecode());
        json.put("frames", clip.frames());
        json.put("manifest", clip.manifest().map(SignedManifest::label).orElse("off"));
        clip.manifest().ifPresent(manifest -> json.put("signer", manifest.signer()));
        return json;
    }
}
