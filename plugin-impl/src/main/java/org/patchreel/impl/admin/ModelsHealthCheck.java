package org.patchreel.impl.admin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.impl.generator.InstalledModels;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ComponentStatus.Problem;

/**
 * Tells a host's Felix health checks what clips can be made with: the models with their devices, libtorch, the encoder,
 * and what keeps other parts from working.
 * See {@link ProvenanceHealthCheck}.
 */
@Component(
        service = HealthCheck.class,
        property = {"hc.name=Patchreel models", "hc.tags=patchreel", "hc.mbean.name=patchreelModels"})
public final class ModelsHealthCheck implements HealthCheck {

    private final BundleContext context;
    private final Collection<ComponentStatus> parts;
    private final InstalledModels models;
    private final @Nullable VideoEncoders encoders;

    /**
     * Creates the check.
     *
     * @param context whose framework to examine
     * @param parts tell what keeps them from working
     * @param models whose health to ask
     * @param encoders may be absent: that is a finding
     */
    @Activate
    public ModelsHealthCheck(
            BundleContext context,
            @Reference(cardinality = ReferenceCardinality.MULTIPLE, policyOption = ReferencePolicyOption.GREEDY)
                    Collection<ComponentStatus> parts,
            @Reference InstalledModels models,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    VideoEncoders encoders) {
        this.context = context;
        this.parts = parts;
        this.models = models;
        this.encoders = encoders;
    }

    @Override
    public Result execute() {
        List<Problem> problems = ConfigurationDiagnostics.problems(parts);
        List<Finding> findings = new ArrayList<>(ConfigurationDiagnostics.refused(problems));
        findings.addAll(Diagnostics.models(models.all(), problems));
        if (problems.stream().noneMatch(problem -> problem.subject().equals(Diagnostics.LIBTORCH))) {
            findings.add(Diagnostics.natives(context));
        }
        findings.add(Diagnostics.encoders(encoders));
        return HealthReport.of(findings);
    }
}
