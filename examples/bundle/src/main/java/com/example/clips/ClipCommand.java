package com.example.clips;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        GenerationJob job = generator.submit(GenerationRequest.builder(prompt).steps(2).build(), Requester.UNKNOWN);
        try {
            JobState.Ended end = await(job);
            if (end instanceof JobState.Completed completed) {
                return "the clip is " + completed.asset().location();
            } else if (end instanceof JobState.Refused refused) {
                return "refused by rule " + refused.rule() + ": " + refused.explanation();
            } else if (end instanceof JobState.Failed failed) {
                throw failed.cause();
            }
            return "cancelled";
        } catch (InterruptedException e) {
            job.cancel();
            throw e;
        }
    }

    private static JobState.Ended await(GenerationJob job) throws Exception {
        CompletableFuture<JobState.Ended> ended = job.ended().toCompletableFuture();
        while (true) {
            try {
                return ended.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                System.out.println(job.state());
            }
        }
    }
}
