package org.patchreel.runtime.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a comparison of kernels found, for the next process. The file's name follows from all that the result depends on:
 * processor, libtorch, limits to its instruction set, device, precision and the kernels' source.
 *
 * @param file holds the names of the slow kernels, one a line
 */
record KernelRecord(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(KernelRecord.class);

    static KernelRecord of(Path folder, Placement placement, String source) {
        List<String> key = new ArrayList<>(processor());
        key.add(TorchEngine.VERSION);
        for (String limit :
                new String[] {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS"
                }) {
            key.add(limit + "=" + System.getenv(limit));
        }
        key.add(placement.toString());
        key.add(source);
        return new KernelRecord(folder.resolve("kernels-" + hash(String.join("\n", key)) + ".txt"));
    }

    Optional<Set<Kernel>> read() {
        try {
            Set<Kernel> slow = EnumSet.noneOf(Kernel.class);
            for (String name : Files.readAllLines(file)) {
                slow.add(Kernel.valueOf(name));
            }
            return Optional.of(slow);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Without a record the next process compares again. */
    void write(Set<Kernel> slow) {
        Path part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(part, slow.stream().map(Kernel::name).toList());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.debug("cannot write {}: {}", file, e.getMessage());
        }
    }

    /** Model and features of the first processor, as Linux tells them. */
    private static List<String> processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.startsWith("model name") || line.startsWith("flags"))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(System.getProperty("os.arch"));
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
