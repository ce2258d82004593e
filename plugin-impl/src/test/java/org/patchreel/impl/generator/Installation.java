package org.patchreel.impl.generator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.jobs.Budgets;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.Registers;

/** A generator that can be stopped, killed and started again on the same register, with a model that a test holds up. */
@SuppressWarnings("try") // tests may be interrupted
final class Installation implements AutoCloseable {

    final FakeStore store;
    final CurrentStore stores;
    final InstalledModels models = new InstalledModels();
    final FakeReference reference = new FakeReference(0, 1);
    final PromptPolicies policies = new PromptPolicies();
    final OutputChecks checks = new OutputChecks(
            TestSources.none(), (footage, framesPerSecond) -> new ByteFrames(footage.file()), Duration.ofMillis(200));
    final Path home;
    final Path work;
    final FakeProvenance provenance = new FakeProvenance();
    final TestAudit takedowns = new TestAudit();
    Audit audit = new Audit(true);
    JobSettings settings;
    InstantSource clock = InstantSource.system();
    Role role;
    JobRegister register;
    private volatile boolean stopping;
    QueuedVideoGenerator generator;
    JobsService jobs;

    /** Which process an installation stands for. */
    enum Role {
        /** This one, as a host. */
        HOST,
        /** This one, which runs one command. */
        COMMAND,
        /** A host that is another process than this one. */
        HOST_ELSEWHERE
    }

    Installation(Path folder, FakeModel model) throws Exception {
        this(folder, model, Role.HOST);
    }

    Installation(Path folder, FakeModel model, Role role) throws Exception {
        this.role = role;
        home = folder.resolve("home");
        work = home.resolve("work");
        store = new FakeStore(Files.createDirectories(folder.resolve("store")));
        stores = new CurrentStore(store, Duration.ofSeconds(10));
        settings = Registers.settings(home.resolve("jobs.db"));
        models.addModel(model, reference);
        start();
    }

    void start() {
        stopping = false;
        JobsConfiguration configuration = new JobsConfiguration(settings);
        register = role == Role.HOST_ELSEWHERE
                ? Registers.ofAnotherProcess(configuration, clock)
                : new JobRegister(configuration, null, role == Role.HOST, clock);
        JobEvents events = new JobEvents(new EventAdmin() {
            @Override
            public void postEvent(Event event) {
                // what is posted is tested elsewhere
            }

            @Override
            public void sendEvent(Event event) {
                throw new AssertionError("events are posted, not sent");
            }
        });
        JobPreviews previews = new JobPreviews();
        generator = new QueuedVideoGenerator(
                models,
                new RequestResolver(models, TestSources.none(), new Random(1)),
                new Labelling(composite -> Optional.empty(), stores),
                new PromptExpanders(),
                new Admission(audit, takedowns, policies, checks, models::licence),
                audit,
                checks,
                stores,
                new Production(FakeSinks::new, provenance, TestSources.none()),
                new Publication(
                        stores,
                        provenance,
                        TestSources.none(),
                        (source, file) -> SourceOrigin.UNKNOWN,
                        new Admission(audit, takedowns, policies, checks, models::licence),
                        audit,
                        "1.2.3",
                        InstantSource.system()),
                new WorkFolders(work),
                events,
                register,
                configuration,
                new ClipStatistics(),
                previews,
                clock,
                Duration.ofSeconds(1));
        jobs = new JobsService(register, generator, generator, events, configuration, previews, clock);
    }

    /** Ends the register as the death of the process does: nothing is written any more, and its lock is free. */
    void kill() throws Exception {
        register.close();
        stop();
    }

    void stop() throws Exception {
        stopping = true;
        generator.close();
        register.close();
    }

    /** {@return whether the model shall give up what it does} */
    boolean isStopping() {
        return stopping;
    }

    void restart() throws Exception {
        stop();
        start();
    }

    void with(UnaryOperator<JobSettings> change) throws Exception {
        stop();
        settings = change.apply(settings);
        start();
    }

    static UnaryOperator<JobSettings> limits(int queued, int queuedOfUser, int runningOfUser) {
        return before -> new JobSettings(
                before.register(),
                before.kept(),
                new JobSettings.Limits(queued, queuedOfUser, runningOfUser),
                before.patience(),
                before.budgets(),
                before.price());
    }

    static UnaryOperator<JobSettings> budgets(Budgets budgets) {
        return before -> new JobSettings(
                before.register(), before.kept(), before.limits(), before.patience(), budgets, before.price());
    }

    static UnaryOperator<JobSettings> drain(Duration drain) {
        return before -> new JobSettings(
                before.register(),
                before.kept(),
                before.limits(),
                new JobSettings.Patience(
                        before.patience().tries(), drain, before.patience().model()),
                before.budgets(),
                before.price());
    }

    static InstantSource at(String time) {
        return InstantSource.fixed(Instant.parse(time));
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
