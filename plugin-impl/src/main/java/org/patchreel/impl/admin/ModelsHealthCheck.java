package org.patchreel.impl.admin;

import java.util.ArrayList;
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

/**
 * Tells a host's Felix health checks what clips can be made with: the models with their devices, libtorch, the encoder.
 * See {@link ProvenanceHealthCheck}.
 */
@Component(
        service = HealthCheck.class,
        property = {"hc.name=Patchreel models", "hc.tags=patchreel", "hc.mbean.name=patchreelModels"})
public final class ModelsHealthCheck implements HealthCheck {

    private final BundleContext context;
    private final InstalledModels models;
    private final @Nullable VideoEncoders encoders;

    /**
     * Creates the check.
     *
     * @param context whose framework to examine
     * @param models whose health to ask
     * @param encoders may be absent: that is a finding
     */
    @Activate
    public ModelsHealthCheck(
            BundleContext context,
            @Reference InstalledModels models,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    VideoEncoders encoders) {
        this.context = context;
        this.models = models;
        this.encoders = encoders;
    }

    @Override
    public Result execute() {
        List<Finding> findings = new ArrayList<>(Examination.models(models.all()));
        findings.add(Examination.natives(context));
        findings.add(Examination.encoders(encoders));
        return HealthReport.of(findings);
    }
}
