package org.patchreel.web.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.patchreel.api.Exports;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clips and a timeline as one ZIP file, for an editor's program. It is made on the disk, twice as large as the clips for a moment,
 * and deleted when it was sent.
 */
final class ExportResources {

    private static final Logger LOG = LoggerFactory.getLogger(ExportResources.class);

    private static final String NAME = "patchreel";

    /** Of Final Cut Pro's format, the file names the folder in which it was made: that is for this machine alone. */
    private static final Set<String> FORMATS = Set.of("otio", "edl", "mlt", "xmp");

    private static final int MAX_CLIPS = 100;
    private static final long MAX_BYTES = 4L << 30;
    private static final int AT_ONCE = 2;

    private final Path folder;
    private final VideoGenerator generator;
    private final Exports exports;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /**
     * Creates the operation.
     *
     * @param folder takes what is made, of this process alone
     * @param generator knows the assets
     * @param exports make them
     */
    ExportResources(Path folder, VideoGenerator generator, Exports exports) {
        this.folder = folder;
        this.generator = generator;
        this.exports = exports;
    }

    /** Deletes what an earlier process has left. */
    static void removeLeftovers(Path folder) {
        try {
            delete(folder);
        } catch (IOException e) {
            LOG.warn("{}: what an earlier process left cannot be removed: {}", folder, e.toString());
        }
    }

    Response get(Request request, Caller caller) throws IOException, Refusal {
        Parameters parameters = Parameters.of(request, "assets", "formats");
        List<String> ids = words(parameters.text("assets").orElse(""));
        Set<String> formats = new TreeSet<>(words(parameters.text("formats").orElse("otio,edl,mlt,xmp")));
        if (ids.isEmpty() || ids.size() > MAX_CLIPS) {
            throw new Refusal(422, "assets must be 1 to " + MAX_CLIPS + " IDs, separated by commas").at("assets");
        }
        if (formats.isEmpty() || !FORMATS.containsAll(formats)) {
            throw new Refusal(422, "formats must be some of otio, edl, mlt and xmp, separated by commas").at("formats");
        }
        checkSize(ids);
        if (!places.tryAcquire()) {
            throw Refusal.busy("other clips are being handed over: try again");
        }
        boolean sent = false;
        try {
            Path file = make(ids, formats, caller);
            // open, it is there until it was sent, also if this process ends meanwhile
            FileChannel zip = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
            Response answer = Response.part(200, "application/zip", new Download(zip, places), 0, zip.size())
                    .with("Content-Disposition", "attachment; filename=\"" + NAME + ".zip\"");
            sent = true;
            return answer;
        } finally {
            if (!sent) {
                places.release();
            }
        }
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private void checkSize(List<String> ids) throws IOException, Refusal {
        long bytes = 0;
        for (String id : new TreeSet<>(ids)) {
            StoredAsset asset =
                    generator.asset(id).orElseThrow(() -> new Refusal(404, "no such asset: " + id).at("assets"));
            try (var clip = asset.open(asset.metadata().kind().file())) {
                bytes += clip.size();
            }
        }
        if (bytes > MAX_BYTES) {
            throw new Refusal(413, "the clips have " + bytes + " bytes, at most " + MAX_BYTES + " are handed over")
                    .at("assets");
        }
    }

    /** {@return the ZIP file} */
    private Path make(List<String> ids, Set<String> formats, Caller caller) throws IOException, Refusal {
        Files.createDirectories(folder);
        Path work = Files.createTempDirectory(folder, "export");
        Path made = work.resolve(NAME);
        Path zip = Files.createTempFile(folder, "export", ".zip");
        boolean complete = false;
        try {
            exports.write(ids, formats, made, caller.requester());
            pack(made, zip);
            complete = true;
            return zip;
        } catch (IllegalArgumentException e) {
            throw new Refusal(422, String.valueOf(e.getMessage()).replace(work.toString(), ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.busy("the export was interrupted");
        } finally {
            delete(work);
            if (!complete) {
                Files.deleteIfExists(zip);
            }
        }
    }

    private static void pack(Path made, Path zip) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(made)) {
            all.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            entries.setLevel(Deflater.NO_COMPRESSION);
            for (Path file : files) {
                entries.putNextEntry(new ZipEntry(NAME + "/" + made.relativize(file)));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }

    private static void delete(Path work) throws IOException {
        if (!Files.exists(work)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> found = Files.walk(work)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
