package org.patchreel.runtime.torch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.patchreel.runtime.torch.KernelCheck.ConvolutionKind;
import org.patchreel.runtime.torch.Placement.Precision;

/**
 * Compares kernels with slow computations for every number of channels from 1 to 64, and prints those that are wrong: a
 * process of its own, since the engine reads limits to the instruction set once.
 */
final class KernelTable {
    private KernelTable() {}

    /**
     * Prints the table.
     *
     * @param arguments a file in place of {@code kernels.py}, or nothing
     */
    public static void main(String[] arguments) throws Exception {
        String source =
                arguments.length == 0 ? ScriptModule.source("kernels.py") : Files.readString(Path.of(arguments[0]));
        int wrong = 0;
        int compared = 0;
        for (Precision precision : Precision.values()) {
            Placement placement = new Placement(Placement.CPU.device(), precision);
            Kernels kernels = Kernels.check(source, placement);
            System.out.println(precision + ": " + kernels.fault().orElse("all fast"));
            try (KernelCheck check =
                    new KernelCheck(arguments.length == 0 ? kernels : Kernels.fast(source), placement)) {
                for (ConvolutionKind kind : ConvolutionKind.values()) {
                    List<String> bad = new ArrayList<>();
                    for (int channels = 1; channels <= 64; channels++) {
                        for (int size : new int[] {4, 9}) {
                            for (int outputs : new int[] {20, 32}) {
                                compared++;
                                note(
                                        bad,
                                        check.convolution(kind, channels, outputs, size),
                                        channels,
                                        check.tolerance());
                            }
                        }
                    }
                    wrong += bad.size();
                    System.out.println("  " + kind + " " + bad);
                }
                List<String> bad = new ArrayList<>();
                for (int channels = 1; channels <= 64; channels++) {
                    for (int rows : new int[] {1, 9}) {
                        compared += 4;
                        note(bad, check.linear(channels, 20, rows), channels, check.tolerance());
                        note(bad, check.linear(channels, 64, rows), channels, check.tolerance());
                        if (precision == Precision.INT8) {
                            compared++;
                            note(bad, check.int8Linear(channels, 20, rows), channels, KernelCheck.ROUNDING);
                        }
                        note(bad, check.attention(channels, rows, 7, false), channels, check.tolerance());
                        note(bad, check.attention(channels, rows, 40, true), channels, check.tolerance());
                    }
                    compared++;
                    note(bad, check.layerNorm(channels), channels, check.tolerance());
                }
                wrong += bad.size();
                System.out.println("  others " + bad);
            }
        }
        System.out.println(compared + " compared, " + wrong + " wrong");
    }

    private static void note(List<String> bad, float difference, int channels, float tolerance) {
        if (!(difference <= tolerance)) {
            bad.add(channels + ":" + String.format(Locale.ROOT, "%.1g", difference));
        }
    }
}
