package org.patchreel.impl.generator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.patchreel.spi.VideoModel;

/** The models of the installation, which come and go with their services. Safe for use from any thread. */
@Component(service = InstalledModels.class)
public final class InstalledModels {

    private final Map<ServiceReference<VideoModel>, VideoModel> models = new ConcurrentHashMap<>();

    private final List<Consumer<VideoModel>> withdrawals = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addModel(VideoModel model, ServiceReference<VideoModel> reference) {
        models.put(reference, model);
    }

    void removeModel(ServiceReference<VideoModel> reference) {
        VideoModel gone = models.remove(reference);
        boolean replaced = Boolean.TRUE.equals(reference.getProperty(VideoModel.REPLACED));
        if (gone != null && !replaced) {
            withdrawals.forEach(listener -> listener.accept(gone));
        }
    }

    /**
     * Calls a listener when a model goes, before the model is closed; the listener must return at once. A model that is
     * replaced after a change of its configuration keeps working, and the listener is not called.
     */
    void addWithdrawalListener(Consumer<VideoModel> listener) {
        withdrawals.add(listener);
    }

    void removeWithdrawalListener(Consumer<VideoModel> listener) {
        withdrawals.remove(listener);
    }

    /** {@return the models, the installation's default first} */
    public List<VideoModel> all() {
        // a model's ranking may change while it is registered
        return models.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    /**
     * Finds a model.
     *
     * @param name as in its descriptor
     * @return the highest ranking model of this name, or empty
     */
    Optional<VideoModel> find(String name) {
        return all().stream()
                .filter(model -> model.descriptor().name().equals(name))
                .findFirst();
    }

    /** {@return the names, for messages: {@code "starter, wan-1.3b"}} */
    String names() {
        return all().stream().map(model -> model.descriptor().name()).distinct().collect(Collectors.joining(", "));
    }

    /** {@return what is known of a model's licence, in one line, if the model is installed} */
    Optional<String> licence(String name) {
        return find(name)
                .flatMap(model -> model.descriptor().capabilities())
                .map(model -> model.license().line());
    }
}
