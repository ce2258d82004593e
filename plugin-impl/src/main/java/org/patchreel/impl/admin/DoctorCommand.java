package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.patchreel.impl.generator.InstalledModels;
import org.patchreel.impl.generator.SignedProvenance;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.spi.Watermarker;

/** {@code patchreel:doctor}: says what is wrong with an installation and what to do about it. */
@Component(
        service = DoctorCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=doctor"})
public final class DoctorCommand {

    private static final String USAGE = """
            doctor [--json]        looks for what is wrong with the installation and says
                                   what to do about it

            example: doctor --json""";

    private static final Syntax SYNTAX = new Syntax(Set.of(), Set.of("--json", "--help"));

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final Collection<ComponentStatus> parts;
    private final InstalledModels models;
    private final @Nullable VideoEncoders encoders;
    private final @Nullable AssetStore store;
    private final @Nullable SignedProvenance provenance;
    private final @Nullable Watermarker watermarker;
    private final @Nullable ClaimSigner signer;

    /**
     * Creates the command.
     *
     * @param context whose framework to examine
     * @param components knows what a component lacks
     * @param parts tell what keeps them from working
     * @param models whose health to ask
     * @param encoders may be absent: that is a finding
     * @param store may be absent: that is a finding
     * @param provenance may be absent: that is a finding
     * @param watermarker may be absent: that is a finding
     * @param signer may be absent: that is a finding
     */
    @Activate
    public DoctorCommand(
            BundleContext context,
            @Reference ServiceComponentRuntime components,
            @Reference(cardinality = ReferenceCardinality.MULTIPLE, policyOption = ReferencePolicyOption.GREEDY)
                    Collection<ComponentStatus> parts,
            @Reference InstalledModels models,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    VideoEncoders encoders,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    AssetStore store,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    SignedProvenance provenance,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    Watermarker watermarker,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ClaimSigner signer) {
        this.context = context;
        this.components = components;
        this.parts = parts;
        this.models = models;
        this.encoders = encoders;
        this.store = store;
        this.provenance = provenance;
        this.watermarker = watermarker;
        this.signer = signer;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake; if something is wrong, after it was printed
     */
    @Descriptor("says what is wrong with the installation and what to do about it: doctor --json")
    public void doctor(CommandSession session, @Descriptor("options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(console.out(), arguments);
            return 0;
        });
    }

    private void run(PrintStream out, String... arguments) {
        Arguments given = SYNTAX.parse(arguments);
        given.refuseOperands();
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Diagnostics.java());
        findings.addAll(Diagnostics.bundles(context));
        List<Problem> problems = ConfigurationDiagnostics.problems(parts);
        findings.addAll(ConfigurationDiagnostics.refused(problems));
        findings.addAll(Diagnostics.components(context, components));
        if (problems.stream().noneMatch(problem -> problem.subject().equals(Diagnostics.LIBTORCH))) {
            findings.add(Diagnostics.natives(context));
        }
        findings.addAll(Diagnostics.models(models.all(), problems));
        findings.add(Diagnostics.encoders(encoders));
        findings.addAll(ProvenanceDiagnostics.all(provenance, watermarker, signer, Instant.now()));
        findings.add(Diagnostics.assets(store));
        findings.add(Diagnostics.home(context));
        report(findings, given.has("--json"), out);
    }

    static void report(List<Finding> findings, boolean json, PrintStream out) {
        long wrong = findings.stream().filter(finding -> !finding.good()).count();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("good", wrong == 0);
            report.put("findings", findings.stream().map(DoctorCommand::json).toList());
            out.println(Json.write(report));
        } else {
            for (Finding finding : findings) {
                out.println(word(finding) + finding.subject() + ": " + finding.state());
                if (!finding.remedy().isEmpty()) {
                    out.println("       " + finding.remedy());
                }
            }
        }
        if (wrong > 0) {
            throw new CommandException(wrong == 1 ? "1 thing is wrong" : wrong + " things are wrong", null);
        }
    }

    private static String word(Finding finding) {
        return switch (finding.urgency()) {
            case NONE -> "good   ";
            case SOON -> "SOON   ";
            case NOW -> "WRONG  ";
        };
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("subject", finding.subject());
        json.put("good", finding.good());
        json.put("state", finding.state());
        if (!finding.remedy().isEmpty()) {
            json.put("remedy", finding.remedy());
        }
        return json;
    }
}
