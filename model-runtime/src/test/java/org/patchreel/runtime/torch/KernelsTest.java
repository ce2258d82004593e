package org.patchreel.runtime.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.torch.Placement.Precision;

/** Whether the engine computes right on this machine, and what happens where it does not. */
class KernelsTest {
    private static final Placement INT8 = new Placement(Placement.CPU.device(), Precision.INT8);
    private static final Placement BF16 = new Placement(Placement.CPU.device(), Precision.BF16);

    @ParameterizedTest
    @ValueSource(strings = {"DEFAULT", "AVX512_CORE", "AVX2", "SSE41"})
    void everyKernelInUseIsRightFor1To64ChannelsUnderEveryInstructionSet(String limit, @TempDir Path folder)
            throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder table = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-DDJL_CACHE_DIR=" + System.getProperty("DJL_CACHE_DIR"),
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                KernelTable.class.getName());
        table.environment().put("ONEDNN_MAX_CPU_ISA", limit);
        Process process =
                table.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertTrue(ended, text);
        assertEquals(0, process.exitValue(), text);
        assertTrue(text.contains("compared, 0 wrong"), text);
        assertFalse(text.contains("NNPACK"), text);
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void aKernelThatGivesWrongNumbersIsReplacedByItsSlowTwin(Kernel kernel) {
        Placement placement = kernel == Kernel.INT8_LINEAR ? INT8 : Placement.CPU;
        Kernels kernels = Kernels.check(spoilt(kernel, "torch.mul(", ", 1.5)"), placement);
        assertEquals(
                Optional.of(
                        kernel.label() + " by slow code: the engine's fast code gives wrong numbers on this processor"),
                kernels.fault());
        assertRight(kernels, placement);
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void aKernelThatGivesNoNumbersIsReplacedByItsSlowTwin(Kernel kernel) {
        Placement placement = kernel == Kernel.INT8_LINEAR ? INT8 : BF16;
        Kernels kernels = Kernels.check(spoilt(kernel, "torch.div(torch.mul(", ", 0), 0)"), placement);
        assertTrue(kernels.fault().orElseThrow().contains(kernel.label()), kernels.fault()::toString);
        assertRight(kernels, placement);
    }

    @Test
    void aKernelThatThrowsIsReplacedByItsSlowTwin() {
        String source = ScriptModule.source("kernels.py")
                .replace("torch.mkldnn_convolution(x", "torch.mkldnn_convolution(bias");
        Kernels kernels = Kernels.check(source, Placement.CPU);
        assertTrue(kernels.fault().orElseThrow().startsWith("convolution by slow code"), kernels.fault()::toString);
        assertRight(kernels, Placement.CPU);
    }

    @Test
    void whatWasFoundIsRecordedForTheNextProcess(@TempDir Path folder) {
        KernelRecord record = KernelRecord.of(folder.resolve("natives"), Placement.CPU, "source");
        assertEquals(Optional.empty(), record.read());
        Set<Kernel> slow = EnumSet.of(Kernel.CONVOLUTION, Kernel.ATTENTION);
        record.write(slow);
        assertEquals(Optional.of(slow), record.read());
        assertEquals(record, KernelRecord.of(folder.resolve("natives"), Placement.CPU, "source"));
        assertNotEquals(record, KernelRecord.of(folder.resolve("natives"), BF16, "source"));
        assertNotEquals(record, KernelRecord.of(folder.resolve("natives"), Placement.CPU, "changed source"));
    }

    @Test
    void aDamagedRecordIsNotBelieved(@TempDir Path folder) throws Exception {
        KernelRecord record = KernelRecord.of(folder, Placement.CPU, "source");
        Files.writeString(record.file(), "CONVOLUTION\nsomething else\n");
        assertEquals(Optional.empty(), record.read());
    }

    @Test
    void aFolderThatCannotBeWrittenLeavesNoRecord(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        KernelRecord record = KernelRecord.of(file, Placement.CPU, "source");
        record.write(Set.of());
        assertEquals(Optional.empty(), record.read());
    }

    /** The source with a kernel's results changed. */
    private static String spoilt(Kernel kernel, String before, String after) {
        String source = ScriptModule.source("kernels.py");
        String start = "def " + kernel.function() + "(";
        int from = source.indexOf(start);
        int to = source.indexOf("\ndef ", from + 1);
        String function = source.substring(from, to);
        assertTrue(from >= 0 && function.contains("return "), source);
        return source.substring(0, from)
                + function.replaceAll("return (.*)", "return " + before + "$1" + after)
                + source.substring(to);
    }

    private static void assertRight(Kernels kernels, Placement placement) {
        try (KernelCheck check = new KernelCheck(kernels, placement)) {
            assertEquals(Set.of(), check.faults());
        }
    }
}
