package org.patchreel.impl.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.SamplingPlan;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;

class ModelMetricsTest {

    private static final int GIB = 1 << 30;

    private record Here(long nativeBytes) implements VideoModel {
        @Override
        public ModelDescriptor descriptor() {
            return described();
        }

        @Override
        public ModelHealth health() {
            return healthy(nativeBytes);
        }

        @Override
        public SamplingPlan plan(ModelTask task) {
            throw new AssertionError("nothing is planned");
        }

        @Override
        public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor) {
            throw new AssertionError("nothing is generated");
        }
    }

    private record Elsewhere(long nativeBytes) implements RemoteModel {
        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public ModelDescriptor descriptor() {
            return described();
        }

        @Override
        public ModelHealth health() {
            return healthy(nativeBytes);
        }

        @Override
        public SamplingPlan plan(ModelTask task) {
            throw new AssertionError("nothing is planned");
        }

        @Override
        public String produce(String id, String order, Path directory, GenerationMonitor monitor) {
            throw new AssertionError("nothing is generated");
        }
    }

    private static ModelDescriptor described() {
        return new ModelDescriptor("wan", "a test", "cpu", "fp32", Optional.empty());
    }

    private static ModelHealth healthy(long nativeBytes) {
        return new ModelHealth(
                ModelHealth.Status.LOADED,
                "cpu",
                Optional.empty(),
                Optional.empty(),
                nativeBytes,
                Optional.empty(),
                List.of());
    }

    @Test
    void theWeightsOfWorkersTakeNoMemoryHere() throws IOException {
        ModelMetrics metrics = new ModelMetrics(() -> List.of(new Here(2L * GIB), new Elsewhere(GIB), new Here(3)));
        assertEquals(2.0 * GIB + 3, read(metrics, "weights_bytes"));
    }

    @Test
    void theProcessTakesAtLeastTheHeapThatIsInUse() throws IOException {
        byte[] touched = new byte[1 << 24];
        Arrays.fill(touched, (byte) 1);
        double resident = read(new ModelMetrics(List::of), "resident_bytes");
        assertTrue(resident > touched.length, resident + " bytes");
        assertTrue(resident < 1e13, resident + " bytes");
    }

    private static double read(ModelMetrics metrics, String name) throws IOException {
        return metrics.metrics().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow()
                .read()
                .getOrDefault("", Double.NaN);
    }
}
