package org.patchreel.sling;

import java.io.IOException;
import java.util.Optional;
import org.apache.sling.event.jobs.Job;
import org.apache.sling.jcr.api.SlingRepository;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.workflow.SourceInput;
import org.patchreel.workflow.StepPayload;

/** What a job works on: properties and files that came with it, and nodes that the service user may read. */
record JobPayload(SlingRepository repository, Job job) implements StepPayload {

    @Override
    public Optional<String> property(String name) throws IOException {
        Optional<String> given = JobArguments.payloadProperty(job, name);
        Optional<String> path = JobArguments.payloadPath(job);
        if (given.isPresent() || path.isEmpty()) {
            return given;
        }
        try (ServiceSession session = ServiceSession.open(repository)) {
            return new NodePayload(session.session(), path).property(name);
        }
    }

    @Override
    public Optional<String> text(Optional<String> path) throws IOException {
        try (ServiceSession session = ServiceSession.open(repository)) {
            return new NodePayload(session.session(), JobArguments.payloadPath(job)).text(path);
        }
    }

    @Override
    public Optional<Media> media(Optional<String> path, SourceStore store) throws IOException {
        String name = path.orElse(SourceInput.PAYLOAD);
        Optional<Media> uploaded = JobArguments.payloadProperty(job, JobArguments.mediaProperty(name))
                .or(() -> path)
                .flatMap(JobArguments::upload);
        if (uploaded.isPresent()) {
            return uploaded;
        }
        try (ServiceSession session = ServiceSession.open(repository)) {
            return new NodePayload(session.session(), JobArguments.payloadPath(job)).media(path, store);
        }
    }
}
