package org.patchreel.policy.frames;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.OutputCheck;
import org.patchreel.spi.PictureClassifier;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.Settings;
import org.patchreel.spi.Submission;
import org.patchreel.spi.VideoFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at frames for explicit content, protected pictures and broken output. What cannot be judged is refused, by the exception that
 * says why. Safe for use from any thread.
 */
@Component(
        service = {OutputCheck.class, ComponentStatus.class},
        configurationPid = FrameCheck.PID,
        property = "service.ranking:Integer=100")
@Designate(ocd = FrameCheck.Config.class)
public final class FrameCheck implements OutputCheck, ComponentStatus {

    static final String PID = "org.patchreel.policy.frames";

    private static final Logger LOG = LoggerFactory.getLogger(FrameCheck.class);

    /** Measured: benchmarks/results/frames.md. */
    static final ProtectedPictures.Likeness LIKENESS = new ProtectedPictures.Likeness(12, 0.9);

    @ObjectClassDefinition(
            name = "Patchreel policy: frames",
            description =
                    "What is looked for in the frames of clips before they are signed, and of pictures and clips that"
                            + " requests refer to. See docs/policy.md")
    @interface Config {
        @AttributeDefinition(
                name = "frames.per.second",
                description =
                        "How many frames of a second are looked at, 1 to 30; fewer in clips of more than 600 such frames")
        int frames_per_second() default 2;

        @AttributeDefinition(
                description = "Clips that are black, of one colour or noise, or in which nothing moves",
                options = {
                    @Option(label = "refuse", value = "refuse"),
                    @Option(label = "hold", value = "hold"),
                    @Option(label = "off", value = "off")
                })
        String broken() default "hold";

        @AttributeDefinition(
                description = "Frames that are like a protected picture",
                options = {
                    @Option(label = "refuse", value = "refuse"),
                    @Option(label = "hold", value = "hold"),
                    @Option(label = "off", value = "off")
                })
        String likeness() default "refuse";

        @AttributeDefinition(
                description = "Frames that the picture classifier takes for explicit",
                options = {
                    @Option(label = "refuse", value = "refuse"),
                    @Option(label = "hold", value = "hold"),
                    @Option(label = "off", value = "off")
                })
        String explicit() default "hold";

        @AttributeDefinition(
                name = "classifier.required",
                description =
                        "Whether everything is refused while no picture classifier is installed; otherwise explicit frames are"
                                + " not looked for then")
        boolean classifier_required() default false;

        @AttributeDefinition(
                description =
                        "Scores from which a frame is explicit, each as CLASS:NUMBER, above 0 and at most 1; other classes of"
                                + " the classifier are harmless")
        String[] thresholds() default {"porn:0.95", "hentai:0.85"};

        @AttributeDefinition(
                name = "protected.pictures",
                description = "Folder of JPEG and PNG files that no clip may show, relative to the home folder")
        String protected_pictures() default "policy/pictures";
    }

    private final HomeFolder home;
    private final Settings<FrameSettings> settings;
    private volatile @Nullable PictureClassifier classifier;
    private volatile @Nullable ProtectedPictures pictures;

    /**
     * Creates the check; reads no picture yet.
     *
     * @param context names the home folder
     * @param config what is looked for
     * @param properties of the component
     */
    @Activate
    public FrameCheck(BundleContext context, Config config, Map<String, Object> properties) {
        this(HomeFolder.of(context), config, properties);
    }

    FrameCheck(HomeFolder home, Config config, Map<String, ?> properties) {
        this.home = home;
        settings = new Settings<>(PID, properties, values -> FrameSettings.read(values, home, config));
        settings.problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Modified
    void update(Config config, Map<String, ?> properties) {
        settings.update(PID, properties, values -> FrameSettings.read(values, home, config));
        settings.problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setClassifier(PictureClassifier installed) {
        classifier = installed;
    }

    void unsetClassifier(PictureClassifier gone) {
        if (classifier == gone) {
            classifier = null;
        }
    }

    @Override
    public double framesPerSecond() {
        return settings.get().framesPerSecond();
    }

    @Override
    public PolicyDecision check(FrameSource frames, Subject subject, Submission submission) throws IOException {
        FrameSettings now = settings.get();
        // sources may be still, black or a mask
        boolean looksForBroken = subject == Subject.MADE && now.broken() != Consequence.OFF;
        Optional<ProtectedPictures> compared = protectedPictures(now);
        Optional<ExplicitPictures> explicit = explicitPictures(now);
        BrokenOutput broken = new BrokenOutput();
        @Nullable Finding held = null;
        for (Optional<VideoFrame> next = frames.next(); next.isPresent(); next = frames.next()) {
            VideoFrame frame = next.get();
            GreyPicture grey = GreyPicture.of(frame);
            if (looksForBroken) {
                broken.add(frame, grey);
            }
            Optional<Finding> finding = Optional.empty();
            if (compared.isPresent()) {
                finding = compared.get()
                        .find(grey, LIKENESS)
                        .map(name -> new Finding(
                                "frames-likeness", "a frame is like a picture that is protected here", now.likeness()));
            }
            if (finding.isEmpty() && explicit.isPresent()) {
                finding = explicit.get().find(frame).map(label -> explicit(label, now));
            }
            if (finding.isPresent() && finding.get().consequence() == Consequence.REFUSE) {
                return finding.get().decision();
            }
            held = held == null ? finding.orElse(null) : held;
        }
        Optional<Finding> found = Optional.ofNullable(held);
        if (looksForBroken) {
            Optional<Finding> shown = broken.finding()
                    .map(kind -> new Finding("frames-" + kind.label(), kind.explanation(), now.broken()));
            boolean counts = found.isEmpty() || now.broken() == Consequence.REFUSE;
            found = counts && shown.isPresent() ? shown : found;
        }
        return found.map(Finding::decision).orElseGet(PolicyDecision.Allowed::new);
    }

    private static Finding explicit(String label, FrameSettings now) {
        return new Finding(
                "frames-explicit-" + label, "this installation makes no clips of sexual content", now.explicit());
    }

    /** The folder as it is now; a picture that cannot be used refuses everything until it is corrected. */
    private Optional<ProtectedPictures> protectedPictures(FrameSettings now) throws IOException {
        if (now.likeness() == Consequence.OFF) {
            return Optional.empty();
        }
        ProtectedPictures known = pictures;
        if (known == null || !known.folder().equals(now.folder())) {
            known = new ProtectedPictures(now.folder());
            pictures = known;
        }
        return known.update() > 0 ? Optional.of(known) : Optional.empty();
    }

    private Optional<ExplicitPictures> explicitPictures(FrameSettings now) throws IOException {
        if (now.explicit() == Consequence.OFF) {
            return Optional.empty();
        }
        PictureClassifier installed = classifier;
        if (installed == null) {
            if (now.classifierRequired()) {
                throw new IOException("no picture classifier is installed, and " + PID + " requires one");
            }
            return Optional.empty();
        }
        return Optional.of(ExplicitPictures.of(installed, new TreeMap<>(now.thresholds())));
    }

    @Override
    public Optional<Problem> problem() {
        Optional<Problem> problem = settings.problem();
        if (problem.isPresent()) {
            return problem;
        }
        FrameSettings now = settings.get();
        try {
            protectedPictures(now);
            explicitPictures(now);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new Problem(
                    "checks of frames",
                    String.valueOf(e.getMessage()),
                    "correct what is named; all clips are refused before",
                    false));
        }
    }
}
