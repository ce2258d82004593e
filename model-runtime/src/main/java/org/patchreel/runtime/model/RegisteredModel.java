package org.patchreel.runtime.model;

import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.patchreel.spi.VideoModel;

/**
 * A model in the service registry.
 *
 * @param model the service
 * @param name by which requests choose it
 * @param registration of it
 */
record RegisteredModel(VideoModel model, String name, ServiceRegistration<VideoModel> registration)
        implements AutoCloseable {

    /**
     * Registers a model.
     *
     * @param name by which requests choose it
     * @param ranking the highest is the installation's default
     */
    static RegisteredModel register(BundleContext context, VideoModel model, String name, int ranking) {
        Map<String, Object> properties = Map.of(VideoModel.NAME, name, Constants.SERVICE_RANKING, ranking);
        return new RegisteredModel(
                model, name, context.registerService(VideoModel.class, model, FrameworkUtil.asDictionary(properties)));
    }

    /** Withdraws the model because its configuration changed: it still works for the jobs that were to use it. */
    void withdrawReplaced() {
        registration.setProperties(
                FrameworkUtil.asDictionary(Map.of(VideoModel.NAME, name, VideoModel.REPLACED, true)));
        registration.unregister();
    }

    /** Withdraws the model unless that was done, then unloads it; if a generation still uses it, when that ends. */
    @Override
    public void close() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // it was replaced
        }
        if (model instanceof CheckpointModel checkpoint) {
            checkpoint.close();
        }
    }
}
