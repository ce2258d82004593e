package org.patchreel.runtime.model;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.spi.ModelLicense;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds bundles that carry a checkpoint, by the manifest header {@code Patchreel-Checkpoint: NAME;path=FOLDER}, and
 * registers each as a model that runs on the CPU. Weights are mapped from files: unless the bundle is a folder itself, the
 * checkpoint is unpacked into this bundle's data area. {@code ;license.acknowledged.by="WHO"} follows where the licence needs it.
 */
@Component(
        service = {},
        immediate = true)
public final class CheckpointExtender implements BundleTrackerCustomizer<RegisteredModel> {
    private static final String HEADER = "Patchreel-Checkpoint";
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointExtender.class);

    /** Embedded checkpoints yield to any that an operator configures. */
    private static final int RANKING = -1000;

    private final BundleContext context;
    private final ModelRuntime runtime;
    private final BundleTracker<RegisteredModel> tracker;

    /** Starts to track bundles. */
    @Activate
    public CheckpointExtender(BundleContext context, @Reference ModelRuntime runtime) {
        this.context = context;
        this.runtime = runtime;
        deleteUninstalled();
        this.tracker = new BundleTracker<>(context, Bundle.ACTIVE | Bundle.STARTING, this);
        tracker.open();
    }

    private void deleteUninstalled() {
        try {
            Set<String> installed = Stream.of(context.getBundles())
                    .map(bundle -> Long.toString(bundle.getBundleId()))
                    .collect(Collectors.toSet());
            UnpackedCheckpoint.deleteUninstalled(checkpoints(), installed);
        } catch (IOException e) {
            LOG.warn("checkpoints of bundles that were uninstalled cannot be deleted: {}", e.toString());
        }
    }

    private Path checkpoints() throws IOException {
        File data = context.getDataFile("checkpoints");
        if (data == null) {
            throw new IOException("this framework gives bundles no data area to unpack a checkpoint into");
        }
        return data.toPath().toAbsolutePath();
    }

    @Deactivate
    void deactivate() {
        tracker.close();
    }

    @Override
    public @Nullable RegisteredModel addingBundle(Bundle bundle, @Nullable BundleEvent event) {
        String header = bundle.getHeaders("").get(HEADER);
        if (header == null) {
            return null;
        }
        try {
            CheckpointHeader checkpoint = CheckpointHeader.parse(header);
            Path directory = UnpackedCheckpoint.of(bundle, checkpoint.path(), checkpoints());
            CheckpointModel model = new CheckpointModel(
                    checkpoint.name(),
                    directory,
                    Map.of(),
                    "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion(),
                    RuntimeOptions.CPU,
                    ModelRuntime.FAMILIES,
                    runtime.slot(),
                    ConfiguredModel.adapters(context, Optional.empty()),
                    new ModelLicense(Optional.empty(), List.of(), checkpoint.acknowledgedBy()));
            return RegisteredModel.register(context, model, checkpoint.name(), RANKING);
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("checkpoint of bundle {} cannot be installed: {}", bundle.getSymbolicName(), e.getMessage());
            return null;
        }
    }

    @Override
    public void modifiedBundle(Bundle bundle, @Nullable BundleEvent event, RegisteredModel registered) {}

    @Override
    public void removedBundle(Bundle bundle, @Nullable BundleEvent event, RegisteredModel registered) {
        registered.close();
    }
}
