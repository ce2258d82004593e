package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/**
 * The asset store of the installation, which may be replaced while clips are made: its bundle is updated, or a host's own
 * store comes. Safe for use from any thread.
 */
@Component(service = CurrentStore.class)
public final class CurrentStore {

    /** How long a clip waits for a store: longer than the update of a bundle takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int POLL_MILLIS = 20;

    private final Duration patience;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable AssetStore store;

    /** Creates one whose store is there when its service is. */
    @Activate
    public CurrentStore() {
        this(null, PATIENCE);
    }

    CurrentStore(@Nullable AssetStore store, Duration patience) {
        this.store = store;
        this.patience = patience;
    }

    void replace(@Nullable AssetStore other) {
        store = other;
    }

    /** {@return the store of now} */
    Optional<AssetStore> find() {
        return Optional.ofNullable(store);
    }

    /**
     * The store of now.
     *
     * @throws IOException if there is none
     */
    AssetStore get() throws IOException {
        return find().orElseThrow(() -> new IOException("no asset store is there; see doctor"));
    }

    /**
     * Waits for a store if there is none, as while its bundle is updated.
     *
     * @param monitor may cancel
     * @throws IOException if none came within a minute
     */
    AssetStore await(GenerationMonitor monitor) throws IOException, GenerationCancelledException {
        long start = System.nanoTime();
        while (find().isEmpty() && System.nanoTime() - start < patience.toNanos()) {
            monitor.checkCancelled();
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GenerationCancelledException();
            }
        }
        return get();
    }
}
