package org.patchreel.impl.generator;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.label.VisibleLabel;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.spi.ConfigurationException;

/** Gives orders the visible label that is configured. */
final class Labelling {

    /** Knows the configured labels. */
    @FunctionalInterface
    interface Labels {

        /**
         * The label of a clip or still that is asked for now.
         *
         * @param composite whether footage of others is a part of it
         * @return empty if it shall have none
         * @throws ConfigurationException if there was no good configuration yet
         */
        Optional<VisibleLabel> label(boolean composite);
    }

    private final Labels labels;
    private final CurrentStore stores;

    Labelling(Labels labels, CurrentStore stores) {
        this.labels = labels;
        this.stores = stores;
    }

    /**
     * Adds the label, if there is one.
     *
     * @param work what to make
     * @return the same, with the label
     * @throws IllegalArgumentException if the label has no room in the frames; the message names both
     * @throws GenerationException if the configuration cannot be used, or the store cannot be read
     */
    ResolvedRequest labelled(ResolvedRequest work) throws GenerationException {
        WorkOrder order = work.order();
        boolean composite = !order.sourceType().equals(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
        Optional<VisibleLabel> label;
        try {
            label = labels.label(composite);
        } catch (ConfigurationException e) {
            throw new GenerationException(Reason.ENCODING, "no clip can be labelled: " + e.getMessage(), e);
        }
        if (label.isEmpty()) {
            return work;
        }
        LabelImage.of(label.get().look(), order.format().size());
        return new ResolvedRequest(work.model(), order.labelled(label.get().borneBy(bearers(order, label.get()))));
    }

    /** The assets among the continued clips that bear the label in frames of the same size. */
    private Set<String> bearers(WorkOrder order, VisibleLabel label) throws GenerationException {
        Set<String> bearers = new HashSet<>();
        for (WorkSource.Continued clip : order.continued()) {
            if (clip.shown() && clip.asset().isPresent() && bears(clip.asset().get(), order, label)) {
                bearers.add(clip.asset().get());
            }
        }
        return bearers;
    }

    private boolean bears(String asset, WorkOrder order, VisibleLabel label) throws GenerationException {
        try {
            Optional<AssetMetadata> metadata = stores.get().find(asset).map(StoredAsset::metadata);
            return metadata.filter(
                            made -> made.format().size().equals(order.format().size()))
                    .flatMap(AssetMetadata::label)
                    .filter(use(label)::equals)
                    .isPresent();
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "asset " + asset + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return what the metadata of an asset say of its label} */
    static AssetMetadata.Label use(VisibleLabel label) {
        return new AssetMetadata.Label(label.look().text(), label.profile().label());
    }
}
