package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a Gogo script when the host starts, as soon as there are a generator and the commands; what the script prints goes to
 * the host's log. It runs again at the next start, so it should resume its work, as batches do.
 */
@Component(
        service = ComponentStatus.class,
        immediate = true,
        configurationPid = StartScript.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = StartScript.Config.class, factory = true)
public final class StartScript implements ComponentStatus {
    static final String PID = "org.patchreel.script";

    private static final Logger LOG = LoggerFactory.getLogger(StartScript.class);

    /** A denoising step of a large model on a small machine can take this long. */
    private static final int STOP_SECONDS = 60;

    @ObjectClassDefinition(
            name = "Patchreel start script",
            description = "A Gogo script that is run at every start of the host")
    @interface Config {
        @AttributeDefinition(
                description =
                        "The script's file; a relative path starts at the framework property patchreel.home, else at"
                                + " the working directory")
        String file();

        @AttributeDefinition(description = "Arguments of the script: $1, $2 and so on", required = false)
        String[] arguments() default {};
    }

    /**
     * What is run.
     *
     * @param values name the configuration in messages
     * @param arguments the script's file, then its arguments
     */
    private record Call(ConfigurationValues values, List<String> arguments) {
        String script() {
            return arguments.get(0);
        }
    }

    /** A run of the script on a thread of its own. */
    private final class Run implements Runnable {
        private final Call call;
        private final Thread thread = new Thread(this, "patchreel-script");
        private volatile boolean stopped;
        private volatile Optional<Problem> failure = Optional.empty();

        Run(Call call) {
            this.call = call;
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            LOG.info("The script {} begins", call.script());
            try (PrintStream out = new PrintStream(new LoggedLines(LOG), true, UTF_8);
                    CommandSession session = processor.createSession(InputStream.nullInputStream(), out, out)) {
                session.put("SCOPE", "patchreel:*");
                if (Files.isDirectory(folder)) {
                    session.currentDir(folder);
                }
                command.run(session, call.arguments().toArray(String[]::new));
                LOG.info("The script {} ended", call.script());
            } catch (Exception e) {
                if (stopped) {
                    LOG.info("The script {} was stopped", call.script());
                    return;
                }
                failure = Optional.of(failed(call.values(), e));
                LOG.warn(PrintableLine.of(failure.get().line()));
                LOG.debug("The failure of the script {}", call.script(), e);
            }
        }

        void stop() throws InterruptedException {
            stopped = true;
            thread.interrupt();
            thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        }
    }

    private final CommandProcessor processor;
    private final RunCommand command;
    private final Path folder;
    private final Settings<Call> settings;

    /** Guarded by this; null until there was a usable configuration. */
    private @Nullable Run run;

    /**
     * Starts the script on a thread of its own.
     *
     * @param context tells where relative paths start
     * @param config the script
     * @param processor runs it
     * @param command knows how
     * @param generator is there
     * @param batch is there, for scripts that use it
     * @param properties of the component
     */
    @Activate
    public StartScript(
            BundleContext context,
            Config config,
            @Reference CommandProcessor processor,
            @Reference RunCommand command,
            @Reference VideoGenerator generator,
            @Reference BatchCommand batch,
            Map<String, Object> properties) {
        this(context, config, processor, command, properties);
    }

    StartScript(
            BundleContext context,
            Config config,
            CommandProcessor processor,
            RunCommand command,
            Map<String, Object> properties) {
        this.processor = processor;
        this.command = command;
        this.folder = HomeFolder.of(context).path();
        this.settings = new Settings<>(PID, properties, values -> call(values, config));
        start();
    }

    /** Stops the script and starts the one that is configured now; a configuration that cannot be used changes nothing. */
    @Modified
    synchronized void modified(Config config, Map<String, Object> properties) throws InterruptedException {
        settings.update(PID, properties, values -> call(values, config));
        if (settings.problem().isEmpty()) {
            close();
        }
        start();
    }

    private static Call call(ConfigurationValues values, Config config) {
        @Nullable String file = config.file();
        if (file == null || file.isBlank()) {
            throw values.refused("file", "expected the file of a Gogo script");
        }
        List<String> arguments = new ArrayList<>();
        arguments.add(file);
        arguments.addAll(List.of(config.arguments()));
        return new Call(values, List.copyOf(arguments));
    }

    private synchronized void start() {
        Optional<Problem> problem = settings.problem();
        if (problem.isPresent()) {
            LOG.warn(problem.get().line());
            return;
        }
        run = new Run(settings.get());
        run.thread.start();
    }

    /** {@return what is wrong with the configuration, or why the script failed} */
    @Override
    public synchronized Optional<Problem> problem() {
        return settings.problem().or(() -> run == null ? Optional.empty() : run.failure);
    }

    private static Problem failed(ConfigurationValues values, Exception failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        ConfigurationException refused =
                values.refused("file", "failed: " + message.lines().findFirst().orElse(message));
        return new Problem(
                "configuration " + values.pid(),
                refused.getMessage().substring(values.pid().length() + 2),
                "correct the script, or "
                        + values.file().orElse("the configuration " + values.pid())
                        + "; it runs again when that is written anew, or at the next start",
                false);
    }

    /** Interrupts the script: the clip that it waits for is cancelled. */
    @Deactivate
    synchronized void close() throws InterruptedException {
        if (run != null) {
            run.stop();
        }
    }
}
