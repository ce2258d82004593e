package com.example.clips;

import java.time.Duration;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.VideoGenerator;

/** The console command {@code example:clip}: makes a clip, shows how far it is, and returns where the clip is. */
@Component(
        service = ClipCommand.class,
        property = {"osgi.command.scope=example", "osgi.command.function=clip"})
public final class ClipCommand {

    private final VideoGenerator generator;

    @Activate
    public ClipCommand(@Reference VideoGenerator generator) {
        this.generator = generator;
    }

    /** Ctrl-C interrupts the thread of a command. */
    public String clip(String prompt) throws Exception {
        GenerationRequest request = GenerationRequest.builder(prompt).steps(2).build();
        GenerationJob job = generator.submit(request, Requester.UNKNOWN);
        try {
            JobState.Ended end = await(job);
            if (end instanceof JobState.Completed completed) {
                return "the clip is " + completed.asset().location();
            } else if (end instanceof JobState.Refused refused) {
                return "refused by rule " + refused.rule() + ": " + refused.explanation();
            } else if (end instanceof JobState.Failed failed) {
                throw failed.cause();
            }
            return end.name();
        } catch (InterruptedException e) {
            job.cancel();
            throw e;
        }
    }

    /** Prints once a second, from this thread: what a command's thread prints goes to the console that it was typed in. */
    private static JobState.Ended await(GenerationJob job) throws InterruptedException {
        Optional<JobState.Ended> end = job.await(Duration.ofSeconds(1));
        while (end.isEmpty()) {
            System.out.println(job.state());
            end = job.await(Duration.ofSeconds(1));
        }
        return end.get();
    }
}
