package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.impl.media.SourceInfo;
import org.patchreel.impl.media.SourceReader;
import org.patchreel.spi.FrameSource;

/**
 * Reads the frames of a clip that a check looks at, some times; measured with {@code time}, because another process decodes. Arguments:
 * the file, and how often.
 */
final class SampledFramesMeasurement {

    private SampledFramesMeasurement() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int times = Integer.parseInt(arguments[1]);
        SourceInfo info = SourceReader.probe(file);
        int frames = 0;
        for (int i = 0; i < times; i++) {
            try (FrameSource source = SampledFrames.open(new Footage(file, info.size(), info.seconds()), 2)) {
                while (source.next().isPresent()) {
                    frames++;
                }
            }
        }
        System.out.println(frames + " frames in " + times + " times");
    }
}
