package org.patchreel.impl.signing;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

/**
 * Signs with a key of a PKCS#12 file or of a PKCS#11 token; without configuration, with one that it makes for development.
 * Its low ranking lets a host's own signer win.
 */
@Component(
        service = {ClaimSigner.class, KeyStoreClaimSigner.class},
        configurationPid = KeyStoreClaimSigner.PID,
        property = "service.ranking:Integer=-1000")
@Designate(ocd = KeyStoreClaimSigner.Config.class)
public final class KeyStoreClaimSigner implements ClaimSigner {
    static final String PID = "org.patchreel.signing";

    private static final String SECRETS = "secrets";

    @ObjectClassDefinition(
            name = "Patchreel claim signer",
            description =
                    "The key that C2PA claims are signed with. Without a keystore and without a token, a certificate"
                            + " for development is made, which no validator trusts")
    @interface Config {
        @AttributeDefinition(
                description =
                        "PKCS#12 file with the private key, its certificate and those up to the root. Read for each"
                                + " claim: to rotate the key, move another file into its place. A relative path is taken from the"
                                + " framework property patchreel.home, else from the working directory")
        String keystore_path() default "";

        @AttributeDefinition(description = "Shared library of a PKCS#11 module, instead of a keystore")
        String pkcs11_library() default "";

        @AttributeDefinition(
                description = "ID of the token's slot, decimal, or hexadecimal with 0x; empty means the first slot")
        String pkcs11_slot() default "";

        @AttributeDefinition(
                description =
                        "Folder of the certificate for development. A relative one is taken from the framework"
                                + " property patchreel.home; empty means secrets there, or without that property the bundle's data area")
        String secrets() default "";

        @AttributeDefinition(description = "Alias of the key; may be empty if there is only one")
        String alias() default "";

        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(
                name = "Password",
                description = "Password of the keystore and its key, or the token's user PIN",
                type = AttributeType.PASSWORD)
        String _password() default "";
    }

    private volatile CredentialSource source;
    private final Clock clock;

    /**
     * Names the key; it is not touched before the first claim.
     *
     * @param context tells where relative paths start and where secrets are kept
     * @param config the key
     * @param properties of the component
     */
    @Activate
    public KeyStoreClaimSigner(BundleContext context, Config config, Map<String, Object> properties) {
        this(source(context, config, new ConfigurationValues(PID, properties)), Clock.systemUTC());
    }

    /**
     * Clips that are signed from now on are signed with another key, as when the key's file is replaced. A configuration
     * that names none that can be used leaves no key at all: what it was to replace may be known to others.
     */
    @Modified
    void modified(BundleContext context, Config config, Map<String, Object> properties) {
        source = source(context, config, new ConfigurationValues(PID, properties));
    }

    /**
     * Signs with a certificate for development.
     *
     * @param secrets the folder that holds it, or gets it with the first claim
     */
    public KeyStoreClaimSigner(Path secrets) {
        this(new DevelopmentKeystore(secrets, Clock.systemUTC()), Clock.systemUTC());
    }

    KeyStoreClaimSigner(CredentialSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    private static CredentialSource source(BundleContext context, Config config, ConfigurationValues values) {
        try {
            return configured(context, config, values);
        } catch (ConfigurationException e) {
            return () -> {
                throw new KeyStoreException(e.getMessage(), e);
            };
        }
    }

    private static CredentialSource configured(BundleContext context, Config config, ConfigurationValues values) {
        HomeFolder home = HomeFolder.of(context);
        if (!config.keystore_path().isEmpty() && !config.pkcs11_library().isEmpty()) {
            throw values.refused("both keystore.path and pkcs11.library are configured, one has to be empty");
        }
        if (!config.keystore_path().isEmpty()) {
            return new Pkcs12File(
                    path(values, "keystore.path", () -> home.resolve(config.keystore_path())),
                    config.alias(),
                    config._password());
        }
        if (!config.pkcs11_library().isEmpty()) {
            return new Pkcs11Token(
                    path(values, "pkcs11.library", () -> home.resolve(config.pkcs11_library())),
                    config.pkcs11_slot(),
                    config.alias(),
                    config._password());
        }
        return new DevelopmentKeystore(
                path(values, "secrets", () -> secrets(context, home, config.secrets())), Clock.systemUTC());
    }

    private static Path path(ConfigurationValues values, String key, Supplier<Path> path) {
        try {
            return path.get();
        } catch (InvalidPathException e) {
            throw values.refused(key, "expected a path: " + e.getReason());
        }
    }

    private static Path secrets(BundleContext context, HomeFolder home, String configured) {
        if (configured.isEmpty() && home.configured().isEmpty()) {
            return context.getDataFile(SECRETS).toPath();
        }
        return home.resolve(configured.isEmpty() ? SECRETS : configured);
    }

    @Override
    public Credential credential() throws GeneralSecurityException {
        SigningKey key = load();
        requireValid(key.certificateChain().get(0));
        return key;
    }

    private SigningKey load() throws GeneralSecurityException {
        try {
            return source.load();
        } catch (IOException e) {
            throw new KeyStoreException(e.getMessage(), e);
        }
    }

    private void requireValid(X509Certificate certificate) throws CertificateException {
        Instant now = clock.instant();
        Instant start = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        String subject = "the signing certificate of " + certificate.getSubjectX500Principal();
        if (now.isBefore(start)) {
            throw new CertificateNotYetValidException(subject + " is not valid before " + start);
        }
        if (now.isAfter(end)) {
            throw new CertificateExpiredException(subject + " has expired at " + end);
        }
    }
}
