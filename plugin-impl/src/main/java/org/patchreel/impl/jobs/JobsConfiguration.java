package org.patchreel.impl.jobs;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration of jobs. Safe for use from any thread. */
@Component(
        service = {JobsConfiguration.class, ComponentStatus.class},
        configurationPid = JobsConfiguration.PID)
@Designate(ocd = JobsConfiguration.Config.class)
public final class JobsConfiguration implements ComponentStatus {

    static final String PID = "org.patchreel.jobs";

    private static final Logger LOG = LoggerFactory.getLogger(JobsConfiguration.class);

    private static final int MAX_PERCENT = 100;

    @ObjectClassDefinition(name = "Patchreel jobs", description = "Register, queue, budgets and price of jobs")
    @interface Config {
        @AttributeDefinition(
                description =
                        "SQLite file that keeps the jobs, on a local disk. A relative one is taken from the framework"
                                + " property patchreel.home, else from the working directory. A change applies when the bundle is"
                                + " started")
        String file() default "jobs.db";

        @AttributeDefinition(name = "keep.days", description = "Days for which ended jobs are kept")
        int keep_days() default 30;

        @AttributeDefinition(name = "queue.max", description = "Maximum number of jobs that wait; 0 for no limit")
        int queue_max() default 10_000;

        @AttributeDefinition(
                name = "queue.max.user",
                description = "Maximum number of jobs of one user that wait; 0 for no limit")
        int queue_max_user() default 0;

        @AttributeDefinition(
                name = "running.max.user",
                description = "Maximum number of jobs of one user that are at work, those that are signed and stored"
                        + " included; 0 for no limit")
        int running_max_user() default 0;

        @AttributeDefinition(
                name = "tries.max",
                description = "How often a job is begun whose process dies with it, before it counts as failed")
        int tries_max() default 3;

        @AttributeDefinition(
                name = "stop.drain.seconds",
                description =
                        "Seconds for which a stop of the bundle waits for the running job to end; then it is returned"
                                + " to the queue. Hosts may end a process that stops for more than 10 seconds")
        int stop_drain_seconds() default 0;

        @AttributeDefinition(
                name = "model.wait.minutes",
                description = "Minutes for which jobs wait for a model that is not there, before they fail")
        int model_wait_minutes() default 60;

        @AttributeDefinition(
                description =
                        "Device seconds a day, with commas between them: user:NAME = SECONDS, group:NAME = SECONDS,"
                                + " project:NAME = SECONDS. The name * is each one without a budget of its own. Jobs over a budget"
                                + " wait for the next day of this machine's time zone")
        String budgets() default "";

        @AttributeDefinition(
                name = "budget.warning.percent",
                description = "Percent of a budget from which on the log warns")
        int budget_warning_percent() default 80;

        @AttributeDefinition(
                description =
                        "Price of a device second, such as 0.0008 EUR; empty for none. A change applies to jobs that"
                                + " begin after it")
        String price() default "";
    }

    private final Settings<JobSettings> settings;

    /**
     * Reads the configuration.
     *
     * @param context tells where relative paths start
     * @param config the values
     * @param properties of the component
     */
    @Activate
    public JobsConfiguration(BundleContext context, Config config, Map<String, Object> properties) {
        settings = new Settings<>(PID, properties, values -> read(context, config, values));
        warn();
    }

    /**
     * Takes settings.
     *
     * @param settings to use
     */
    public JobsConfiguration(JobSettings settings) {
        this.settings = new Settings<>(settings);
    }

    @Modified
    void modified(BundleContext context, Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> read(context, config, values));
        warn();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    /**
     * {@return the settings of now}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    public JobSettings get() {
        return settings.get();
    }

    private static JobSettings read(BundleContext context, Config config, ConfigurationValues values) {
        return new JobSettings(
                file(context, config, values),
                Duration.ofDays(values.integer("keep.days", config::keep_days, 1, 36_500)),
                new JobSettings.Limits(
                        values.integer("queue.max", config::queue_max, 0, Integer.MAX_VALUE),
                        values.integer("queue.max.user", config::queue_max_user, 0, Integer.MAX_VALUE),
                        values.integer("running.max.user", config::running_max_user, 0, Integer.MAX_VALUE)),
                new JobSettings.Patience(
                        values.integer("tries.max", config::tries_max, 1, 1000),
                        Duration.ofSeconds(
                                values.integer("stop.drain.seconds", config::stop_drain_seconds, 0, Integer.MAX_VALUE)),
                        Duration.ofMinutes(values.integer(
                                "model.wait.minutes", config::model_wait_minutes, 0, Integer.MAX_VALUE))),
                budgets(config, values),
                price(config, values));
    }

    private static Path file(BundleContext context, Config config, ConfigurationValues values) {
        if (config.file().isBlank()) {
            throw values.refused("file", "expected a file");
        }
        try {
            return HomeFolder.of(context).resolve(config.file()).normalize();
        } catch (InvalidPathException e) {
            throw values.refused("file", "expected a file: " + e.getReason());
        }
    }

    private static Budgets budgets(Config config, ConfigurationValues values) {
        int percent = values.integer("budget.warning.percent", config::budget_warning_percent, 1, MAX_PERCENT);
        try {
            return Budgets.parse(config.budgets(), (double) percent / MAX_PERCENT);
        } catch (IllegalArgumentException e) {
            throw values.refused("budgets", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Price> price(Config config, ConfigurationValues values) {
        try {
            return config.price().isBlank() ? Optional.empty() : Optional.of(Price.parse(config.price()));
        } catch (IllegalArgumentException e) {
            throw values.refused("price", String.valueOf(e.getMessage()));
        }
    }
}
