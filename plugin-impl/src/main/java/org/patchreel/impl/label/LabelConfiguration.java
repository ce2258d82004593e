package org.patchreel.impl.label;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.impl.media.LabelLook;
import org.patchreel.impl.media.LabelPosition;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration of visible labels. Safe for use from any thread. */
@Component(
        service = {LabelConfiguration.class, ComponentStatus.class},
        configurationPid = LabelConfiguration.PID)
@Designate(ocd = LabelConfiguration.Config.class)
public final class LabelConfiguration implements ComponentStatus {

    static final String PID = "org.patchreel.label";

    private static final Logger LOG = LoggerFactory.getLogger(LabelConfiguration.class);

    private static final int BY_PROFILE = -1;
    private static final int DEFAULT_OPACITY = 75;
    private static final int MAX_TEXT = 80;
    private static final int MAX_PRODUCER = 200;

    @ObjectClassDefinition(
            name = "Patchreel visible labels",
            description = "A text in the pictures that says that a model made them. A change applies to jobs that are"
                    + " submitted after it")
    @interface Config {
        @AttributeDefinition(
                description = "Whose rules the label follows; none for no label",
                options = {
                    @Option(label = "no label", value = "none"),
                    @Option(label = "European Union", value = "eu"),
                    @Option(label = "China", value = "cn"),
                    @Option(label = "India", value = "in"),
                    @Option(label = "Korea", value = "kr"),
                    @Option(label = "California", value = "ca"),
                    @Option(label = "as configured", value = "custom")
                })
        String profile() default "none";

        @AttributeDefinition(
                description =
                        "Text of the label, of at most 80 characters; empty for the one of the language, which tells"
                                + " generated from modified pictures. The profile custom needs it")
        String text() default "";

        @AttributeDefinition(description = "Language of the text, such as de or zh-CN; empty for that of the profile")
        String locale() default "";

        @AttributeDefinition(
                description = "Where it stands: top-left, top, top-right, bottom-left, bottom or bottom-right; empty"
                        + " for the place of the profile")
        String position() default "";

        @AttributeDefinition(
                description = "For how many seconds it is shown, from the first frame on; 0 throughout, -1 for as long"
                        + " as the profile says. The profile cn wants 2 or more, in and kr 0")
        int seconds() default BY_PROFILE;

        @AttributeDefinition(
                description = "Whether it is shown for as long again after each cut to another shot, where it is not"
                        + " shown throughout")
        boolean shots() default true;

        @AttributeDefinition(
                name = "height.percent",
                description = "Height of a capital letter in percent of the frame's shorter side, 2 to 30; the profile"
                        + " cn wants 5 or more")
        int height_percent() default LabelProfile.DEFAULT_HEIGHT;

        @AttributeDefinition(
                description = "Opacity of the box behind the text in percent, 60 to 100; with less the text cannot be"
                        + " read on every background")
        int opacity() default DEFAULT_OPACITY;

        @AttributeDefinition(
                description = "Name or code of who provides the service, for the metadata AIGC of the profile cn, which"
                        + " needs it")
        String producer() default "";

        @AttributeDefinition(
                description = "Whether clips are kept without the label, too, as master.mp4 beside them: marked and"
                        + " signed, for editors and operators alone. Each takes as much space again")
        boolean master() default false;
    }

    private final Settings<Optional<LabelSettings>> settings;

    /**
     * Reads the configuration.
     *
     * @param config the values
     * @param properties of the component
     */
    @Activate
    public LabelConfiguration(Config config, Map<String, Object> properties) {
        settings = new Settings<>(PID, properties, values -> read(config, values));
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> read(config, values));
        warn();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    /**
     * The label of a clip or still that is asked for now.
     *
     * @param composite whether footage of others is a part of it
     * @return empty if it shall have none
     * @throws ConfigurationException if there was no good configuration yet
     */
    public Optional<VisibleLabel> label(boolean composite) {
        return settings.get().map(label -> label.label(composite));
    }

