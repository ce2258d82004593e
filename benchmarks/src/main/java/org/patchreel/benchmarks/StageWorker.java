package org.patchreel.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.torch.TorchEngine;

/**
 * Runs one network whenever it is told to and says how long that took; between, it waits for the standard input and uses
 * no processor. {@code reference.py} is its counterpart with the same lines:
 *
 * <pre>
 * ready VERSION        written once, when the network is loaded
 * run                  read: one repetition
 * PREPARATION PASS     its answer, both in seconds
 * save FILE            read: one more pass, its result as the array {@code output} of an npz file
 * saved                its answer
 * </pre>
 */
public final class StageWorker {

    private StageWorker() {}

    /**
     * Runs until the standard input ends.
     *
     * @param args {@code dit}, {@code dit-int8} or {@code vae}, the component's directory, the inputs as an npz file, the folder for
     *     native libraries, the number of threads
     * @throws Exception if the component or the inputs cannot be read, or the component gives no finite numbers
     */
    public static void main(String[] args) throws Exception {
        TorchEngine.configure(
                new TorchEngine.Settings(Path.of(args[3]), Optional.empty(), "", Integer.parseInt(args[4])));
        try (NDManager manager = TorchEngine.newManager(Placement.CPU.device());
                InputStream file = Files.newInputStream(Path.of(args[2]));
                Stage stage = stage(args[0], Path.of(args[1]), NDList.decode(manager, file))) {
            System.out.println("ready " + TorchEngine.version());
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                System.out.println(
                        command.startsWith("save ")
                                ? save(stage, Path.of(command.substring(5)), manager)
                                : repeat(stage, manager));
            }
        }
    }

    private static Stage stage(String kind, Path directory, NDList inputs) throws IOException {
        return switch (kind) {
            case "dit" -> new DenoisingStage(directory, inputs, Precision.FP32);
            case "dit-int8" -> new DenoisingStage(directory, inputs, Precision.INT8);
            case "vae" -> new DecodingStage(directory, inputs);
            default -> throw new IllegalArgumentException("no such stage, dit, dit-int8 and vae are there: " + kind);
        };
    }

    private static String repeat(Stage stage, NDManager manager) throws Exception {
        try (NDManager scope = manager.newSubManager()) {
            long start = System.nanoTime();
            stage.prepare(scope);
            long prepared = System.nanoTime();
            stage.run(scope);
            long done = System.nanoTime();
            return (prepared - start) / 1e9 + " " + (done - prepared) / 1e9;
        }
    }

    private static String save(Stage stage, Path target, NDManager manager) throws Exception {
        try (NDManager scope = manager.newSubManager();
                OutputStream out = Files.newOutputStream(target)) {
            stage.prepare(scope);
            NDArray output = stage.run(scope);
            output.setName("output");
            new NDList(output).encode(out, NDList.Encoding.NPZ);
            return "saved";
        }
    }
}
