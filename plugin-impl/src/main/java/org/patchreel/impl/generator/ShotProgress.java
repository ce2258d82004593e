package org.patchreel.impl.generator;

import java.util.List;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.spi.GenerationMonitor;

/**
 * Turns the progress of the shots, which a model makes one after the other, into that of their clip. A shot counts as many
 * steps as its denoising has, whether it is made in windows or not. Used by one thread.
 */
final class ShotProgress implements GenerationMonitor {

    private final List<WorkShot> shots;
    private final GenerationMonitor clip;
    private int current;

    /**
     * Creates one.
     *
     * @param shots of the clip
     * @param clip takes its progress
     */
    ShotProgress(List<WorkShot> shots, GenerationMonitor clip) {
        this.shots = shots;
        this.clip = clip;
    }

    /** Says whose progress comes from now on. */
    void begin(int shot) {
        current = shot;
    }

    @Override
    public void progress(GenerationProgress progress) {
        if (shots.size() == 1) {
            clip.progress(progress);
        } else if (progress.stage() != Stage.LOADING) {
            clip.progress(ofClip(progress));
        } else if (current == 0) {
            clip.progress(progress); // the weights stay in memory
        }
    }

    private GenerationProgress ofClip(GenerationProgress progress) {
        int done = 0;
        int total = 0;
        for (int i = 0; i < shots.size(); i++) {
            int units = units(progress.stage(), shots.get(i));
            total += units;
            if (i < current) {
                done += units;
            } else if (i == current) {
                done += (int) ((long) units * progress.done() / progress.total());
            }
        }
        return new GenerationProgress(progress.stage(), done, total);
    }

    private static int units(Stage stage, WorkShot shot) {
        return switch (stage) {
            case SAMPLING -> shot.task().sampling().steps();
            case DECODING -> shot.task().format().frameCount();
            default -> 1;
        };
    }

    @Override
    public void note(String text) {
        clip.note(text);
    }

    @Override
    public boolean cancelled() {
        return clip.cancelled();
    }
}
