package org.patchreel.impl.label;

import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Labels as they are configured. */
public final class TestLabels {
    private TestLabels() {}

    /** The label of pictures that a model alone has made. */
    public static VisibleLabel generated(Map<String, ?> properties) {
        return label(properties, false).orElseThrow();
    }

    /** The label of pictures that a model has made, or has a share in. */
    public static Optional<VisibleLabel> label(Map<String, ?> properties, boolean composite) {
        return configuration(properties).label(composite);
    }

    static LabelConfiguration configuration(Map<String, ?> properties) {
        return new LabelConfiguration(new Configured(properties), new HashMap<>(properties));
    }

    @SuppressWarnings("ImmutableAnnotationChecker") // nobody changes the map
    private record Configured(Map<String, ?> properties) implements LabelConfiguration.Config {

        @SuppressWarnings("unchecked") // tests give values of the right types
        private <T> T value(String key, T standard) {
            return properties.containsKey(key) ? (T) properties.get(key) : standard;
        }

        @Override
        public String profile() {
            return value("profile", "none");
        }

        @Override
        public String text() {
            return value("text", "");
        }

        @Override
        public String locale() {
            return value("locale", "");
        }

        @Override
        public String position() {
            return value("position", "");
        }

        @Override
        public int seconds() {
            return value("seconds", -1);
        }

        @Override
        public boolean shots() {
            return value("shots", true);
        }

        @Override
        public int height_percent() {
            return value("height.percent", 5);
        }

        @Override
        public int opacity() {
            return value("opacity", 75);
        }

        @Override
        public String producer() {
            return value("producer", "");
        }

        @Override
        public boolean master() {
            return value("master", false);
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return LabelConfiguration.Config.class;
        }
    }
}
