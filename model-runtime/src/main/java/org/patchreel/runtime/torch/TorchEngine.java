package org.patchreel.runtime.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libtorch, once for the process. It is loaded by the first use, with the settings given before; later settings have no
 * effect until the process restarts.
 */
public final class TorchEngine {

    private static final Logger LOG = LoggerFactory.getLogger(TorchEngine.class);

    /**
     * How to load libtorch.
     *
     * @param cache where the native libraries are unpacked
     * @param libtorch an external libtorch {@value #VERSION} for CUDA with DJL's {@code libdjl_torch.so}; empty for the
     *     CPU build that the natives bundle carries
     * @param flavor of the external libtorch, for example {@code cu128}
     * @param threads for one operation; 0 for one a processor
     */
    public record Settings(Path cache, Optional<Path> libtorch, String flavor, int threads) {}

    /** The version of libtorch that DJL's native bridge was built for. */
    public static final String VERSION = "2.7.1";

    // The random generator is one for the process: a seed and the draws after it belong together.
    private static final Object GENERATOR = new Object();
    // Outside of a framework all classes share a class loader, and whoever loads libtorch loads it for all.
    private static final NativeClaim CLAIM = new NativeClaim(
            System.getProperties(),
            "org.patchreel.libtorch",
            Path.of(FrameworkUtil.getBundle(TorchEngine.class) == null ? "/dev/null" : "/proc/self/maps"));
    private static @Nullable Settings settings;
    private static @Nullable String misconfigured;

    private TorchEngine() {}

