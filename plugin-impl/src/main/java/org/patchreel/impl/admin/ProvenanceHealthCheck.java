package org.patchreel.impl.admin;

import java.time.Instant;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.impl.generator.SignedProvenance;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.Watermarker;

/**
 * Tells a host's <a href="https://felix.apache.org/documentation/subprojects/apache-felix-healthchecks.html">Felix health
 * checks</a> whether clips can be marked and signed: critical if they cannot, a warning from 30 days before the
 * certificate expires. In a framework without health checks this class is never loaded.
 */
@Component(
        service = HealthCheck.class,
        property = {"hc.name=Patchreel provenance", "hc.tags=patchreel", "hc.mbean.name=patchreelProvenance"})
public final class ProvenanceHealthCheck implements HealthCheck {

    private final SignedProvenance provenance;
    private final @Nullable Watermarker watermarker;
    private final @Nullable ClaimSigner signer;

    /**
     * Creates the check.
     *
     * @param provenance knows what is switched off
     * @param watermarker may be absent: that is a finding
     * @param signer may be absent: that is a finding
     */
    @Activate
    public ProvenanceHealthCheck(
            @Reference SignedProvenance provenance,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    Watermarker watermarker,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    ClaimSigner signer) {
        this.provenance = provenance;
        this.watermarker = watermarker;
        this.signer = signer;
    }

    @Override
    public Result execute() {
        return HealthReport.of(ProvenanceDiagnostics.all(provenance, watermarker, signer, Instant.now()));
    }
}
