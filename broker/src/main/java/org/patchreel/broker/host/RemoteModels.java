package org.patchreel.broker.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.patchreel.api.GenerationException;
import org.patchreel.api.SamplingPlan;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.RemoteModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers each model that workers announce, and withdraws it when none has announced it for a while and no clip of it is being
 * made.
 */
public final class RemoteModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteModels.class);

    /** Where services are registered. */
    public interface Registry {

        /**
         * Registers a model.
         *
         * @param model to register
         * @return withdraws it
         */
        Runnable register(RemoteModel model);
    }

    private final Host host;
    private final Registry registry;
    private final Duration kept;
    private final int ahead;
    private final Map<String, Registered> models = new HashMap<>();
    private final ScheduledExecutorService looking;

    /** A model and how to withdraw it. */
    private record Registered(AnnouncedModel model, Runnable withdrawal) {}

    /**
     * Begins to look.
     *
     * @param host knows the workers
     * @param registry takes the models
     * @param kept how long a model stays that no worker announces
     * @param ahead how many orders may wait at the broker beyond those that workers make
     * @param interval between looks
     */
    public RemoteModels(Host host, Registry registry, Duration kept, int ahead, Duration interval) {
        this.host = host;
        this.registry = registry;
        this.kept = kept;
        this.ahead = ahead;
        this.looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "patchreel-remote-models");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = looking.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Set<String> announced = new HashSet<>();
            for (Announcement worker : host.workers()) {
                worker.models()
                        .forEach(model -> announced.add(model.descriptor().name()));
            }
            synchronized (models) {
                for (String name : announced) {
                    models.computeIfAbsent(name, this::register).model().seen = System.nanoTime();
                }
                long now = System.nanoTime();
                models.values().removeIf(each -> {
                    boolean gone = now - each.model().seen > kept.toNanos()
                            && each.model().running.get() == 0;
                    if (gone) {
                        LOG.info("Model {} is withdrawn: no worker has it", each.model().name);
                        each.withdrawal().run();
                    }
                    return gone;
                });
            }
        } catch (RuntimeException e) {
            LOG.warn("The models of the workers cannot be registered", e);
        }
    }

    private Registered register(String name) {
        LOG.info("Model {} is registered: a worker has it", name);
        AnnouncedModel model = new AnnouncedModel(name);
        model.remember();
        return new Registered(model, registry.register(model));
    }

    /** Withdraws all. */
    @Override
    public void close() {
        looking.shutdownNow();
        synchronized (models) {
            models.values().forEach(each -> each.withdrawal().run());
            models.clear();
        }
    }

    /** A model of workers. */
    private final class AnnouncedModel implements RemoteModel {

        private final String name;
        private final AtomicInteger running = new AtomicInteger();
        /** When a worker had it, by {@link System#nanoTime}. */
        private volatile long seen = System.nanoTime();

        private volatile Optional<ModelDescriptor> latest = Optional.empty();

        private AnnouncedModel(String name) {
            this.name = name;
        }

        private List<Announcement> having() {
            return host.known().having(name);
        }

        /** What the first of the workers says of it, or has said last. */
        private ModelDescriptor remember() {
            having().stream()
                    .flatMap(worker -> KnownWorkers.model(worker, name).stream())
                    .findFirst()
                    .ifPresent(model -> latest = Optional.of(model.descriptor()));
            return latest.orElseGet(() -> new ModelDescriptor(name, "workers", "unknown", "unknown", Optional.empty()));
        }

        @Override
        public ModelDescriptor descriptor() {
            ModelDescriptor first = remember();
            String names = having().stream().map(Announcement::name).collect(Collectors.joining(", "));
            return new ModelDescriptor(
                    name,
                    names.isEmpty() ? "workers, none now" : "workers " + names,
                    first.device(),
                    first.precision(),
                    first.capabilities());
        }

        @Override
        public ModelHealth health() {
            List<ModelHealth> all = having().stream()
                    .flatMap(worker -> KnownWorkers.model(worker, name).stream())
                    .map(Announcement.Model::health)
                    .toList();
            if (all.isEmpty()) {
                return new ModelHealth(
                        ModelHealth.Status.UNAVAILABLE,
                        "workers",
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.of("no worker that takes orders has it now"),
                        List.of());
            }
            ModelHealth best = all.stream()
                    .filter(health -> health.status() != ModelHealth.Status.UNAVAILABLE)
                    .findFirst()
                    .orElse(all.get(0));
            String device = all.size() == 1 ? "1 worker: " : all.size() + " workers: ";
            return new ModelHealth(
                    best.status(),
                    device + best.device(),
                    best.engine(),
                    Optional.empty(),
                    best.nativeBytes(),
                    best.lastError(),
                    best.notes());
        }

        @Override
        public SamplingPlan plan(ModelTask task) throws GenerationException {
            return host.plan(name, task);
        }

        @Override
        public int concurrency() {
            int workers = having().size();
            return workers == 0 ? 0 : workers + ahead;
        }

        @Override
        public String produce(String id, String order, Path directory, GenerationMonitor monitor)
                throws GenerationException, GenerationCancelledException {
            running.incrementAndGet();
            try {
                return host.produce(id, name, order, directory, monitor);
            } finally {
                running.decrementAndGet();
            }
        }
    }
}