    /**
     * Sets how to load libtorch.
     *
     * @param value the settings
     */
    public static synchronized void configure(Settings value) {
        misconfigured = null;
        if (settings == null) {
            settings = value;
            System.setProperty("DJL_CACHE_DIR", value.cache().toString());
            // Without these the engine downloads libraries and sends usage statistics.
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            value.libtorch().ifPresent(path -> {
                System.setProperty("PYTORCH_LIBRARY_PATH", path.toString());
                System.setProperty("PYTORCH_VERSION", VERSION);
                System.setProperty("PYTORCH_FLAVOR", value.flavor());
            });
            if (value.threads() > 0) {
                System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(value.threads()));
            }
        }
    }

    /**
     * Keeps the engine from being loaded until there are settings that can be used.
     *
     * @param problem what is wrong with those that are configured
     */
    public static synchronized void refuse(String problem) {
        if (settings == null) {
            misconfigured = problem;
        }
    }

    /** {@return whether these settings differ from those in use, which stay until the process restarts} */
    public static synchronized boolean needsRestart(Settings value) {
        return settings != null && !settings.equals(value);
    }

    /**
     * Checks, without loading it, that the engine can be loaded in this process.
     *
     * @throws GenerationException with {@link Reason#DEVICE} and what to do about it
     */
    public static synchronized void checkLoadable() throws GenerationException {
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            throw new GenerationException(Reason.DEVICE, refusal.get());
        }
    }

    /** {@return why the engine cannot be loaded in this process, or empty} */
    public static synchronized Optional<String> refusal() {
        return Optional.ofNullable(misconfigured).or(CLAIM::refusal);
    }

    private static Engine engine() {
        CLAIM.make(TorchEngine.class.getClassLoader().toString()).ifPresent(refusal -> {
            throw new IllegalStateException(refusal);
        });
        try {
            return Engine.getEngine("PyTorch");
        } catch (EngineException e) {
            throw explained(e, cache());
        }
    }

    /** The engine's own words do not say why a library cannot be loaded. */
    static RuntimeException explained(EngineException failure, Optional<Path> cache) {
        @Nullable Throwable cause = failure.getCause();
        String message = cause instanceof UnsatisfiedLinkError ? String.valueOf(cause.getMessage()) : "";
        if (!message.contains("failed to map segment from shared object")
                || message.contains("Cannot allocate memory")) {
            return failure;
        }
        return new IllegalStateException(
                cache.map(Path::toString).orElse("the folder of libtorch")
                        + " is on a file system that is mounted noexec, from which native libraries cannot be loaded:"
                        + " set cache in the configuration org.patchreel.runtime, or PATCHREEL_HOME, to a folder on"
                        + " another",
                failure);
    }

    /**
     * Loads the engine ahead of its use. If it cannot be loaded, nothing happens: whoever uses it first is told why.
     */
    public static void preload() {
        if (refusal().isPresent()) {
            return;
        }
        try {
            run(TorchEngine::version);
        } catch (Exception | LinkageError e) {
            LOG.debug("The engine is not loaded ahead of its use", e);
        }
    }

    /**
     * Runs a task that uses the engine, with the class loader that the engine's service lookups need.
     *
     * @param task what to run
     * @return what it returns
     * @throws Exception what it throws
     */
    public static <T> T run(Callable<T> task) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(TorchEngine.class.getClassLoader());
        try {
            return task.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** {@return name and version of the engine; loads it} */
    public static String version() {
        return "libtorch " + engine().getVersion() + ", DJL " + Engine.getDjlVersion();
    }

    /** {@return the threads of one operation} */
    public static int threads() {
        return JniUtils.getNumThreads();
    }

    /**
     * Checks, without loading the engine, that the settings give it a device.
     *
     * @param name {@code cpu} or {@code cuda}
     * @throws GenerationException with {@link Reason#DEVICE} and what to do about it
     */
    public static void checkDevice(String name) throws GenerationException {
        checkLoadable();
        if (name.equals("cpu")) {
            return;
        }
        if (!name.equals("cuda")) {
            throw new GenerationException(Reason.DEVICE, "device must be cpu or cuda: " + name);
        }
        Optional<Path> libtorch = libtorch();
        if (libtorch.isEmpty()) {
            throw new GenerationException(
                    Reason.DEVICE,
                    "device cuda needs an external libtorch " + VERSION
                            + " for CUDA: set libtorch in the configuration org.patchreel.runtime; none is set");
        }
        for (String library : new String[] {"libtorch_cuda.so", "libdjl_torch.so"}) {
            if (!Files.exists(libtorch.get().resolve(library))) {
                throw new GenerationException(Reason.DEVICE, "device cuda: " + libtorch.get() + " has no " + library);
            }
        }
    }

    /**
     * Finds a device; loads the engine.
     *
     * @param name {@code cpu} or {@code cuda}
     * @return the device
     * @throws GenerationException with {@link Reason#DEVICE} if it is not there
     */
    public static Device device(String name) throws GenerationException {
        checkDevice(name);
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        if (engine().getGpuCount() == 0) {
            throw new GenerationException(Reason.DEVICE, "device cuda: the driver reports no GPU to libtorch");
        }
        return Device.gpu();
    }

    /**
     * A manager of its own for a device.
     *
     * @param device where its arrays lie
     * @return to be closed by the caller
     */
    public static NDManager newManager(Device device) {
        return engine().newBaseManager(device);
    }

    /**
     * Draws from the normal distribution on the CPU: the same numbers for a seed as {@code torch.randn} in Python, and on
     * every device.
     *
     * @param seed of the generator
     * @param shape of the array
     * @param manager will own the array
     * @return float32, on the manager's device
     */
    public static NDArray randn(long seed, Shape shape, NDManager manager) {
        synchronized (GENERATOR) {
            JniUtils.setSeed(seed);
            try (NDManager cpu = newManager(Device.cpu())) {
                NDArray drawn = cpu.randomNormal(0, 1, shape, DataType.FLOAT32);
                NDArray here = drawn.toDevice(manager.getDevice(), false);
                here.attach(manager);
                return here;
            }
        }
    }

    /** {@return where the native libraries are unpacked; empty if no settings were given} */
    public static synchronized Optional<Path> cache() {
        return settings == null ? Optional.empty() : Optional.of(settings.cache());
    }

    private static synchronized Optional<Path> libtorch() {
        return settings == null ? Optional.empty() : settings.libtorch();
    }
}
