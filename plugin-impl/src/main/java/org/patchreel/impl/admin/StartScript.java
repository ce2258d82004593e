package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.home.HomeFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a Gogo script when the host starts, as soon as there are a generator and the commands; what the script prints goes to
 * the host's log. It runs again at the next start, so it should resume its work, as batches do.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "org.patchreel.script",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = StartScript.Config.class, factory = true)
public final class StartScript {

    private static final Logger log = LoggerFactory.getLogger(StartScript.class);

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

    private final CommandProcessor processor;
    private final RunCommand command;
    private final Path folder;
    private final List<String> call = new ArrayList<>();
    private volatile boolean stopped;
    private final Thread thread = new Thread(this::run, "patchreel-script");

    /**
     * Starts the script on a thread of its own.
     *
     * @param context tells where relative paths start
     * @param config the script
     * @param processor runs it
     * @param command knows how
     * @param generator is there
     * @param batch is there, for scripts that use it
     */
    @Activate
    public StartScript(
            BundleContext context,
            Config config,
            @Reference CommandProcessor processor,
            @Reference RunCommand command,
            @Reference VideoGenerator generator,
            @Reference BatchCommand batch) {
        this.processor = processor;
        this.command = command;
        this.folder = HomeFolder.of(context).path();
        call.add(config.file());
        call.addAll(List.of(config.arguments()));
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        log.info("The script {} begins", call.get(0));
        try (PrintStream out = new PrintStream(new LoggedLines(log), true, UTF_8);
                CommandSession session = processor.createSession(InputStream.nullInputStream(), out, out)) {
            session.put("SCOPE", "patchreel:*");
            if (Files.isDirectory(folder)) {
                session.currentDir(folder);
            }
            command.run(session, call.toArray(String[]::new));
            log.info("The script {} ended", call.get(0));
        } catch (Exception e) {
            if (stopped) {
                log.info("The script {} was stopped", call.get(0));
                return;
            }
            log.warn("The script {} failed: {}", call.get(0), e.getMessage(), e);
        }
    }

    /** Interrupts the script: the clip that it waits for is cancelled. */
    @Deactivate
    void close() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    }
}
