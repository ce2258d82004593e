package org.patchreel.impl.generator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.OutputKind;
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
        VisibleLabel drawn = label.get().borneBy(bearers(order, label.get()));
        return new ResolvedRequest(work.model(), drawn.master() ? mastered(order, drawn) : order.labelled(drawn));
    }

    /** A clip that is made of a labelled one shows that label: there is none without. */
    private WorkOrder mastered(WorkOrder order, VisibleLabel label) throws GenerationException {
        if (order.kind() == OutputKind.STILL) {
            return order.labelled(label.withoutMaster());
        }
        for (WorkSource source : order.sources()) {
            if (source.asset().isPresent() && label(source.asset().get()).isPresent()) {
                List<WorkShot> shots = new ArrayList<>(order.shots());
                shots.set(
                        0,
                        shots.get(0)
                                .noted("No master without a label was kept: the clip is made of "
                                        + source.asset().get() + ", which bears one."));
                return order.with(shots).labelled(label.withoutMaster());
            }
        }
        return order.labelled(label);
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
        return metadata(asset)
                .filter(made -> made.format().size().equals(order.format().size()))
                .flatMap(AssetMetadata::label)
                .filter(use(label)::equals)
                .isPresent();
    }

    private Optional<AssetMetadata.Label> label(String asset) throws GenerationException {
        return metadata(asset).flatMap(AssetMetadata::label);
    }

    private Optional<AssetMetadata> metadata(String asset) throws GenerationException {
        try {
            return stores.get().find(asset).map(StoredAsset::metadata);
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "asset " + asset + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return what the metadata of an asset say of its label} */
    static AssetMetadata.Label use(VisibleLabel label) {
        return new AssetMetadata.Label(label.look().text(), label.profile().label());
    }
}
