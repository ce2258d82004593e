package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;

/**
 * Marks with the newest secret and detects with all. It tells no one how sure a detection is: that would teach an attacker
 * how much to change.
 */
@Component(service = Watermarker.class, configurationPid = "org.patchreel.watermark")
@Designate(ocd = WatermarkService.Config.class)
public final class WatermarkService implements Watermarker {
    /** The method's name in manifests; the number goes up when marks change so that old detectors cannot read them. */
    static final String ALGORITHM = "org.patchreel.watermark.1";

    /** Framework property: the directory that relative paths of the configuration start from. */
    private static final String HOME = "patchreel.home";

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
                        "PKCS#12 keystore with a secret-key entry of at least 32 bytes for each epoch, in the order"
                                + " of aliases; empty to use the folder")
        String keystore() default "";

        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(type = AttributeType.PASSWORD, description = "Password of the keystore and its entries")
        String _keystore_password() default "";
    }

    private final WatermarkEmbedder embedder;
    private final WatermarkDetector detector;
    private final Supplier<MarkId> ids;

    /**
     * Reads the secrets, and makes the first one if there is none.
     *
     * @param context tells where relative paths start
     * @param config where the secrets are
     * @throws IOException if they cannot be read or made; the message names the file
     */
    @Activate
    public WatermarkService(BundleContext context, Config config) throws IOException {
        this(keys(home(context.getProperty(HOME)), config), MarkId::random);
    }

    /** Of these epochs, the newest last; each mark gets the next of the IDs. */
    WatermarkService(List<WatermarkKey> keys, Supplier<MarkId> ids) {
        this.ids = ids;
        embedder = new WatermarkEmbedder(keys.get(keys.size() - 1));
        detector = new WatermarkDetector(keys);
    }

    private static Path home(@Nullable String home) {
        return Path.of(home == null ? "" : home);
    }

    static List<WatermarkKey> keys(Path home, Config config) throws IOException {
        List<byte[]> secrets = config.keystore().isEmpty()
                ? SecretFolder.open(home.resolve(config.secrets()))
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
        return embedder.mark(ids.get(), format, next);
    }

    @Override
    public List<Mark> detect(Path clip) throws IOException {
        return detect(clip, List.of());
    }

    @Override
    public List<Mark> detect(Path clip, Collection<String> expected) throws IOException {
        List<MarkId> ids = expected.stream().map(MarkId::parse).toList();
        return detector.examine(clip, ids).marks().stream()
                .map(mark -> new Mark(mark.id().toString(), mark.range()))
                .toList();
    }
}
