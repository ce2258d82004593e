package org.patchreel.runtime.torch;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.patchreel.runtime.weights.WeightType;

/**
 * A class of TorchScript source, compiled. Has no weights and no state: these are arguments. For one thread at a time.
 *
 * @see <a href="https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md">the archive format</a>
 */
public final class ScriptModule implements AutoCloseable {
    private static final String SOURCES = "/org/patchreel/runtime/torchscript/";

    /** The branch of a type of blocks, two lines. */
    private static final Pattern BLOCK_TYPE =
            Pattern.compile("(?m)^  if torch\\.eq\\(type, (\\d+)\\):\\n    y = .*\\n");

    private final NDManager manager;
    private final PtSymbolBlock block;

    private ScriptModule(NDManager manager, PtSymbolBlock block) {
        this.manager = manager;
        this.block = block;
    }

    /**
     * Compiles a source.
     *
     * @param resource name of the source file, such as {@code vae.py}
     * @param className the class in it
     * @param kernels that it calls
     * @param weights that are passed to it
     */
    public static ScriptModule load(String resource, String className, Kernels kernels, TensorDictionary weights) {
        return load(resource, className, kernels, weights.codes());
    }

    /**
     * Compiles a source that is passed no quantized weights.
     *
     * @param resource name of the source file, such as {@code vae.py}
     * @param className the class in it
     * @param kernels that it calls
     */
    public static ScriptModule load(String resource, String className, Kernels kernels) {
        return load(resource, className, kernels, Set.of());
    }

    /**
     * Compiles a source whose layers add what LoRAs add to their outputs.
     *
     * @param resource name of the source file
     * @param className the class in it
     * @param kernels that it calls
     * @param weights that are passed to it, {@linkplain TensorDictionary#adapted adapted}
     */
    public static ScriptModule loadAdapted(
            String resource, String className, Kernels kernels, TensorDictionary weights) {
        return load(resource, className, kernels, weights.codes(), true);
    }

    static ScriptModule load(String resource, String className, Kernels kernels, Set<WeightType> codes) {
        return load(resource, className, kernels, codes, false);
    }

    private static ScriptModule load(
            String resource, String className, Kernels kernels, Set<WeightType> codes, boolean adapted) {
        PtNDManager manager = (PtNDManager) TorchEngine.newManager(Placement.CPU.device());
        try {
            byte[] archive = archive(resource, className, kernels, codes, adapted);
            return new ScriptModule(
                    manager, JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false));
        } catch (IOException e) {
            manager.close();
            throw new UncheckedIOException("cannot archive " + resource, e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Begins a call of one of the methods.
     *
     * @param method its name
     * @return to be given arguments
     */
    public ScriptCall call(String method) {
        return new ScriptCall(block, method);
    }

    @Override
    public void close() {
        block.close();
        manager.close();
    }

    /** {@return a source file's text} */
    static String source(String resource) {
        try (InputStream in = ScriptModule.class.getResourceAsStream(SOURCES + resource)) {
            if (in == null) {
                throw new IOException("no resource " + SOURCES + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** A network's source whose layers are adapted. */
    private static String adapted(String network) {
        return network.replace("__torch__.weights.linear(", "__torch__.weights.adapted_linear(");
    }

    /** A network's source for weights of which some are codes of these types. */
    private static String reading(Set<WeightType> codes, String network) {
        return codes.isEmpty()
                ? network.replace("__torch__.weights.linear(", "__torch__.weights.plain_linear(")
                : network;
    }

    /** The source of what makes numbers of codes, for these types alone. */
    private static String knowing(Set<WeightType> codes, String weights) {
        Set<String> numbers =
                codes.stream().map(type -> Integer.toString(type.code())).collect(Collectors.toSet());
        return BLOCK_TYPE
                .matcher(weights)
                .replaceAll(
                        branch -> numbers.contains(branch.group(1)) ? Matcher.quoteReplacement(branch.group()) : "");
    }

    /**
     * What the engine is given to compile, for programs that compile it elsewhere.
     *
     * @param resource name of the source file
     * @param className the class in it
     * @return the archive that {@code torch.jit.load} reads, with the fast kernels, for weights that are not quantized
     * @throws IOException never, as it is written to memory
     */
    public static byte[] archive(String resource, String className) throws IOException {
        return archive(resource, className, Kernels.fast(source("kernels.py")), Set.of(), false);
    }

    private static byte[] archive(
            String resource, String className, Kernels kernels, Set<WeightType> codes, boolean adapted)
            throws IOException {
        return archive(
                kernels.select(reading(codes, adapted ? adapted(source(resource)) : source(resource))),
                className,
                Map.of(
                        "kernels",
                        kernels.source(),
                        "weights",
                        kernels.select(reading(codes, knowing(codes, source("weights.py"))))));
    }

    private static byte[] archive(String source, String className, Map<String, String> functions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "m/version", "10\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "m/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, String> file : functions.entrySet()) {
                store(
                        zip,
                        "m/code/__torch__/" + file.getKey() + ".py",
                        file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            store(zip, "m/data.pkl", object(className));
        }
        return bytes.toByteArray();
    }

    /** Pickle, protocol 2: an object of the class, made without arguments, with {@code training = False}. */
    private static byte[] object(String className) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(0x80);
        pickle.write(2);
        pickle.write(("c__torch__\n" + className + "\n").getBytes(StandardCharsets.US_ASCII));
        pickle.write(')');
        pickle.write(0x81);
        pickle.write("}(X".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(0x89);
        pickle.write("ub.".getBytes(StandardCharsets.US_ASCII));
        return pickle.toByteArray();
    }

    // The reader maps entries in place: they must not be compressed.
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
