package org.patchreel.impl.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.generator.InstalledModels;
import org.patchreel.spi.Metric;
import org.patchreel.spi.MetricSource;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;

/** Memory that the models of this machine take, most of which Java's own tools do not see. */
@Component(service = MetricSource.class)
public final class ModelMetrics implements MetricSource {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final int KIBIBYTE = 1024;

    private final Supplier<List<VideoModel>> models;

    /**
     * Creates the source.
     *
     * @param models of the installation
     */
    @Activate
    public ModelMetrics(@Reference InstalledModels models) {
        this(models::all);
    }

    ModelMetrics(Supplier<List<VideoModel>> models) {
        this.models = models;
    }

    @Override
    public String subject() {
        return "Models";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.gauge(
                        "weights_bytes",
                        "bytes",
                        "Native memory of the weights that this process has loaded",
                        this::weights),
                Metric.gauge(
                        "resident_bytes",
                        "bytes",
                        "Main memory of this process: Java's heap, weights, what sampling and encoding take",
                        ModelMetrics::resident));
    }

    private double weights() {
        return models.get().stream()
                .filter(model -> !(model instanceof RemoteModel))
                .mapToLong(model -> model.health().nativeBytes())
                .sum();
    }

    private static double resident() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(RESIDENT)) {
                return Double.parseDouble(line.replaceAll("\\D", "")) * KIBIBYTE;
            }
        }
        throw new IOException(STATUS + " has no line " + RESIDENT);
    }
}