    private static Optional<LabelSettings> read(Config config, ConfigurationValues values) {
        List<Map.Entry<String, Optional<LabelProfile>>> profiles = new ArrayList<>();
        profiles.add(Map.entry("none", Optional.empty()));
        for (LabelProfile profile : LabelProfile.values()) {
            profiles.add(Map.entry(profile.label(), Optional.of(profile)));
        }
        return values.option("profile", config::profile, profiles).map(profile -> read(profile, config, values));
    }

    private static LabelSettings read(LabelProfile profile, Config config, ConfigurationValues values) {
        int seconds = values.integer("seconds", config::seconds, BY_PROFILE, Integer.MAX_VALUE);
        int shown = seconds == BY_PROFILE ? profile.seconds() : seconds;
        profile.tooShort(shown).ifPresent(reason -> {
            throw values.refused("seconds", reason);
        });
        return new LabelSettings(
                profile,
                text(profile, config, values),
                position(profile, config, values),
                height(profile, config, values),
                values.integer("opacity", config::opacity, LabelLook.MIN_OPACITY, 100),
                new VisibleLabel.Timing(shown, values.flag("shots", config::shots)),
                producer(profile, config, values),
                values.flag("master", config::master));
    }

    private static int height(LabelProfile profile, Config config, ConfigurationValues values) {
        int height = values.integer("height.percent", config::height_percent, 1, LabelLook.MAX_HEIGHT);
        if (height < profile.minHeight()) {
            throw values.refused(
                    "height.percent", "profile " + profile.label() + " expects " + profile.minHeight() + " or more");
        }
        return height;
    }

    private static LabelPosition position(LabelProfile profile, Config config, ConfigurationValues values) {
        return config.position().isBlank()
                ? profile.position()
                : values.option(
                        "position",
                        config::position,
                        Stream.of(LabelPosition.values())
                                .map(position -> Map.entry(position.label(), position))
                                .toList());
    }

    private static LabelText text(LabelProfile profile, Config config, ConfigurationValues values) {
        String text = config.text().strip();
        if (text.isEmpty() && profile == LabelProfile.CUSTOM) {
            throw values.refused("text", "profile custom expects one");
        }
        if (text.length() > MAX_TEXT || text.codePoints().anyMatch(Character::isISOControl)) {
            throw values.refused("text", "expected one line of at most " + MAX_TEXT + " characters");
        }
        LabelText said = text.isEmpty() ? builtIn(profile, config, values) : new LabelText(text, text);
        String key = text.isEmpty() ? "locale" : "text";
        profile.lacking(said.generated()).ifPresent(reason -> {
            throw values.refused(key, reason);
        });
        String missing = LabelImage.missing(said.generated() + said.modified());
        if (!missing.isEmpty()) {
            throw values.refused(key, "the fonts of labels lack the characters " + missing);
        }
        return said;
    }

    private static LabelText builtIn(LabelProfile profile, Config config, ConfigurationValues values) {
        // File formats of configurations write a locale either way.
        Locale locale = config.locale().isBlank()
                ? profile.language()
                : Locale.forLanguageTag(config.locale().strip().replace('_', '-'));
        return LabelText.in(locale.getLanguage())
                .orElseThrow(() -> values.refused(
                        "locale", "expected one of the languages " + LabelText.languages() + ", or a text"));
    }

    private static Optional<String> producer(LabelProfile profile, Config config, ConfigurationValues values) {
        String producer = config.producer().strip();
        if (producer.length() > MAX_PRODUCER || producer.codePoints().anyMatch(Character::isISOControl)) {
            throw values.refused("producer", "expected at most " + MAX_PRODUCER + " characters");
        }
        if (profile.namesProducer() && producer.isEmpty()) {
            throw values.refused("producer", "profile cn expects the name or code of who provides the service");
        }
        return profile.namesProducer() ? Optional.of(producer) : Optional.empty();
    }
}
