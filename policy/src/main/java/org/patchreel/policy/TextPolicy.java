package org.patchreel.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Settings;
import org.patchreel.spi.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses requests by the words of their texts. Without a configuration every category is refused. What cannot be judged is refused,
 * by the exception that says why. Safe for use from any thread.
 */
@Component(
        service = {PromptPolicy.class, ComponentStatus.class, TextPolicy.class},
        configurationPid = TextPolicy.PID,
        property = "service.ranking:Integer=100")
@Designate(ocd = TextPolicy.Config.class)
public final class TextPolicy implements PromptPolicy, ComponentStatus {

    static final String PID = "org.patchreel.policy";

    private static final Logger LOG = LoggerFactory.getLogger(TextPolicy.class);

    @ObjectClassDefinition(
            name = "Patchreel policy",
            description = "What may be asked for. Sexual content with children is always refused. See docs/policy.md")
    @interface Config {
        @AttributeDefinition(
                description = "Sexual content",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String sexual() default "refuse";

        @AttributeDefinition(
                description = "Graphic violence",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String violence() default "refuse";

        @AttributeDefinition(
                description = "Hate against groups of people",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String hate() default "refuse";

        @AttributeDefinition(
                name = "real.persons",
                description = "Well-known living persons",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String real_persons() default "refuse";

        @AttributeDefinition(
                description = "False news about elections and emergencies",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String misinformation() default "refuse";

        @AttributeDefinition(
                name = "self.harm",
                description = "Self-harm and suicide",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String self_harm() default "refuse";

        @AttributeDefinition(
                description = "How to commit crimes",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String illegal() default "refuse";

        @AttributeDefinition(
                description = "Brands and characters of others",
                options = {@Option(label = "refuse", value = "refuse"), @Option(label = "allow", value = "allow")})
        String brands() default "refuse";

        @AttributeDefinition(
                description =
                        "Scores from which the classifier refuses, each as CATEGORY:NUMBER, above 0 and at most 1;"
                                + " those of the model for categories that are not named")
        String[] thresholds() default {};

        @AttributeDefinition(description = "Terms that the members of a group may use, each as GROUP:TERM")
        String[] allow() default {};

        @AttributeDefinition(
                description =
                        "Folder of further term lists CATEGORY.txt or CATEGORY-NAME.txt, relative to the home folder")
        String terms() default "policy/terms";
    }

    private final HomeFolder home;
    private final Settings<PolicySettings> settings;
    private final LiveRules rules;

    /**
     * Creates the policy; reads neither lists nor the model yet.
     *
     * @param context names the home folder
     * @param config what is refused
     * @param properties of the component
     */
    @Activate
    public TextPolicy(BundleContext context, Config config, Map<String, Object> properties) {
        this(HomeFolder.of(context), config, properties);
    }

    TextPolicy(HomeFolder home, Config config, Map<String, ?> properties) {
        this.home = home;
        settings = new Settings<>(PID, properties, values -> PolicySettings.read(values, home, config));
        rules = new LiveRules(settings, System::nanoTime);
        settings.problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Modified
    void update(Config config, Map<String, ?> properties) {
        settings.update(PID, properties, values -> PolicySettings.read(values, home, config));
        settings.problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public PolicyDecision decide(Submission submission) {
        Set<String> texts = SubmissionTexts.of(submission);
        Optional<Finding> finding = judge(texts, submission.by().groups()).finding();
        finding.ifPresent(found -> LOG.info(
                "refused: category {}, rule {}, SHA-256 of the texts {}",
                found.category().map(Category::label).orElse("none"),
                found.rule(),
                digest(texts)));
        return finding.<PolicyDecision>map(found -> new PolicyDecision.Refused(found.rule(), found.explanation()))
                .orElseGet(PolicyDecision.Allowed::new);
    }

    /** Judges texts as they would be in a request of a member of some groups. */
    Judgement judge(Collection<String> texts, Set<String> groups) {
        return rules.now().judge(texts, groups);
    }

    @Override
    public Optional<Problem> problem() {
        return rules.problem();
    }

    private static String digest(Collection<String> texts) {
        try {
            byte[] bytes = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
