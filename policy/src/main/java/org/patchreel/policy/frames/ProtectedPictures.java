package org.patchreel.policy.frames;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import org.patchreel.policy.frames.PictureHash.Part;

/**
 * The pictures of a folder that no clip may show: JPEG and PNG files, looked for again when somebody asks. A folder that is not there has
 * none. Safe for use from any thread.
 */
final class ProtectedPictures {

    static final int MAX_PICTURES = 2000;

    private static final long MAX_BYTES = 32 << 20;
    private static final long MAX_PIXELS = 64 << 20;

    /** Pixels of the longer side that are looked at. */
    private static final int MAX_SIDE = 512;

    private static final Set<String> ENDINGS = Set.of(".jpg", ".jpeg", ".png");

    private static final double CUT = 0.9;
    private static final List<Double> PLACES = List.of(0.0, 0.5, 1.0);

    /** Of a protected picture; it may be shown cut. */
    private static final List<Part> PARTS = parts();

    /** Of a frame; a protected picture may be shown in its middle. */
    private static final List<Part> SHOWN = List.of(Part.WHOLE, Part.middle(0.9), Part.middle(0.8));

    /** A file, and what tells one version of it from another. */
    private record Stamp(Path file, FileTime modified, long size) {}

    /** A picture with the hashes of its parts, as they are and mirrored. */
    private record Protected(String name, List<PictureHash> hashes) {}

    private static List<Part> parts() {
        List<Part> parts = new ArrayList<>(List.of(Part.WHOLE));
        for (double y : PLACES) {
            for (double x : PLACES) {
                parts.add(new Part(CUT, x, y));
            }
        }
        return List.copyOf(parts);
    }

    private final Path folder;

    /** Guarded by this. */
    private List<Stamp> read = List.of();

    private List<Protected> pictures = List.of();

    ProtectedPictures(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /**
     * Looks whether the folder has changed, and reads it if so.
     *
     * @return the number of pictures
     * @throws IOException if one of them cannot be used: what cannot be compared is not left out
     */
    synchronized int update() throws IOException {
        List<Stamp> stamps = stamps();
        if (!stamps.equals(read)) {
            List<Protected> found = new ArrayList<>();
            for (Stamp stamp : stamps) {
                found.add(read(stamp));
            }
            pictures = List.copyOf(found);
            read = stamps;
        }
        return pictures.size();
    }

    private List<Stamp> stamps() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Stamp> stamps = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(ProtectedPictures::isPicture)
                    .sorted()
                    .limit(MAX_PICTURES + 1L)
                    .toList()) {
                stamps.add(new Stamp(file, Files.getLastModifiedTime(file), Files.size(file)));
            }
        }
        if (stamps.size() > MAX_PICTURES) {
            throw new IOException(folder + " has more than " + MAX_PICTURES + " pictures");
        }
        return stamps;
    }

    private static boolean isPicture(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static Protected read(Stamp stamp) throws IOException {
        Path file = stamp.file();
        if (stamp.size() > MAX_BYTES || !Files.isRegularFile(file)) {
            throw new IOException(file + " is no file of at most " + MAX_BYTES + " bytes");
        }
        GreyPicture picture;
        try {
            picture = grey(file);
        } catch (RuntimeException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        List<PictureHash> hashes = new ArrayList<>();
        for (Part part : PARTS) {
            PictureHash.of(picture, part).ifPresent(hashes::add);
            PictureHash.of(mirrored(picture), part).ifPresent(hashes::add);
        }
        if (hashes.isEmpty()) {
            throw new IOException(file + " shows nothing that can be recognised");
        }
        return new Protected(String.valueOf(file.getFileName()), List.copyOf(hashes));
    }

    private static GreyPicture grey(Path file) throws IOException {
        try (@Nullable ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            if (in == null) {
                throw new IOException(file + " cannot be opened");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(file + " is no JPEG or PNG file");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MAX_PIXELS) {
                    throw new IOException(file + " has " + pixels + " pixels, at most " + MAX_PIXELS + " are read");
                }
                return grey(reader.read(0));
            } finally {
                reader.dispose();
            }
        }
    }

    private static GreyPicture grey(BufferedImage image) {
        float[] values = new float[image.getWidth() * image.getHeight()];
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int x = 0; x < row.length; x++) {
                values[y * row.length + x] = GreyPicture.luma(row[x] >> 16 & 0xff, row[x] >> 8 & 0xff, row[x] & 0xff);
            }
        }
        GreyPicture whole = new GreyPicture(image.getWidth(), image.getHeight(), values);
        double scale = Math.min(1, (double) MAX_SIDE / Math.max(whole.width(), whole.height()));
        return whole.scaled(side(whole.width(), scale), side(whole.height(), scale));
    }

    private static int side(int pixels, double scale) {
        return Math.max(1, (int) Math.round(pixels * scale));
    }

    private static GreyPicture mirrored(GreyPicture picture) {
        float[] values = new float[picture.values().length];
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                values[y * picture.width() + x] = picture.at(picture.width() - 1 - x, y);
            }
        }
        return new GreyPicture(picture.width(), picture.height(), values);
    }

    /**
     * Finds a protected picture in a frame.
     *
     * @param frame the frame
     * @param likeness how like it must be
     * @return the file's name of the first one that is like the frame
     */
    synchronized Optional<String> find(GreyPicture frame, Likeness likeness) {
        for (Part part : SHOWN) {
            Optional<PictureHash> hash = PictureHash.of(frame, part);
            if (hash.isPresent()) {
                for (Protected each : pictures) {
                    if (each.hashes().stream().anyMatch(other -> likeness.holds(hash.get(), other))) {
                        return Optional.of(each.name());
                    }
                }
            }
        }
        return Optional.empty();
    }

    /**
     * When two pictures count as like each other.
     *
     * @param bits in which their hashes differ at most
     * @param correlation that they have at least in little
     */
    record Likeness(int bits, double correlation) {

        boolean holds(PictureHash one, PictureHash other) {
            return one.distance(other) <= bits && one.correlation(other) >= correlation;
        }
    }
}
