package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.FrameSize;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.LumaFrame;
import org.patchreel.impl.media.LumaReader;
import org.patchreel.impl.media.LumaSize;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.patchreel.spi.Watermarker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks with the newest secret and detects with all. It tells no one how sure a detection is: that would teach an attacker
 * how much to change.
 */
@Component(
        service = {Watermarker.class, ComponentStatus.class},
        configurationPid = WatermarkService.PID)
@Designate(ocd = WatermarkService.Config.class)
public final class WatermarkService implements SharingWatermarker, ComponentStatus {
    static final String PID = "org.patchreel.watermark";

    private static final Logger LOG = LoggerFactory.getLogger(WatermarkService.class);

    /** The method's name in manifests; the number goes up when marks change so that old detectors cannot read them. */
    static final String ALGORITHM = "org.patchreel.watermark.1";

    @ObjectClassDefinition(
            name = "Patchreel watermark",
            description = "The secrets that marks are made and found with. Whoever has them can make and remove marks;"
                    + " without them no mark can be read")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Folder of the secrets, a file watermark-*.secret for each epoch; the last in the order of"
                                + " names marks, all detect. The first is made if there is none. A relative one is taken from"
                                + " the framework property patchreel.home, else from the working directory")
        String secrets() default "secrets";

        @AttributeDefinition(
                description =
                        "Make the first secret if the folder has none. Switch it off where only secrets of another"
                                + " installation are of use, as on a worker")
        boolean create() default true;

        @AttributeDefinition(
                description =
                        "PKCS#12 keystore with a secret-key entry of at least 32 bytes for each epoch, in the order"
                                + " of aliases; empty to use the folder")
        String keystore() default "";

        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(type = AttributeType.PASSWORD, description = "Password of the keystore and its entries")
        String _keystore_password() default "";
    }

    /** All that the secrets are needed for. */
    private record Marks(WatermarkEmbedder embedder, WatermarkDetector detector) {
        /** Of these epochs, the newest last. */
        static Marks of(List<WatermarkKey> keys) {
            return new Marks(new WatermarkEmbedder(keys.get(keys.size() - 1)), new WatermarkDetector(keys));
        }
    }

    private final Settings<Marks> settings;
    private final Supplier<MarkId> ids;

    /**
     * Reads the secrets, and makes the first one if there is none.
     *
     * @param context tells where relative paths start
     * @param config where the secrets are
     * @param properties of the component
     */
    @Activate
    public WatermarkService(BundleContext context, Config config, Map<String, Object> properties) {
        this(new Settings<>(PID, properties, values -> marks(values, context, config)), MarkId::random);
        warn();
    }

    @Modified
    void modified(BundleContext context, Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> marks(values, context, config));
        warn();
    }

    private static Marks marks(ConfigurationValues values, BundleContext context, Config config) throws IOException {
        return Marks.of(keys(HomeFolder.of(context), config, values.flag("create", config::create)));
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    /** Of these epochs, the newest last; each mark gets the next of the IDs. */
    WatermarkService(List<WatermarkKey> keys, Supplier<MarkId> ids) {
        this(new Settings<>(Marks.of(keys)), ids);
    }

    private WatermarkService(Settings<Marks> settings, Supplier<MarkId> ids) {
        this.settings = settings;
        this.ids = ids;
    }

    static List<WatermarkKey> keys(HomeFolder home, Config config, boolean create) throws IOException {
        List<byte[]> secrets = config.keystore().isEmpty()
                ? SecretFolder.open(home.resolve(config.secrets()), create)
                : SecretKeystore.open(
                        home.resolve(config.keystore()),
                        config._keystore_password().toCharArray());
        return secrets.stream().map(WatermarkKey::derive).toList();
    }

    @Override
    public String algorithm() {
        return ALGORITHM;
    }

    @Override
    public MarkingSink mark(VideoFormat format, FrameSink next) {
        return settings.get().embedder().mark(ids.get(), format, next);
    }

    @Override
    public List<Mark> detect(Path clip) throws IOException {
        return detect(clip, List.of());
    }

    @Override
    public List<Mark> detect(Path clip, Collection<String> expected) throws IOException {
        expected.forEach(MarkId::parse); // refused before the file is decoded
        usable();
        MarkReader reader = reader();
        LumaReader.read(clip, List.of(reader));
        return reader.marks(clip, expected);
    }

    @Override
    public MarkReader reader() {
        return new Reader();
    }

    private final class Reader implements MarkReader {
        private final ClipResiduals.Collector residuals = new ClipResiduals.Collector();

        @Override
        public LumaSize wanted() {
            return residuals.wanted();
        }

        @Override
        public void begin(FrameSize nativeSize, FrameSize size) {
            residuals.begin(nativeSize, size);
        }

        @Override
        public void accept(LumaFrame frame) throws IOException {
            residuals.accept(frame);
        }

        @Override
        public List<Mark> marks(Path file, Collection<String> expected) throws IOException {
            List<MarkId> ids = expected.stream().map(MarkId::parse).toList();
            return usable().detector().examine(residuals.residuals(file), ids).marks().stream()
                    .map(mark -> new Mark(mark.id().toString(), mark.range()))
                    .toList();
        }
    }

    private Marks usable() throws IOException {
        try {
            return settings.get();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
