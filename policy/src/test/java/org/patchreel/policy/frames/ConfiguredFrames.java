package org.patchreel.policy.frames;

import java.lang.annotation.Annotation;
import java.util.Map;

/** A configuration of some properties; the others have their defaults. */
@SuppressWarnings("ImmutableAnnotationChecker") // nobody changes the properties of a test
record ConfiguredFrames(Map<String, Object> properties) implements FrameCheck.Config {

    private String text(String key, String fallback) {
        return (String) properties.getOrDefault(key, fallback);
    }

    @Override
    public int frames_per_second() {
        return (Integer) properties.getOrDefault("frames.per.second", 2);
    }

    @Override
    public String broken() {
        return text("broken", "hold");
    }

    @Override
    public String likeness() {
        return text("likeness", "refuse");
    }

    @Override
    public String explicit() {
        return text("explicit", "hold");
    }

    @Override
    public boolean classifier_required() {
        return (Boolean) properties.getOrDefault("classifier.required", false);
    }

    @Override
    public String[] thresholds() {
        return (String[]) properties.getOrDefault("thresholds", new String[] {"porn:0.95", "hentai:0.85"});
    }

    @Override
    public String protected_pictures() {
        return text("protected.pictures", "policy/pictures");
    }

    @Override
    public Class<? extends Annotation> annotationType() {
        return FrameCheck.Config.class;
    }
}
