package org.patchreel.web.serve;

import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.patchreel.spi.HomeFolder;
import org.patchreel.web.api.ApiService;

/**
 * {@code patchreel:serve}: the page, on the loopback interface, until the process is asked to end. It starts the HTTP server of
 * the app, which no other command needs. Hosts have a server of their own, and not this command.
 */
@Component(
        service = ServeCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=serve", "app.cardinality.minimum:Integer=1"})
public final class ServeCommand {

    private static final String USAGE = """
            serve [options]                 shows the page in a browser of this machine

            --port N                        of 127.0.0.1, 0 for any that is free (8787)
            --data FOLDER                   has clips and settings, instead of those beside
                                            the script
            --open                          opens a browser

            It prints an address that signs one browser in, once and within ten minutes.
            Ctrl-C or SIGTERM ends it; jobs that have not ended go on at the next start.

            example: serve --port 0 --open""";

    /** Framework property: symbolic name of the app's HTTP server, which is installed and not started. */
    private static final String SERVER = "patchreel.server";

    /** Framework property of that server. */
    private static final String PORT = "org.osgi.service.http.port";

    private static final String RUNTIME = "org.osgi.service.servlet.runtime.HttpServiceRuntime";

    private static final String ENDPOINT = "osgi.http.endpoint";

    /** Property of a {@link Runnable} service that the launcher runs before it stops the framework. */
    private static final String BEFORE_STOP = "patchreel.before.stop";

    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int POLL_MILLIS = 20;

    private final BundleContext context;
    private final ConfigurationAdmin configurations;

    /**
     * Creates the command.
     *
     * @param context has the server
     * @param configurations switch the API and its page on
     * @param app is there in the app alone. The minimum cardinality makes it mandatory; the reference is optional for resolvers
     */
    @Activate
    public ServeCommand(
            BundleContext context,
            @Reference ConfigurationAdmin configurations,
            @Reference(
                            name = "app",
                            service = Object.class,
                            target = "(launcher.arguments=*)",
                            cardinality = ReferenceCardinality.OPTIONAL)
                    @Nullable
                    Object app) {
        this.context = context;
        this.configurations = configurations;
    }

    /**
     * Serves the page.
     *
     * @param session of the command
     * @param arguments options
     * @throws IOException if the server or a file cannot be used
     * @throws InterruptedException if the command is interrupted
     */
    @Descriptor("shows the page in a browser of this machine: serve --open")
    public void serve(CommandSession session, @Descriptor("options, see --help") String... arguments)
            throws IOException, InterruptedException {
        ServeOptions options = ServeOptions.parse(arguments);
        PrintStream out = session.getConsole();
        if (options.help()) {
            out.println(USAGE);
            return;
        }
        checkData(options);
        checkPort(options.port());
        PrintStream err = session.get("patchreel.err") instanceof PrintStream known ? known : System.err;
        CountDownLatch end = new CountDownLatch(1);
        session.put("patchreel.interrupt", (Runnable) end::countDown);
        Bundle server = server();
        try {
            String page = start(server, options.port());
            String invitation = page + "#token=" + api().invite();
            ServiceRegistration<Runnable> ending = context.registerService(
                    Runnable.class, end::countDown, FrameworkUtil.asDictionary(Map.of(BEFORE_STOP, true)));
            out.println(invitation);
            out.flush();
            err.println("patchreel: this address signs one browser in, within ten minutes; others do with a token of "
                    + HomeFolder.of(context).resolve("api-tokens") + ". Ctrl-C ends.");
            if (options.open()) {
                open(invitation, err, end);
            } else {
                end.await();
            }
            ending.unregister();
        } finally {
            session.put("patchreel.interrupt", null);
            stop(server);
        }
    }

    /** The script has set the folders before Java was started. */
    private void checkData(ServeOptions options) throws IOException {
        if (options.data().isPresent()
                && !Files.isSameFile(
                        options.data().get(), Path.of(String.valueOf(context.getProperty("patchreel.home"))))) {
            throw new IllegalArgumentException("--data is an option of ./patchreel serve; here, set PATCHREEL_HOME and"
                    + " PATCHREEL_ASSETS: " + options.data().get());
        }
    }

    private static void checkPort(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "port " + port + " cannot be used: choose another by --port, or any that is free by --port 0", e);
        }
    }

    private Bundle server() {
        @Nullable String name = context.getProperty(SERVER);
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name != null && name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this app has no HTTP server"));
    }

    /** {@return the page's address, when it is there} */
    private String start(Bundle server, int port) throws IOException, InterruptedException {
        System.setProperty(PORT, Integer.toString(port));
        try {
            server.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            throw new IOException("the HTTP server does not start: " + e.getMessage(), e);
        }
        Configuration configuration = configurations.getConfiguration("org.patchreel.api", null);
        if (configuration.getProperties() == null) {
            configuration.update(FrameworkUtil.asDictionary(Map.of()));
        }
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < WAIT_NANOS) {
            List<String> endpoints = endpoints();
            checkHosts(endpoints);
            Optional<String> page =
                    endpoints.stream().map(endpoint -> endpoint + "patchreel/").findFirst();
            if (page.isPresent() && answers(page.get() + "api/v1/caller")) {
                return page.get();
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException("the page does not come; doctor says what is wrong");
    }

    private List<String> endpoints() {
        try {
            ServiceReference<?>[] runtimes = context.getAllServiceReferences(RUNTIME, "(" + ENDPOINT + "=*)");
            return runtimes != null && runtimes[0].getProperty(ENDPOINT) instanceof String[] endpoints
                    ? Arrays.stream(endpoints)
                            .filter(endpoint -> endpoint.startsWith("http:"))
                            .toList()
                    : List.of();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The home folder may have a configuration of the server, which is stronger than the properties of the framework. */
    private static void checkHosts(List<String> endpoints) throws IOException {
        for (String endpoint : endpoints) {
            String host = URI.create(endpoint).getHost();
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                throw new IllegalArgumentException("serve is for this machine alone, but a configuration"
                        + " org.apache.felix.http has the server listen on " + host);
            }
        }
    }

    /** The API wants a token, once it is there. */
    private static boolean answers(String address) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address).toURL().openConnection();
            return connection.getResponseCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
        } catch (IOException e) {
            return false;
        }
    }

    private ApiService api() {
        ServiceReference<ApiService> reference = context.getServiceReference(ApiService.class);
        ApiService api = reference == null ? null : context.getService(reference);
        if (api == null) {
            throw new IllegalStateException("the API is not there; see doctor");
        }
        return api;
    }

    /**
     * Has a browser open a file of this user's that leads to the page, and keeps that until the end: all users of the machine could
     * read an address in the arguments of a process.
     */
    private void open(String invitation, PrintStream err, CountDownLatch end) throws IOException, InterruptedException {
        Path file = Files.createTempFile(HomeFolder.of(context).resolve("."), "page", ".html");
        try {
            Files.writeString(
                    file, "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=" + invitation + "\">\n");
            try {
                new ProcessBuilder("xdg-open", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                err.println("patchreel: no browser was opened: " + e.getMessage());
            }
            end.await();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void stop(Bundle server) throws IOException {
        try {
            server.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException e) {
            throw new IOException("the HTTP server does not stop: " + e.getMessage(), e);
        }
    }
}
