package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.impl.jobs.Account;
import org.patchreel.impl.jobs.Budgets;
import org.patchreel.impl.jobs.Budgets.Balance;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of waiting jobs what they wait for besides their turn. One instance is for one look at the queue: what an account has used
 * is read once.
 */
final class Eligibility {

    private static final Logger log = LoggerFactory.getLogger(Eligibility.class);

    private final JobRegister register;
    private final Budgets budgets;
    private final InstalledModels models;
    private final Set<String> warned;
    private final Map<String, Optional<String>> missed = new HashMap<>();
    private final Map<Account, Duration> used = new HashMap<>();

    /**
     * Creates one.
     *
     * @param register knows what accounts have used
     * @param budgets of the accounts
     * @param models that are there
     * @param warned budgets that were warned of, with their day; takes further ones
     */
    Eligibility(JobRegister register, Budgets budgets, InstalledModels models, Set<String> warned) {
        this.register = register;
        this.budgets = budgets;
        this.models = models;
        this.warned = warned;
    }

    /**
     * {@return what a job waits for, one line; empty if for nothing}
     *
     * @param job that waits
     * @throws IOException if the register cannot be read
     */
    Optional<String> reasonToWait(Job job) throws IOException {
        Optional<String> missed = missesModel(job);
        if (missed.isPresent()) {
            return missed;
        }
        for (Balance balance : balances(job.record())) {
            if (balance.isExhausted()) {
                return Optional.of(balance + "; it goes on when the day turns");
            }
        }
        return Optional.empty();
    }

    /** {@return why a job's model cannot be used now, one line; empty if it can be, or was when it was chosen for the job} */
    Optional<String> missesModel(Job job) {
        return job.model().isPresent()
                ? Optional.empty()
                : missed.computeIfAbsent(job.record().subject().model(), this::problem);
    }

    private Optional<String> problem(String name) {
        Optional<VideoModel> model = models.find(name);
        if (model.isEmpty()) {
            return Optional.of("model " + name + " is not there");
        }
        ModelHealth health = model.get().health();
        return health.status() == ModelHealth.Status.UNAVAILABLE
                ? Optional.of("model " + name + " cannot be used: "
                        + health.lastError().orElse("it does not say why"))
                : Optional.empty();
    }

    /** Warns of budgets that are nearly used up by a job that begins; each once a day. */
    void warn(JobRecord job) throws IOException {
        for (Balance balance : balances(job)) {
            if (balance.isNearlyExhausted() && warned.add(register.today() + " " + balance.account())) {
                log.warn("The budget is nearly used up: {}", balance);
            }
        }
    }

    private Iterable<Balance> balances(JobRecord job) throws IOException {
        if (budgets.daily().isEmpty()) {
            return Set.of();
        }
        for (Account account : budgets.accounts(job.by())) {
            if (!used.containsKey(account)) {
                used.put(account, register.usedToday(account));
            }
        }
        return budgets.of(job.by(), account -> used.getOrDefault(account, Duration.ZERO));
    }
}
