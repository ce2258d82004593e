package org.patchreel.runtime.model;

import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.patchreel.runtime.wan.WanModel;
import org.patchreel.spi.VideoModel;

/**
 * A model in the service registry.
 *
 * @param model the service
 * @param registration of it
 */
record RegisteredModel(WanModel model, ServiceRegistration<VideoModel> registration) implements AutoCloseable {

    /**
     * Registers a model.
     *
     * @param name by which requests choose it
     * @param ranking the highest is the installation's default
     */
    static RegisteredModel register(BundleContext context, WanModel model, String name, int ranking) {
        Map<String, Object> properties = Map.of(VideoModel.NAME, name, Constants.SERVICE_RANKING, ranking);
        return new RegisteredModel(
                model, context.registerService(VideoModel.class, model, FrameworkUtil.asDictionary(properties)));
    }

    /** Withdraws the model, then unloads it; if a generation still uses it, when that ends. */
    @Override
    public void close() {
        registration.unregister();
        model.close();
    }
}
