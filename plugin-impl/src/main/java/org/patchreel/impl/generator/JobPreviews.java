package org.patchreel.impl.generator;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.patchreel.impl.media.LatestFrame;
import org.patchreel.spi.FrameSink;

/** Pictures of the clips that this process is making, for those who wait. May be called from any thread. */
@Component(service = JobPreviews.class)
public final class JobPreviews {

    private final Map<String, LatestFrame> frames = new ConcurrentHashMap<>();

    /** Has no pictures yet. */
    @Activate
    public JobPreviews() {}

    /**
     * Watches the frames of a job.
     *
     * @param id of the job
     * @param next takes the frames; closed with the returned sink
     * @return takes the frames; the last picture is there until {@link #forget}, since signing and storing take time, too
     */
    FrameSink watch(String id, FrameSink next) {
        LatestFrame latest = new LatestFrame(next, System::nanoTime);
        frames.put(id, latest);
        return latest;
    }

    /** Has no picture of a job any more. */
    void forget(String id) {
        frames.remove(id);
    }

    /** {@return a frame that has just been made, as a JPEG file; empty if there is none} */
    Optional<byte[]> jpeg(String id) {
        return Optional.ofNullable(frames.get(id)).flatMap(LatestFrame::jpeg);
    }
}
