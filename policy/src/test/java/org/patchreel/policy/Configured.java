package org.patchreel.policy;

import java.lang.annotation.Annotation;
import java.util.Map;

/** A configuration of some properties; the others have their defaults. */
@SuppressWarnings("ImmutableAnnotationChecker") // nobody changes the properties of a test
record Configured(Map<String, Object> properties) implements TextPolicy.Config {

    private String option(String key) {
        return (String) properties.getOrDefault(key, "refuse");
    }

    @Override
    public String sexual() {
        return option("sexual");
    }

    @Override
    public String violence() {
        return option("violence");
    }

    @Override
    public String hate() {
        return option("hate");
    }

    @Override
    public String real_persons() {
        return option("real.persons");
    }

    @Override
    public String misinformation() {
        return option("misinformation");
    }

    @Override
    public String self_harm() {
        return option("self.harm");
    }

    @Override
    public String illegal() {
        return option("illegal");
    }

    @Override
    public String brands() {
        return option("brands");
    }

    @Override
    public String[] thresholds() {
        return (String[]) properties.getOrDefault("thresholds", new String[0]);
    }

    @Override
    public String[] allow() {
        return (String[]) properties.getOrDefault("allow", new String[0]);
    }

    @Override
    public String terms() {
        return (String) properties.getOrDefault("terms", "policy/terms");
    }

    @Override
    public Class<? extends Annotation> annotationType() {
        return TextPolicy.Config.class;
    }
}
