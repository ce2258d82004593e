package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.patchreel.api.VideoFormat;

/** Encodes in a process of its own, for what concerns a whole process: its output, its limits, its processors. */
final class EncodingProcess {
    private EncodingProcess() {}

    static final VideoFormat FORMAT = new VideoFormat(64, 64, 241, 24);

    /** Encodes a clip and prints {@code done} or the reason why not. */
    public static void main(String[] arguments) {
        try {
            Path file = Path.of(arguments[1]);
            TestFrames.feed(FORMAT, TestEncoders.configured(arguments[0], 80).open(file, FORMAT));
            System.out.println("done");
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    /**
     * Runs {@link #main}.
     *
     * @param prefix what the shell puts ahead of the command, {@code exec} at least
     * @return all that it printed, on both channels
     */
    static String run(String prefix, String codec, Path file) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                "sh",
                "-c",
                prefix + " \"$0\" \"$@\"",
                java,
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EncodingProcess.class.getName(),
                codec,
                file.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
