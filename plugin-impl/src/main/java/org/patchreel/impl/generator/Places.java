package org.patchreel.impl.generator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;

/**
 * Where clips can be made now: on this machine one at a time, as a model fills it alone; by a model that runs elsewhere, as many
 * as it can make at once. Safe for use from any thread.
 */
final class Places {

    private final InstalledModels models;

    /** Guarded by this, as is {@link #elsewhere}. */
    private boolean takenHere;

    private final Map<RemoteModel, Integer> elsewhere = new HashMap<>();

    Places(InstalledModels models) {
        this.models = models;
    }

    /**
     * Finds a place for a job.
     *
     * @param job that waits
     * @return a model that could make its clip at once: the one that it was submitted for, or else one of the same name
     */
    synchronized Optional<VideoModel> find(Job job) {
        String name = job.record().subject().model();
        List<VideoModel> named = models.all().stream()
                .filter(model -> model.descriptor().name().equals(name))
                .toList();
        return Stream.concat(job.model().stream(), named.stream())
                .filter(this::isFree)
                .findFirst();
    }

    private boolean isFree(VideoModel model) {
        return model instanceof RemoteModel remote
                ? elsewhere.getOrDefault(remote, 0) < remote.concurrency()
                : !takenHere;
    }

    /** Takes the place that was found. */
    synchronized void take(VideoModel model) {
        if (model instanceof RemoteModel remote) {
            elsewhere.merge(remote, 1, Integer::sum);
        } else {
            takenHere = true;
        }
    }

    /** Leaves it to others. */
    synchronized void leave(VideoModel model) {
        if (model instanceof RemoteModel remote) {
            elsewhere.computeIfPresent(remote, (each, count) -> count == 1 ? null : count - 1);
        } else {
            takenHere = false;
        }
    }
}
