package org.patchreel.aem;

import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Storyboard;
import org.patchreel.api.VideoGenerator;
import org.patchreel.contract.ScriptedGenerator;

/**
 * Tries a job again that has not made a clip.
 *
 * @param generator makes the clips
 * @param before happens before a job is begun
 */
record PersistentGenerator(ScriptedGenerator generator, Runnable before) implements VideoGenerator {

    @Override
    public GenerationJob submit(GenerationRequest request, Requester by) throws GenerationException {
        return generator.submit(request, by);
    }

    @Override
    public GenerationJob submit(String id, GenerationRequest request, Requester by) throws GenerationException {
        before.run();
        if (job(id).filter(job -> job.state() instanceof JobState.Failed).isPresent()) {
            generator.restart();
        }
        return generator.submit(id, request, by);
    }

    @Override
    public void check(GenerationRequest request) {
        generator.check(request);
    }

    @Override
    public Storyboard storyboard(String name, String text) {
        return generator.storyboard(name, text);
    }

    @Override
    public PlannedClip plan(GenerationRequest request) {
        return generator.plan(request);
    }

    @Override
    public Optional<StoredAsset> asset(String id) {
        return generator.asset(id);
    }

    @Override
    public List<AssetReference> assets() {
        return generator.assets();
    }

    @Override
    public List<GenerationJob> jobs() {
        return generator.jobs();
    }
}
