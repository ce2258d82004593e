package org.patchreel.broker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.broker.jms.FilePart;

class ResultFolderTest {

    @TempDir
    Path directory;

    @Test
    void jobsThatEndAtTheSameTimeDoNotTripOverOneAnother() throws Exception {
        ResultFolder results = new ResultFolder(directory);
        List<Future<?>> ends = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int thread = 0; thread < 8; thread++) {
                String name = "job" + thread + "x";
                ends.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        String job = name + i;
                        for (int attempt = 0; attempt < 3; attempt++) {
                            results.add(new FilePart(job, "attempt" + attempt, "clip.mp4", 0, true, new byte[1]));
                        }
                        results.delete(job);
                        results.deleteAbandoned(InstantSource.system(), Set.of());
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(List.of(), left());
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.toList();
        }
    }
}
