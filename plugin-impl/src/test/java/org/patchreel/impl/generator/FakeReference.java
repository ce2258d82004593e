package org.patchreel.impl.generator;

import java.util.Comparator;
import java.util.Dictionary;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.patchreel.spi.VideoModel;

/** Orders services as a framework does: by ranking, then the older first. */
final class FakeReference implements ServiceReference<VideoModel> {

    private final int ranking;
    private final long id;
    private boolean replaced;

    FakeReference(int ranking, long id) {
        this.ranking = ranking;
        this.id = id;
    }

    @Override
    public int compareTo(Object other) {
        return Comparator.comparingInt((FakeReference each) -> each.ranking)
                .thenComparing(each -> each.id, Comparator.reverseOrder())
                .compare(this, (FakeReference) other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FakeReference reference && reference.id == id;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public @Nullable Object getProperty(String key) {
        return key.equals(VideoModel.REPLACED) ? replaced : null;
    }

    /** As a model is withdrawn whose configuration has changed. */
    FakeReference replaced() {
        replaced = true;
        return this;
    }

    @Override
    public String[] getPropertyKeys() {
        return new String[0];
    }

    @Override
    public @Nullable Bundle getBundle() {
        return null;
    }

    @Override
    public Bundle[] getUsingBundles() {
        return new Bundle[0];
    }

    @Override
    public boolean isAssignableTo(Bundle bundle, String className) {
        return true;
    }

    @Override
    public Dictionary<String, Object> getProperties() {
        return FrameworkUtil.asDictionary(Map.of());
    }

    @Override
    public <A> @Nullable A adapt(Class<A> type) {
        return null;
    }
}
