package org.patchreel.impl.admin;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.patchreel.api.Destination;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.VideoModel;

/**
 * Checks the parts of an installation, one method a part. Nothing remains of it: the draft that proves that a store can be
 * written is discarded.
 */
final class Diagnostics {

    /** What the native library of the model runtime is called. */
    static final String LIBTORCH = "libtorch";

    private static final String OURS = "org.patchreel.";
    /** Framework property of the app: symbolic name of the bundle that the command serve alone starts. */
    private static final String SERVER = "patchreel.server";

    private static final String NATIVES = "org.patchreel.model-runtime.natives.";

    /** Enough for the native libraries, which are unpacked once, and for some clips. */
    private static final long SCARCE_BYTES = 1_000_000_000;

    private Diagnostics() {}

    static Finding java() {
        Runtime runtime = Runtime.getRuntime();
        return Finding.good(
                "java",
                Runtime.version() + ", " + runtime.availableProcessors() + " processors, heap up to "
                        + ModelsCommand.megabytes(runtime.maxMemory()));
    }

    /** Every bundle of a healthy installation is active, or resolved if it is a fragment or the server that serve starts. */
    static List<Finding> bundles(BundleContext context) {
        List<Finding> findings = new ArrayList<>();
        int healthy = 0;
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            // STARTING is where a bundle with lazy activation waits for its first use.
            boolean good = bundle.getState() == (fragment ? Bundle.RESOLVED : Bundle.ACTIVE)
                    || bundle.getState() == Bundle.STARTING;
            if (good) {
                healthy++;
            } else if (bundle.getState() != Bundle.RESOLVED
                    || !bundle.getSymbolicName().equals(context.getProperty(SERVER))) {
                boolean unresolved =
                        bundle.adapt(BundleRevision.class) == null || bundle.getState() == Bundle.INSTALLED;
                findings.add(Finding.bad(
                        "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion(),
                        unresolved ? "not resolved" : "not active",
                        unresolved
                                ? "install the bundles that export what it imports; felix:resolve "
                                        + bundle.getBundleId() + " names them"
                                : "felix:start " + bundle.getBundleId() + " tells why it does not start"));
            }
        }
        findings.add(0, Finding.good("bundles", healthy + " active or attached"));
        return findings;
    }

    /** Names what keeps a component of ours from working. */
    static List<Finding> components(BundleContext context, ServiceComponentRuntime runtime) {
        Bundle[] ours = Stream.of(context.getBundles())
                .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith(OURS))
                .toArray(Bundle[]::new);
        Collection<ComponentDescriptionDTO> descriptions = runtime.getComponentDescriptionDTOs(ours);
        List<Finding> findings = new ArrayList<>(ConfigurationDiagnostics.withoutFile(runtime, descriptions));
        for (ComponentDescriptionDTO description : descriptions) {
            for (ComponentConfigurationDTO component : runtime.getComponentConfigurationDTOs(description)) {
                if (component.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                        && !isForOtherHosts(description, component)) {
                    findings.add(Finding.bad(
                            "component " + description.name,
                            "waits for "
                                    + Stream.of(component.unsatisfiedReferences)
                                            .map(reference -> service(description, reference))
                                            .collect(Collectors.joining(", ")),
                            "install what provides it"));
                } else if (component.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    findings.add(ConfigurationDiagnostics.failed(description, component));
                }
            }
        }
        return findings;
    }

    /** A reference that is declared optional and made mandatory by a property: the component is for hosts that have it. */
    private static boolean isForOtherHosts(ComponentDescriptionDTO description, ComponentConfigurationDTO component) {
        return Stream.of(component.unsatisfiedReferences)
                .allMatch(unsatisfied -> Stream.of(description.references)
                        .anyMatch(reference ->
                                reference.name.equals(unsatisfied.name) && reference.cardinality.startsWith("0")));
    }

    private static String service(ComponentDescriptionDTO description, UnsatisfiedReferenceDTO unsatisfied) {
        return Stream.of(description.references)
                .filter(reference -> reference.name.equals(unsatisfied.name))
                .map(reference -> reference.interfaceName)
                .findFirst()
                .orElse(unsatisfied.name);
    }

    /** libtorch comes as a fragment of the model runtime, or from a directory of the operator's. */
    static Finding natives(BundleContext context) {
        String external = System.getenv("PYTORCH_LIBRARY_PATH");
        if (external != null) {
            return Finding.good(LIBTORCH, "from PYTORCH_LIBRARY_PATH " + external);
        }
        return Stream.of(context.getBundles())
                .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith(NATIVES))
                .map(bundle -> Finding.good(LIBTORCH, "from bundle " + bundle.getSymbolicName()))
                .findFirst()
                .orElseGet(() -> Finding.bad(
                        LIBTORCH,
                        "no bundle " + NATIVES + "* is installed",
                        "install the one for this machine, or set PYTORCH_LIBRARY_PATH to a libtorch"));
    }

    /**
     * Names models that cannot make clips, and why.
     *
     * @param problems of components, one of which may be what a model complains of
     */
    static List<Finding> models(List<VideoModel> models, List<Problem> problems) {
        if (models.isEmpty()) {
            return List.of(Finding.bad(
                    "models",
                    "none is installed",
                    "install the starter model's bundle, or a configuration org.patchreel.model; see models --help"));
        }
        List<Finding> findings = new ArrayList<>();
        Map<String, String> sources = new HashMap<>();
        for (VideoModel model : models) {
            ModelDescriptor about = model.descriptor();
            ModelHealth health = model.health();
            String subject = "model " + about.name();
            String state = ModelsCommand.status(about, health) + ", " + health.device()
                    + health.engine().map(engine -> ", " + engine).orElse("")
                    + about.capabilities()
                            .map(it -> ", licence " + it.license().line())
                            .orElse("");
            if (health.status() == ModelHealth.Status.UNAVAILABLE) {
                findings.add(Finding.bad(
                        subject,
                        ModelsCommand.status(about, health),
                        remedy(health, problems).orElse("correct its files or its configuration: " + about.source())));
            } else if (health.notes().isEmpty()) {
                findings.add(Finding.good(subject, state));
            } else {
                findings.add(Finding.soon(
                        subject,
                        state + "; " + String.join("; ", health.notes()),
                        "see to what is named, in " + about.source()));
            }
            String chosen = sources.putIfAbsent(about.name(), about.source());
            if (chosen != null) {
                findings.add(Finding.soon(
                        subject,
                        "is the name of two models; requests get the one from " + chosen,
                        "give the one from " + about.source() + " another name"));
            }
        }
        return findings;
    }

    private static Optional<String> remedy(ModelHealth health, List<Problem> problems) {
        String error = health.lastError().orElse("");
        return problems.stream()
                .filter(problem -> error.contains(problem.description()))
                .map(Problem::remedy)
                .findFirst();
    }

    static Finding encoders(@Nullable VideoEncoders encoders) {
        if (encoders == null) {
            return Finding.bad("encoder", "not there", "correct the configuration org.patchreel.media");
        }
        try {
            return Finding.good(
                    "encoder",
                    encoders.encoderName() + ", FFmpeg " + encoders.ffmpegVersion() + ", " + encoders.license()
                            + "; in this build: " + String.join(" ", encoders.available()));
        } catch (ConfigurationException e) {
            return Finding.bad(
                    "encoder",
                    "no usable configuration: " + e.getMessage(),
                    "correct " + e.file().orElse("the configuration " + e.pid()));
        } catch (RuntimeException | LinkageError e) {
            return unloadable(firstLine(String.valueOf(e.getMessage())));
        }
    }

    /** FFmpeg cannot be loaded, for the reason that is given. */
    static Finding unloadable(String reason) {
        return Finding.bad(
                "encoder",
                reason,
                reason.contains("noexec")
                        ? "mount it without noexec, or move PATCHREEL_HOME, in a host its folder of bundles, to another"
                        : "use the build for this kind of machine");
    }

    /** Opens a draft and discards it: the one proof that a store can be written. */
    static Finding assets(@Nullable AssetStore store) {
        if (store == null) {
            return Finding.bad("assets", "no store", "correct the configuration of the asset store");
        }
        try (AssetDraft draft = store.open("DOCTOR" + System.nanoTime(), Destination.DEFAULT)) {
            // a draft's folder lies in the store's
            Path folder = draft.directory().toAbsolutePath().getParent();
            return space("assets", folder == null ? draft.directory() : folder);
        } catch (IOException e) {
            return Finding.bad("assets", firstLine(String.valueOf(e.getMessage())), "make the folder writable");
        }
    }

    /** The folder of framework storage, unpacked libraries and configuration; in a host, what the host gives the bundle. */
    static Finding home(BundleContext context) {
        Optional<Path> home = HomeFolder.of(context).configured();
        File data = context.getDataFile("");
        return home.isEmpty() && data == null ? Finding.good("home", "none, nothing is unpacked") : home(home, data);
    }

    /**
     * As above.
     *
     * @param home that is configured
     * @param data the bundle's data area, which serves where none is
     */
    static Finding home(Optional<Path> home, @Nullable File data) {
        Path folder = home.orElseGet(() -> Objects.requireNonNull(data).toPath());
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            return Finding.bad(
                    "home",
                    folder + " is not a writable folder",
                    home.isPresent() ? "make it one, or set PATCHREEL_HOME" : "make it one, or set patchreel.home");
        }
        try {
            return space("home", folder);
        } catch (IOException e) {
            return Finding.bad("home", firstLine(String.valueOf(e.getMessage())), "check the disk");
        }
    }

    private static Finding space(String subject, Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        String state = folder + " is writable, " + ModelsCommand.megabytes(free) + " free";
        return free < SCARCE_BYTES
                ? Finding.bad(subject, state, "free some space: 1 GB should be there")
                : Finding.good(subject, state);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
