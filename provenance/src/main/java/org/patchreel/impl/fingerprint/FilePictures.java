package org.patchreel.impl.fingerprint;

import java.util.ArrayList;
import java.util.List;

/**
 * The pictures of a file that is examined, small and grey. Memory is bounded: of a longer file every second frame is kept,
 * then every fourth, and so on; up to four minutes of 24 frames a second all are.
 */
public final class FilePictures {

    /** Most pictures that are kept: 48 MiB. */
    private static final int MAX_PICTURES = 6000;

    /** Times beyond twelve days are taken for this one. */
    private static final int MAX_MILLIS = Integer.MAX_VALUE / 2;

    private final List<LumaGrid> pictures = new ArrayList<>();
    private final List<Integer> times = new ArrayList<>();
    private int stride = 1;
    private long offered;
    private int end;
    private int lastTime;

    /**
     * Notes the time of the next picture.
     *
     * @param seconds from the file's start
     * @return whether the picture is one of those that are kept, and must be {@linkplain #keep given}
     */
    public boolean offer(double seconds) {
        int time = (int) Math.min(MAX_MILLIS, Math.round(1000 * seconds));
        // the last picture is shown as long as the one before it
        end = times.isEmpty() ? time : Math.max(end, time + (time - lastTime));
        lastTime = time;
        if (offered++ % stride != 0) {
            return false;
        }
        if (pictures.size() == MAX_PICTURES) {
            thin();
            return (offered - 1) % stride == 0;
        }
        return true;
    }

    /** Keeps the picture that was offered last, as {@link #add} does. */
    public void keep(byte[] grey, int width, int height) {
        pictures.add(LumaGrid.of(grey, width, height));
        times.add(lastTime);
    }

    /**
     * Adds the next picture.
     *
     * @param grey width × height bytes of luma on the full range, row by row from the top left
     * @param width of the picture
     * @param height of the picture
     * @param seconds from the file's start
     */
    public void add(byte[] grey, int width, int height, double seconds) {
        if (offer(seconds)) {
            keep(grey, width, height);
        }
    }

    private void thin() {
        for (int i = 0; 2 * i < pictures.size(); i++) {
            pictures.set(i, pictures.get(2 * i));
            times.set(i, times.get(2 * i));
        }
        pictures.subList(MAX_PICTURES / 2, MAX_PICTURES).clear();
        times.subList(MAX_PICTURES / 2, MAX_PICTURES).clear();
        stride *= 2;
    }

    /** {@return whether there is no picture} */
    public boolean isEmpty() {
        return pictures.isEmpty();
    }

    List<LumaGrid> pictures() {
        return pictures;
    }

    /** {@return milliseconds of each picture} */
    int[] times() {
        return times.stream().mapToInt(Integer::intValue).toArray();
    }

    /** {@return when the last picture ends, in milliseconds} */
    int end() {
        return end;
    }

    /**
     * The keys by which a store finds clips with pictures like these.
     *
     * @param most pictures to make keys of, spread over the file
     * @return for each picture, upright and mirrored
     */
    public List<long[]> lookupKeys(int most) {
        List<long[]> keys = new ArrayList<>();
        int step = (pictures.size() + most - 1) / most;
        for (int i = 0; i < pictures.size(); i += step) {
            for (Orientation orientation : List.of(Orientation.UPRIGHT, Orientation.MIRRORED)) {
                FrameSignature signature = FrameSignature.of(pictures.get(i).turned(orientation));
                if (signature.confidence() >= Fingerprint.MIN_CONFIDENCE) {
                    keys.add(LookupKeys.of(signature));
                }
            }
        }
        return keys;
    }
}
