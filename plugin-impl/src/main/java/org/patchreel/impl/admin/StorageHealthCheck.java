package org.patchreel.impl.admin;

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
import org.patchreel.spi.AssetStore;

/**
 * Tells a host's Felix health checks whether clips can be stored, and how much space the disk has. It opens a draft and
 * discards it, which a repository may have to write something for, and so is not done at every look. See {@link
 * ProvenanceHealthCheck}.
 */
@Component(
        service = HealthCheck.class,
        property = {
            "hc.name=Patchreel storage",
            "hc.tags=patchreel",
            "hc.mbean.name=patchreelStorage",
            "hc.resultCacheTtlInMs:Long=60000"
        })
public final class StorageHealthCheck implements HealthCheck {

    private final BundleContext context;
    private final @Nullable AssetStore store;

    /**
     * Creates the check.
     *
     * @param context knows the home folder
     * @param store may be absent: that is a finding
     */
    @Activate
    public StorageHealthCheck(
            BundleContext context,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    AssetStore store) {
        this.context = context;
        this.store = store;
    }

    @Override
    public Result execute() {
        return HealthReport.of(List.of(Diagnostics.assets(store), Diagnostics.home(context)));
    }
}
