package org.patchreel.impl.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.ShotUse;
import org.patchreel.api.FrameRate;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Transition;

/**
 * What a clip was asked to show, as WebVTT: a cue for each shot, for as long as it is seen (<a
 * href="https://www.w3.org/TR/webvtt1/">WebVTT</a>). It tells what was asked for; nobody has looked.
 */
final class Description {

    private Description() {}

    /**
     * Writes the file beside a clip. A still has none: its alternative text says as much.
     *
     * @param metadata of the asset
     * @param directory of its files
     * @throws IOException if it cannot be written
     */
    static void write(AssetMetadata metadata, Path directory) throws IOException {
        if (metadata.kind() == OutputKind.CLIP) {
            Files.write(
                    directory.resolve(AssetFile.DESCRIPTION.fileName()),
                    text(metadata).getBytes(UTF_8));
        }
    }

    static String text(AssetMetadata metadata) {
        FrameRate rate = metadata.format().frameRate();
        StringBuilder text = new StringBuilder("WEBVTT\n\nNOTE This video is generated. It was asked to show this.\n");
        List<ShotUse> shots = metadata.shots().isEmpty()
                ? List.of(new ShotUse(
                        0,
                        metadata.format().frameCount(),
                        Transition.CUT,
                        0,
                        metadata.prompt(),
                        metadata.expandedPrompt(),
                        ""))
                : metadata.shots();
        for (int i = 0; i < shots.size(); i++) {
            // frames that are mixed with those of the next shot are its own already
            int end = i + 1 < shots.size()
                    ? shots.get(i + 1).start()
                    : metadata.format().frameCount();
            text.append('\n')
                    .append(time(shots.get(i).start(), rate))
                    .append(" --> ")
                    .append(time(end, rate))
                    .append('\n')
                    .append(escaped(shots.get(i).prompt()))
                    .append('\n');
        }
        return text.toString();
    }

    private static String time(int frame, FrameRate rate) {
        long millis = 1000L * frame * rate.denominator() / rate.numerator();
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                millis % 1000);
    }

    /** A line end would end the cue. */
    private static String escaped(String prompt) {
        return prompt.strip()
                .replaceAll("\\s+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
