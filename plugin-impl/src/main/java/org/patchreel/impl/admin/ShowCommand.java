package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetId;
import org.patchreel.spi.AssetStore;

/** {@code patchreel:show}: tells how a clip was made. */
@Component(
        service = ShowCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=show"})
public final class ShowCommand {

    private static final String USAGE = """
            show ID [--json]        tells how a clip was made and where its files are

            example: show 01JD3V7Q0P8W5N2M4K6H8F0D2B""";

    private static final Syntax SYNTAX = new Syntax(Set.of(), Set.of("--json", "--help"));

    private final AssetStore store;

    /**
     * Creates the command.
     *
     * @param store keeps the clips
     */
    @Activate
    public ShowCommand(@Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store) {
        this.store = store;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments the asset's ID and options
     * @throws Exception if the caller made a mistake or the asset cannot be read
     */
    @Descriptor("tells how a clip was made: show 01JD3V7Q0P8W5N2M4K6H8F0D2B")
    public void show(CommandSession session, @Descriptor("ID and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(console.out(), arguments);
            return 0;
        });
    }

    void run(PrintStream out, String... arguments) throws IOException {
        Arguments given = SYNTAX.parse(arguments);
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        String id = id(given.operand("asset ID"));
        AssetView asset = store.find(id)
                .map(AssetView::new)
                .orElseThrow(() -> new IllegalArgumentException("no such asset: " + id + "; assets lists them"));
        if (given.has("--json")) {
            out.println(Json.write(asset.details()));
        } else {
            asset.details().forEach((name, value) -> print(name, value, out));
        }
    }

    /** A further file of a clip is remembered by the clip's ID and a name of its own, which people try here. */
    private static String id(String operand) {
        int slash = operand.indexOf('/');
        if (slash > 0 && AssetId.isValid(operand.substring(0, slash))) {
            throw new IllegalArgumentException("an asset's ID has no " + operand.substring(slash) + " behind it: "
                    + operand + "; show " + operand.substring(0, slash) + " tells of the clip and its files");
        }
        return AssetId.check(operand);
    }

    private static void print(String name, Object value, PrintStream out) {
        if (value instanceof Map<?, ?> map) {
            out.println(name);
            map.forEach((key, each) -> out.println(PrintableLine.of("  " + key + "  " + each)));
        } else {
            out.println(PrintableLine.of(String.format(Locale.ROOT, "%-15s %s", name, value)));
        }
    }
}
