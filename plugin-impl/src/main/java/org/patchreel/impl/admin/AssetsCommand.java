package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetStore;

/** {@code patchreel:assets}: lists the stored clips. */
@Component(
        service = AssetsCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=assets"})
public final class AssetsCommand {

    private static final String USAGE = """
            assets [--json]        lists the stored clips, the newest first

            example: assets --json""";

    private static final Syntax SYNTAX = new Syntax(Set.of(), Set.of("--json", "--help"));
    private static final int PROMPT_WIDTH = 60;

    private final AssetStore store;

    /**
     * Creates the command.
     *
     * @param store to list
     */
    @Activate
    public AssetsCommand(@Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store) {
        this.store = store;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake or the store cannot be read
     */
    @Descriptor("lists the stored clips, the newest first: assets --json")
    public void assets(CommandSession session, @Descriptor("options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(console, arguments);
            return 0;
        });
    }

    void run(Console console, String... arguments) throws IOException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        given.refuseOperands();
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        List<StoredAsset> assets = readable(console.err());
        if (given.has("--json")) {
            List<Object> json = new ArrayList<>();
            assets.forEach(asset -> json.add(new AssetView(asset).summary()));
            out.println(Json.write(json));
        } else if (assets.isEmpty()) {
            out.println("no clip is stored");
        } else {
            print(assets, console);
        }
    }

    /**
     * In the order in which they were made: a store may know no more than when their files were written, which a copy or a
     * restored backup changes. One damaged asset must not hide the others.
     */
    private List<StoredAsset> readable(PrintStream err) throws IOException {
        List<StoredAsset> assets = new ArrayList<>();
        for (AssetReference reference : store.list()) {
            try {
                Optional<StoredAsset> asset = store.find(reference.id());
                asset.ifPresent(assets::add);
            } catch (IOException e) {
                err.println(PrintableLine.of("asset " + reference.id() + " cannot be read: " + e.getMessage()));
            }
        }
        assets.sort(Comparator.comparing((StoredAsset asset) -> asset.metadata().created(), Comparator.reverseOrder()));
        return assets;
    }

    private static void print(List<StoredAsset> assets, Console console) {
        Table table = new Table("ID", "CREATED", "SIZE", "SECONDS", "MODEL", "PROMPT");
        for (StoredAsset asset : assets) {
            AssetMetadata metadata = asset.metadata();
            table.add(
                    asset.reference().id(),
                    metadata.created().truncatedTo(ChronoUnit.SECONDS).toString(),
                    metadata.format().size().toString(),
                    String.format(Locale.ROOT, "%.3f", metadata.format().seconds()),
                    metadata.model().name(),
                    shortened(metadata.prompt()));
        }
        table.print(console);
    }

    /** {@return the beginning of a prompt, on one line, for a table} */
    static String shortened(String prompt) {
        String line = prompt.replaceAll("\\s+", " ").strip();
        int end = line.offsetByCodePoints(0, Math.min(PROMPT_WIDTH, line.codePointCount(0, line.length())));
        return end == line.length() ? line : line.substring(0, end) + "...";
    }
}
