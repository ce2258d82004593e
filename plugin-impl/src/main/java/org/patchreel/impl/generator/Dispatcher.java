package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.jobs.FairQueue;
import org.patchreel.impl.jobs.Instruction;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.Price;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the jobs of this run, decides which one is next, and keeps the register up to date. What is in memory follows the
 * register: a job is taken when it is written there, and begins when that is. The jobs are made by a {@link Workshop}: {@link
 * #take}, {@link #charge} and {@link #giveBack} are what a queue that other machines share would offer, too.
 *
 * <p>Safe for use from any thread; no listener of a job is called with a lock held.
 */
final class Dispatcher implements Job.Keeper {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    /** How often a queue is looked at whose jobs wait for something that nobody tells of: a model, a day, another process. */
    private static final long LOOK_MILLIS = 1000;

    /** How often the progress of a running job is written. */
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final JobRecord.Status CANCELLED = new JobRecord.Status(RegisteredState.CANCELLED, "", "");

    private final JobRegister register;
    private final JobsConfiguration configuration;
    private final JobEvents events;
    private final Audit audit;
    private final WorkFolders workFolders;
    private final InstantSource clock;
    private final RegisteredJobs registered;
    private final QueueLimits limits;

    /** Guarded by this, as is all below. */
    private final PendingWrites writes;

    private final WaitingJobs waiting;
    private final RecordExpiry expiry;
    private final KnownJobs jobs = new KnownJobs();
    private final Map<String, Job> running = new HashMap<>();
    private FairQueue queue = new FairQueue(Map.of());
    private boolean restored;
    private boolean closed;
    private @Nullable String complaint;

    /** Posts nothing and takes nothing over until it is asked to. */
    Dispatcher(
            JobRegister register,
            JobsConfiguration configuration,
            InstalledModels models,
            JobEvents events,
            Audit audit,
            WorkFolders workFolders,
            InstantSource clock) {
        this.register = register;
        this.configuration = configuration;
        this.events = events;
        this.audit = audit;
        this.workFolders = workFolders;
        this.clock = clock;
        this.registered = new RegisteredJobs(register, this, events, clock);
        this.limits = new QueueLimits(configuration);
        this.writes = new PendingWrites(register);
        this.waiting = new WaitingJobs(register, configuration, models, new HeldClips(workFolders), clock);
        this.expiry = new RecordExpiry(register, configuration, clock);
    }

    /**
     * Takes over the jobs that earlier runs have left, unless that is done.
     *
     * @throws IOException if the register cannot be used
     */
    void restore() throws IOException {
        List<Job> left;
        synchronized (this) {
            if (restored) {
                return;
            }
            queue = new FairQueue(register.turns());
            jobs.earlier(registered.ended(KnownJobs.MAX_ENDED));
            left = registered.adopt();
            for (Job job : left) {
                jobs.add(job);
                queue.offer(job.record());
            }
            restored = true;
            notifyAll();
        }
        left.forEach(Job::queued);
    }

    /** {@return the IDs of jobs that have not ended, here or in another process that lives} */
    Set<String> unfinished() throws IOException {
        return registered.unfinished();
    }

    /**
     * Takes a job.
     *
     * @param record of the job
     * @param request what is asked for
     * @param work what to make
     * @return the job; one of its ID that lives wins
     * @throws GenerationException with {@link Reason#BUSY} if the queue is full, {@link Reason#STORAGE} if the job cannot be
     *     registered; no job exists then
     */
    Job add(JobRecord record, GenerationRequest request, ResolvedRequest work) throws GenerationException {
        return add(
                record,
                WorkOrderJson.write(work.order()),
                numbered -> Job.submitted(numbered, request, work, this, events));
    }

    /**
     * Takes a job that has ended once more.
     *
     * @param record of the job, as if it was submitted now
     * @param work as it is registered
     * @return the job; one of its ID that lives wins
     * @throws GenerationException as above
     */
    Job addAgain(JobRecord record, String work) throws GenerationException {
        return add(record, work, registered::again);
    }

    /**
     * Registers a job that a policy refuses. Its prompt is not kept.
     *
     * @param record of the job
     * @param request what was asked for
     * @param work what was asked to be made
     * @param refusal of the policy
     * @return the job, which has ended; one of its ID that lives wins
     * @throws GenerationException with {@link Reason#STORAGE} if the job cannot be registered
     */
    Job addRefused(JobRecord record, GenerationRequest request, ResolvedRequest work, JobState.Refused refusal)
            throws GenerationException {
        JobRecord refused = record.withoutPrompt()
                .with(
                        new JobRecord.Status(RegisteredState.REFUSED, refusal.rule(), refusal.explanation()),
                        clock.instant());
        Job job = add(refused, "", numbered -> Job.submitted(numbered, request, work, this, events));
        job.end(refusal);
        return job;
    }

    private Job add(JobRecord record, String work, Function<JobRecord, Job> making) throws GenerationException {
        if (isClosed()) {
            throw new IllegalStateException("the video generator has stopped");
        }
        try {
            restore();
            synchronized (this) {
                if (closed) {
                    throw new IllegalStateException("the video generator has stopped");
                }
                Optional<Job> alive = alive(record.id());
                if (alive.isPresent()) {
                    return alive.get();
                }
                boolean waits = !record.status().state().isEnded();
                if (waits) {
                    limits.check(record, queue);
                }
                Job job = making.apply(register.add(record, work));
                jobs.add(job);
                if (waits) {
                    queue.offer(job.record());
                    job.queued();
                    notifyAll();
                }
                return job;
            }
        } catch (IOException e) {
            throw new GenerationException(
                    Reason.STORAGE, "job " + record.id() + " cannot be registered: " + e.getMessage(), e);
        }
    }

    /** {@return a job of this run that waits, runs or has made its clip} */
    synchronized Optional<Job> alive(String id) {
        return jobs.alive(id);
    }

    /**
     * Finds a job in the register that another process works on.
     *
     * @param id of the job
     * @throws IOException if the register cannot be read
     */
    Optional<JobRecord> elsewhere(String id) throws IOException {
        return registered.elsewhere(id);
    }

    /** {@return the jobs of this run and the last ones of earlier ones, the latest first} */
    synchronized List<GenerationJob> jobs() {
        return jobs.latest();
    }

    /** {@return a job of this run, or one that has ended, of whenever} */
    Optional<GenerationJob> find(String id) {
        synchronized (this) {
            Optional<Job> job = jobs.find(id);
            if (job.isPresent()) {
                return Optional.of(job.get());
            }
        }
        try {
            return registered.ended(id).map(GenerationJob.class::cast);
        } catch (IOException e) {
            log.warn("Job {} cannot be looked up: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Waits for the next job. It is registered as running, with one more try, and its state is that.
     *
     * @param place says whether there is a place where a job could be made now; {@link #wake} when that changes
     * @return the job, or empty if nothing is taken any more
     * @throws InterruptedException if the thread is interrupted
     */
    Optional<Job> take(Predicate<Job> place) throws InterruptedException {
        while (true) {
            List<Runnable> news = new ArrayList<>();
            Optional<Job> next = Optional.empty();
            synchronized (this) {
                if (closed) {
                    return Optional.empty();
                }
                try {
                    next = next(place, news);
                    complaint = null;
                } catch (IOException | ConfigurationException e) {
                    complain(String.valueOf(e.getMessage()));
                }
                if (next.isEmpty() && news.isEmpty()) {
                    wait(isIdle() ? 0 : LOOK_MILLIS);
                }
            }
            news.forEach(Runnable::run);
            if (next.isPresent() && next.get().start()) {
                return next;
            }
        }
    }

    /** A register that cannot be used is complained of once. */
    private void complain(String what) {
        if (!what.equals(complaint)) {
            complaint = what;
            log.error("No job begins: {}", what);
        }
    }

    /** Nothing waits, but for a job that is submitted here, and nothing runs that another process may cancel. */
    private boolean isIdle() {
        return queue.size() == 0 && running.isEmpty() && writes.isEmpty() && (restored || !register.isHost());
    }

    /**
     * Looks for a job that may begin.
     *
     * @param place as above
     * @param news takes what listeners are to be told, without the lock
     */
    private Optional<Job> next(Predicate<Job> place, List<Runnable> news) throws IOException {
        if (!register.isHost() && isIdle()) {
            return Optional.empty(); // a process that asks for no job makes no register
        }
        if (register.isHost() && !restored) {
            restore();
        }
        writes.retry();
        expiry.forget();
        followInstructions(news);
        if (!news.isEmpty() || queue.size() == 0 || register.isPaused()) {
            return Optional.empty();
        }
        Eligibility eligibility = waiting.look();
        Set<String> held = waiting.hold(queue, jobs, eligibility, news);
        int ofUser = configuration.get().limits().runningOfUser();
        Optional<JobRecord> chosen = queue.next(job -> !held.contains(job.id())
                && (ofUser == JobSettings.UNLIMITED || runningOf(job) < ofUser)
                && place.test(jobs.of(job)));
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        Job job = jobs.of(chosen.get());
        eligibility.warn(chosen.get());
        JobRegister.Begun begun = register.begin(chosen.get(), clock.instant());
        queue.served(chosen.get(), begun.turn());
        job.record(begun.job());
        running.put(job.id(), job);
        return Optional.of(job);
    }

    /** Moves jobs as other processes want it, and has those cancelled that they have cancelled. */
    private void followInstructions(List<Runnable> news) throws IOException {
        for (Instruction wanted : register.instructions()) {
            Optional<Job> found = jobs.find(wanted.id());
            if (found.isEmpty()) {
                continue;
            }
            Job job = found.get();
            place(job, job.record().at(wanted.place()));
            if (wanted.cancel()) {
                news.add(job::cancel);
            }
        }
    }

    private void place(Job job, JobRecord moved) {
        job.record(moved);
        if (queue.contains(moved.id())) {
            queue.offer(moved);
        }
    }

    private long runningOf(JobRecord job) {
        return running.values().stream()
                .filter(other -> FairQueue.isOfOneRequester(other.record(), job))
                .count();
    }

    /** Wakes the queue: something that jobs wait for may be there. */
    synchronized void wake() {
        notifyAll();
    }

    /**
     * Charges device time to a job.
     *
     * @param job that kept the device busy
     * @param time for which it did, since the last call
     * @param price of a second
     * @param completed whether its frames are complete
     */
    synchronized void charge(Job job, Duration time, Optional<Price> price, boolean completed) {
        writes.charge(job.record(), time, price, completed);
        job.record(job.record().used(time));
    }

    @Override
    public void progressed(Job job, GenerationProgress progress) {
        Optional<Duration> lap = job.meter().lap(PROGRESS_NANOS);
        if (lap.isEmpty()) {
            return;
        }
        synchronized (this) {
            job.record(job.record()
                    .with(
                            new JobRecord.Status(RegisteredState.RUNNING, "", "", Optional.of(progress)),
                            clock.instant()));
            try {
                register.save(List.of(job.record()));
            } catch (IOException e) {
                log.debug("The progress of generation {} cannot be written", job.id(), e);
            }
        }
        if (job.meter().isRunning()) {
            charge(job, lap.get(), job.meter().price(), false);
        }
    }

    @Override
    public void ended(Job job, JobState.Ended end) {
        if (end instanceof JobState.Cancelled) {
            workFolders.delete(job.id()); // the job may have waited there with a clip that was held
        }
        keep(job, end);
        Optional<AuditAction> action = end.fold(
                completed -> Optional.empty(), // the asset was recorded
                refused -> Optional.empty(), // so was the decision
                failed -> Optional.of(new AuditAction.Failed(
                        failed.cause().reason().label(),
                        PrintableText.of(failed.cause().getMessage()))),
                cancelled -> Optional.of(new AuditAction.Cancelled()),
                suspended -> Optional.empty());
        action.ifPresent(what -> audit.note(job.id(), Requester.UNKNOWN, what));
    }

    private synchronized void keep(Job job, JobState.Ended end) {
        running.remove(job.id());
        queue.remove(job.id());
        Optional<JobRecord.Status> status = end.fold(
                completed -> Optional.of(new JobRecord.Status(
                        RegisteredState.COMPLETED,
                        "",
                        completed.asset().location().toString())),
                refused -> job.record().status().state() == RegisteredState.REFUSED
                        ? Optional.empty() // it was registered so
                        : Optional.of(
                                new JobRecord.Status(RegisteredState.REFUSED, refused.rule(), refused.explanation())),
                failed -> Optional.of(new JobRecord.Status(
                        RegisteredState.FAILED,
                        failed.cause().reason().label(),
                        PrintableText.of(failed.cause().getMessage()))),
                cancelled -> Optional.of(CANCELLED),
                suspended -> Optional.empty()); // in the register it waits
        status.ifPresent(now -> save(job, job.record().with(now, clock.instant())));
        if (!closed) {
            jobs.forgetEnded();
        }
        notifyAll();
    }

    private void save(Job job, JobRecord record) {
        job.record(record);
        writes.save(record);
    }

    /**
     * Returns a running job to the queue, where this run takes it again, or the next one.
     *
     * @param job whose worker has stopped
     */
    void giveBack(Job job) {
        synchronized (this) {
            if (running.remove(job.id()) != null) {
                save(job, job.record().givenBack());
            }
        }
        if (isClosed()) {
            job.end(new JobState.Suspended());
            return;
        }
        job.queueAgain();
        synchronized (this) {
            if (!(job.state() instanceof JobState.Ended)) {
                queue.offer(job.record());
            }
            notifyAll();
        }
    }

    /**
     * Registers that a running job waits until somebody releases it. It does not wait before {@link #await}.
     *
     * @param job whose clip is made
     * @param held why
     * @throws IOException if that cannot be written; nothing has changed then
     */
    synchronized void hold(Job job, PolicyDecision.Held held) throws IOException {
        JobRecord record = job.record().givenBack().held(held.rule(), held.explanation());
        register.hold(record);
        job.record(record);
    }

    /** Lets a job that was {@link #hold held} wait, unless it was cancelled meanwhile. */
    void await(Job job) {
        synchronized (this) {
            running.remove(job.id());
        }
        if (isClosed()) {
            job.end(new JobState.Suspended());
            return;
        }
        job.waitAgain(new JobState.Waiting(job.record().status().message()));
        synchronized (this) {
            if (!(job.state() instanceof JobState.Ended)) {
                queue.offer(job.record());
            }
            notifyAll();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Takes no further job, and lets none begin. */
    synchronized void stop() {
        closed = true;
        notifyAll();
    }

    /**
     * Ends what is left, as far as this run can tell: the jobs that wait, and in the register those whose workers do not return in
     * time. In a host they wait for the next run; in a process that runs one command they are cancelled, as that has ended.
     */
    void close() {
        List<Job> left;
        synchronized (this) {
            for (Job job : running.values()) {
                save(
                        job,
                        register.isHost()
                                ? job.record().givenBack()
                                : job.record().with(CANCELLED, clock.instant()));
            }
            running.clear();
            left = jobs.all();
        }
        JobState.Ended end = register.isHost() ? new JobState.Suspended() : new JobState.Cancelled();
        left.forEach(job -> job.endWaiting(end));
    }

    /** {@return the jobs at work, those that are signed and stored included} */
    synchronized List<Job> running() {
        return List.copyOf(running.values());
    }

    /** Lets the jobs of a model that goes find another one of its name. */
    synchronized void leave(VideoModel gone) {
        jobs.all().forEach(job -> job.leave(gone));
        notifyAll();
    }

    /**
     * Changes the place of a job that waits, here or in another process.
     *
     * @param id of the job
     * @param change in the register
     * @throws IllegalArgumentException if no such job waits
     * @throws IOException if the register cannot be written
     */
    synchronized void move(String id, Move change) throws IOException {
        restore();
        Optional<Job> here = jobs.find(id);
        if (here.isPresent() && queue.contains(id)) {
            place(here.get(), change.apply(here.get().record()));
            notifyAll();
            return;
        }
        JobRecord moved = change.apply(register.find(id)
                .filter(RegisteredJobs::waits)
                .orElseThrow(() -> new IllegalArgumentException("no such job waits: " + id)));
        // one whose worker has registered that it waits, and is about to queue it
        here.ifPresent(job -> job.record(moved));
    }

    /** Changes the place of a job. */
    @FunctionalInterface
    interface Move {

        /** {@return the job at its new place, which is written} */
        JobRecord apply(JobRecord job) throws IOException;
    }
}
