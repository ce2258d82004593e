package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.patchreel.spi.ComponentStatus.Problem;

@Timeout(60)
class StartScriptTest {

    /** Commands of the scripts. */
    public static final class Commands {
        private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
        private final CountDownLatch interrupted = new CountDownLatch(1);

        /** Remembers a word. */
        public void say(String word) {
            said.add(word);
        }

        /** Waits as for a clip. */
        public void hold() throws InterruptedException {
            said.add("holds");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }

        /** A failure. */
        public void fail() throws IOException {
            throw new IOException("the disk is full");
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final Commands commands = new Commands();

    /** Not started: scripts print to their session. */
    private final CommandProcessorImpl processor = new CommandProcessorImpl(new ThreadIOImpl());

    @BeforeEach
    void addCommands() {
        for (String name : new String[] {"say", "hold", "fail"}) {
            processor.addCommand("test", commands, name);
        }
    }

    @Test
    void runsTheScriptWithItsArguments() throws Exception {
        Files.writeString(folder.resolve("a.gogo"), "test:say $1\n");
        StartScript script = script(new Configured("a.gogo", "one"));
        assertEquals("one", commands.said.poll(20, TimeUnit.SECONDS));
        script.close();
        assertEquals(Optional.empty(), script.problem());
    }

    @Test
    void saysWhichConfigurationNamesNoScript() throws Exception {
        StartScript script = script(new Configured(null));
        Problem problem = script.problem().orElseThrow();
        assertEquals(
                "configuration org.patchreel.script~nightly: file is missing, expected the file of a Gogo script",
                problem.line());
        assertFalse(problem.usable());
        Files.writeString(folder.resolve("a.gogo"), "test:say one\n");
        modify(script, new Configured("a.gogo"));
        assertEquals("one", commands.said.poll(20, TimeUnit.SECONDS));
        script.close();
    }

    @Test
    void aConfigurationThatCannotBeUsedLeavesTheScriptRunning() throws Exception {
        Files.writeString(folder.resolve("a.gogo"), "test:hold\n");
        Files.writeString(folder.resolve("b.gogo"), "test:say two\n");
        StartScript script = script(new Configured("a.gogo"));
        assertEquals("holds", commands.said.poll(20, TimeUnit.SECONDS));
        modify(script, new Configured(""));
        Problem problem = script.problem().orElseThrow();
        assertEquals(
                "file = , expected the file of a Gogo script; the values before it stay in use", problem.description());
        assertTrue(problem.usable());
        assertEquals(1, commands.interrupted.getCount());
        modify(script, new Configured("b.gogo"));
        assertTrue(commands.interrupted.await(20, TimeUnit.SECONDS));
        assertEquals("two", commands.said.poll(20, TimeUnit.SECONDS));
        script.close();
        assertEquals(Optional.empty(), script.problem());
    }

    @Test
    void saysWhyTheScriptFailed() throws Exception {
        Files.writeString(folder.resolve("a.gogo"), "test:say one\ntest:fail\n");
        assertEquals(
                "configuration org.patchreel.script~nightly: file = a.gogo, failed: a.gogo, line 2: the disk is full",
                ended(script(new Configured("a.gogo"))).line());
        assertEquals(
                "configuration org.patchreel.script~nightly: file = none.gogo, failed: no such script: none.gogo",
                ended(script(new Configured("none.gogo"))).line());
    }

    private static Problem ended(StartScript script) throws InterruptedException {
        while (script.problem().isEmpty()) {
            Thread.sleep(10);
        }
        return script.problem().orElseThrow();
    }

    private StartScript script(Configured config) {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> method.getName().equals("getProperty") ? folder.toString() : null);
        return new StartScript(context, config, processor, new RunCommand(), config.properties());
    }

    private static void modify(StartScript script, Configured config) throws InterruptedException {
        script.modified(config, config.properties());
    }

    private record Configured(@Nullable String given, String argument) implements StartScript.Config {

        Configured(@Nullable String given) {
            this(given, "");
        }

        Map<String, Object> properties() {
            Map<String, Object> properties = new HashMap<>(Map.of("service.pid", "org.patchreel.script~nightly"));
            if (given != null) {
                properties.put("file", given);
            }
            return properties;
        }

        @Override
        @SuppressWarnings("NullAway") // as Declarative Services do it for a key that is missing
        public String file() {
            return given;
        }

        @Override
        public String[] arguments() {
            return argument.isEmpty() ? new String[0] : new String[] {argument};
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return StartScript.Config.class;
        }
    }
}
