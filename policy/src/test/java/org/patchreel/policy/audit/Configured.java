package org.patchreel.policy.audit;

import java.lang.annotation.Annotation;
import java.util.Map;

/** A configuration of some properties; the others have their defaults. */
@SuppressWarnings("ImmutableAnnotationChecker") // nobody changes the properties of a test
record Configured(Map<String, Object> properties) implements FileAuditSink.Config {

    @Override
    public boolean enabled() {
        return (Boolean) properties.getOrDefault("enabled", true);
    }

    @Override
    public String folder() {
        return (String) properties.getOrDefault("folder", "audit");
    }

    @Override
    public String prompts() {
        return (String) properties.getOrDefault("prompts", "digest");
    }

    @Override
    public int retention() {
        return (Integer) properties.getOrDefault("retention", 0);
    }

    @Override
    public int max_size() {
        return (Integer) properties.getOrDefault("max.size", 64);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
        return FileAuditSink.Config.class;
    }
}
