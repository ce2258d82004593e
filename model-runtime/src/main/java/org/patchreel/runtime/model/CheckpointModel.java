package org.patchreel.runtime.model;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.SamplingPlan;
import org.patchreel.runtime.adapter.AdapterFolder;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.checkpoint.CheckpointStamp;
import org.patchreel.runtime.checkpoint.LicenseFile;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.family.KeptWindows;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.ModelFamily;
import org.patchreel.runtime.family.ModelSummary;
import org.patchreel.runtime.family.Resident;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.torch.Kernels;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.WeightDigester;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.Guides;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.Ability;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelDescriptor.WeightDigest;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint, of whatever family, as a model that can be asked. The weights are read by the first generation and stay in
 * memory until another model is used. A checkpoint that cannot be read is listed all the same; its health says why.
 */
public final class CheckpointModel implements VideoModel, AutoCloseable {

    /**
     * What can be read of a checkpoint without its weights.
     *
     * @param family runs it
     * @param index what it consists of
     * @param summary what its family says of it
     * @param capabilities the same, for those who ask
     */
    private record Description(
            ModelFamily family, ModelIndex index, ModelSummary summary, ModelCapabilities capabilities) {}

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointModel.class);

    private final String name;
    private final Path directory;
    private final String source;
    private final RuntimeOptions options;
    private final ModelFamilies families;
    private final ResidentSlot slot;
    private final AdapterFolder adapters;
    private final ModelLicense configured;
    private final Map<String, Path> parts;
    private final AdapterDigests adapterDigests = new AdapterDigests();

    /** Guarded by this, as is the stamp of the files that it was read from. */
    private @Nullable Description description;

    private @Nullable CheckpointStamp stamp;
    private volatile @Nullable WeightDigest digest;
    private volatile @Nullable String lastError;
    private volatile @Nullable String engine;
    private volatile boolean closed;

    /**
     * Describes a checkpoint for whose use the caller stands, whatever its licence says; reads nothing yet.
     *
     * @param name by which requests choose it
     * @param directory of the checkpoint, in the diffusers layout
     * @param source where it comes from, for people
     * @param options how to run it
     * @param families one of which runs it
     * @param slot holds the one checkpoint that is in memory
     */
    public CheckpointModel(
            String name,
            Path directory,
            String source,
            RuntimeOptions options,
            ModelFamilies families,
            ResidentSlot slot) {
        this(
                name,
                directory,
                Map.of(),
                source,
                options,
                families,
                slot,
                AdapterFolder.NONE,
                new ModelLicense(Optional.empty(), List.of(), Optional.of("the caller")));
    }

    /**
     * Describes a checkpoint that adapters may change; reads nothing yet.
     *
     * @param name see above
     * @param directory see above
     * @param parts folders or files of components that are elsewhere, by their keys in the checkpoint's index
     * @param source see above
     * @param options see above
     * @param families see above
     * @param slot see above
     * @param adapters from which requests choose
     * @param license what the operator says of it; its name, if there is one, goes before that of the files
     */
    public CheckpointModel(
            String name,
            Path directory,
            Map<String, Path> parts,
            String source,
            RuntimeOptions options,
            ModelFamilies families,
            ResidentSlot slot,
            AdapterFolder adapters,
            ModelLicense license) {
        this.name = name;
        this.directory = directory;
        this.source = source;
        this.options = options;
        this.families = families;
        this.slot = slot;
        this.adapters = adapters;
        this.configured = license;
        this.parts = Map.copyOf(parts);
    }

    Path directory() {
        return directory;
    }

    /** {@return what the operator says of the licence} */
    ModelLicense configuredLicense() {
        return configured;
    }

    Map<String, Path> parts() {
        return parts;
    }

    RuntimeOptions options() {
        return options;
    }

    @Override
    public ModelDescriptor descriptor() {
        return new ModelDescriptor(
                name, source, options.device(), options.precision().name().toLowerCase(Locale.ROOT), capabilities());
    }

    private Optional<ModelCapabilities> capabilities() {
        try {
            return Optional.of(description().capabilities.withAdapters(adapters.names()));
        } catch (IOException e) {
            return Optional.empty(); // health says why
        }
    }

    @Override
    public ModelHealth health() {
        @Nullable String problem = lastError;
        boolean loaded = slot.holds(this);
        ModelHealth.Status status = loaded ? ModelHealth.Status.LOADED : ModelHealth.Status.READY;
        List<String> notes = List.of();
        try {
            Description known = loadable();
            notes = notes(known.summary.weights());
            Optional<String> refusal = known.capabilities.license().refusal();
            if (refusal.isPresent()) {
                status = ModelHealth.Status.UNAVAILABLE;
                problem = refusal.get();
            } else if (!loaded) {
                TorchEngine.checkDevice(options.device());
            }
        } catch (IOException e) {
            if (!loaded) { // what is in memory does not need its files
                status = ModelHealth.Status.UNAVAILABLE;
                problem = CheckpointException.describe(e);
            }
        } catch (GenerationException e) {
            status = ModelHealth.Status.UNAVAILABLE;
            problem = e.getMessage();
        }
        return new ModelHealth(
                status,
                device(),
                Optional.ofNullable(engine),
                Optional.ofNullable(digest),
                loaded ? slot.bytes() : 0,
                Optional.ofNullable(problem),
                notes);
    }

    /** What runs it, and which kernels are slow because the fast ones are wrong here. */
    private String device() {
        Device device = options.device().equals("cuda") ? Device.gpu() : Device.cpu();
        return options.device()
                + (engine == null ? "" : ", " + TorchEngine.threads() + " threads")
                + Kernels.knownFault(new Placement(device, options.precision()))
                        .map(fault -> ", " + fault)
                        .orElse("");
    }

    @Override
    public SamplingPlan plan(ModelTask task) throws GenerationException {
        Description known = readable();
        checkFormat(task, known.capabilities);
        try {
            SamplingPlan plan = known.family.plan(known.index, known.summary, task);
            adapters(known, task);
            return plan;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The files of a task's adapters, whose headers fit the checkpoint. */
    private List<AdapterPart> adapters(Description known, ModelTask task) throws GenerationException {
        try {
            List<AdapterPart> parts = adapters.find(task.adapters());
            known.family.check(known.index, parts);
            return parts;
        } catch (IOException e) {
            throw new GenerationException(
                    Reason.UNSUPPORTED, "model " + name + ": " + CheckpointException.describe(e), e);
        }
    }

    /**
     * Tries a LoRA file by its header.
     *
     * @param file of it
     * @return which of its tensors have no effect, in one line; empty if all have
     * @throws IOException if it does not fit, or one of both cannot be read
     */
    Optional<String> fits(Path file) throws IOException {
        Description known = loadable();
        return known.family.fits(known.index, file);
    }

    @Override
    public List<AdapterFile> adapterFiles(List<Adapter> chosen) throws GenerationException {
        try {
            return adapterDigests.of(adapters.find(chosen));
        } catch (IOException e) {
            throw new GenerationException(
                    Reason.UNSUPPORTED, "model " + name + ": " + CheckpointException.describe(e), e);
        }
    }

    @Override
    public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        try {
            TorchEngine.run((Callable<@Nullable Void>) () -> {
                run(task, work, frames, monitor);
                return null;
            });
            lastError = null;
        } catch (GenerationException e) {
            lastError = e.getMessage();
            throw e;
        } catch (GenerationCancelledException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCancelledException();
        } catch (Exception e) {
            GenerationException failure = failure(e);
            lastError = failure.getMessage();
            throw failure;
        }
    }

    private void run(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor asked) throws Exception {
        GenerationMonitor monitor = asked.orCancelledIf(() -> closed);
        if (closed) {
            throw new GenerationCancelledException();
        }
        Description known = readable();
        check(task, known.capabilities);
        known.family.plan(known.index, known.summary, task); // refuses before the weights are loaded
        List<AdapterPart> parts = adapters(known, task);
        monitor.progress(new GenerationProgress(Stage.LOADING, 0, 1));
        Placement placement = new Placement(TorchEngine.device(options.device()), options.precision());
        try (ResidentSlot.Lease lease = slot.acquire(this, () -> load(known, placement, monitor))) {
            monitor.progress(new GenerationProgress(Stage.LOADING, 1, 1));
            adapterDigests.read(parts);
            lease.resident().generate(task, parts, kept(task, parts, work), frames, monitor);
        }
    }

    /** What a clip's latents depend on, besides the task: the checkpoint, and how and where it runs. */
    private KeptWindows kept(ModelTask task, List<AdapterPart> loras, Optional<Path> work) throws GenerationException {
        // the frames of a clip that is restyled or followed are read only when it is encoded: nothing tells them from
        // others here
        if (work.isEmpty() || task.restyle().isPresent() || task.guides().hasClips()) {
            return KeptWindows.none();
        }
        Optional<String> key = TaskDigest.of(
                task,
                String.valueOf(digest),
                CheckpointStamp.of(directory, parts.values()).toString(),
                options.toString(),
                version(),
                TorchEngine.version(),
                Integer.toString(TorchEngine.threads()),
                adapterDigests.of(loras).toString());
        return key.map(digested -> KeptWindows.in(work.get(), digested)).orElseGet(KeptWindows::none);
    }

    /** {@return the version of this software, if it runs in a framework} */
    private static String version() {
        Optional<Bundle> bundle = Optional.ofNullable(FrameworkUtil.getBundle(CheckpointModel.class));
        return bundle.map(own -> own.getVersion().toString()).orElse("");
    }

    private void check(ModelTask task, ModelCapabilities model) throws GenerationException {
        if (!task.known().isEmpty() && model.imageConditioning() == ImageConditioning.NONE) {
            throw new GenerationException(Reason.UNSUPPORTED, "model " + name + " takes no image");
        }
        boolean first = task.known().stream().anyMatch(frame -> frame.index() == 0);
        if (!first && model.imageConditioning() == ImageConditioning.REQUIRED) {
            throw new GenerationException(Reason.UNSUPPORTED, "model " + name + " needs a first frame, none is given");
        }
        Guides guides = task.guides();
        require(Ability.REFERENCES, !guides.references().isEmpty(), "references", model);
        require(Ability.CONTROL, guides.control().isPresent(), "control clip", model);
        require(Ability.INPAINTING, guides.inpainting().isPresent(), "clip to inpaint", model);
        boolean masked = task.known().stream().anyMatch(frame -> frame.mask().isPresent());
        require(Ability.INPAINTING, masked, "mask", model);
        checkFormat(task, model);
    }

    /** The plan follows from the format: the frames that are known need not be there yet. */
    private void checkFormat(ModelTask task, ModelCapabilities model) throws GenerationException {
        try {
            model.grid().check(task.format());
        } catch (IllegalArgumentException e) {
            throw new GenerationException(
                    Reason.UNSUPPORTED, "model " + name + " cannot make " + task.format() + ": " + e.getMessage(), e);
        }
    }

    private void require(Ability ability, boolean asked, String what, ModelCapabilities model)
            throws GenerationException {
        if (asked && !model.abilities().contains(ability)) {
            throw new GenerationException(Reason.UNSUPPORTED, "model " + name + " takes no " + what);
        }
    }

    private Resident load(Description known, Placement placement, GenerationMonitor monitor)
            throws IOException, GenerationCancelledException {
        engine = TorchEngine.version();
        Resident resident = known.family.load(known.index, options, placement);
        try {
            monitor.checkCancelled();
            if (digest == null) {
                digest = WeightDigester.digest(
                        directory, parts, known.summary.weights().used());
            }
            return resident;
        } catch (IOException | GenerationCancelledException | RuntimeException e) {
            resident.close();
            throw e;
        }
    }

    private Description readable() throws GenerationException {
        try {
            Description known = slot.holds(this) ? description() : loadable();
            checkLicense(known);
            return known;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void checkLicense(Description known) throws GenerationException {
        Optional<String> refusal = known.capabilities.license().refusal();
        if (refusal.isPresent()) {
            throw new GenerationException(Reason.NO_MODEL, "model " + name + ": " + refusal.get());
        }
    }

    /** The description of files that are as they were when it was read: they may have been mended, or lost. */
    private Description loadable() throws IOException {
        Description known;
        synchronized (this) {
            CheckpointStamp now = CheckpointStamp.of(directory, parts.values());
            if (!now.equals(stamp)) {
                description = null;
            }
            known = description();
            stamp = now;
        }
        Optional<CheckpointException> fault = known.summary.weights().fault();
        if (fault.isPresent()) {
            throw fault.get();
        }
        return known;
    }

    private GenerationException failure(Exception e) {
        if (e instanceof CheckpointException checkpoint && checkpoint.problems().size() > 1) {
            // the message names the first few
            LOG.info("checkpoint {}:\n{}", directory, String.join("\n", checkpoint.problems()));
        }
        if (e instanceof IOException io) {
            return new GenerationException(
                    Reason.NO_MODEL, "model " + name + ": " + CheckpointException.describe(io), e);
        }
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        boolean memory = message.contains("can't allocate memory") || message.contains("out of memory");
        return new GenerationException(
                memory ? Reason.MEMORY : Reason.INTERNAL,
                "model " + name + (memory ? " ran out of memory: " : " failed: ") + message,
                e);
    }

    /** Unloads the weights if they are in memory; if a generation uses them, when it ends. Returns at once. */
    @Override
    public void close() {
        closed = true;
        slot.unloadClosed();
    }

    boolean closed() {
        return closed;
    }

    private synchronized Description description() throws IOException {
        @Nullable Description known = description;
        if (known == null) {
            known = read();
            description = known;
        }
        return known;
    }

    private Description read() throws IOException {
        ModelIndex index = ModelIndex.read(directory, parts);
        ModelFamily family = families.of(index);
        ModelSummary summary = family.describe(index, options);
        long bytes = 0;
        for (Path file : summary.weights().used()) {
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        ModelCapabilities capabilities = new ModelCapabilities(
                summary.family(),
                bytes,
                license(directory, configured),
                summary.grid(),
                summary.defaults(),
                summary.imageConditioning(),
                summary.abilities(),
                summary.language());
        return new Description(family, index, summary, capabilities);
    }

    /** What the operator says of a licence, with the name that the files have where he gives none. */
    static ModelLicense license(Path directory, ModelLicense configured) throws IOException {
        return configured.name().isPresent()
                ? configured
                : new ModelLicense(
                        LicenseFile.name(directory), configured.excludedTerritories(), configured.acknowledgedBy());
    }

    private static List<String> notes(ModelSummary.Weights weights) {
        List<String> unused = weights.unused();
        return unused.isEmpty() ? List.of() : List.of("not used: " + String.join(", ", unused));
    }
}
