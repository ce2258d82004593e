package org.patchreel.web.api;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.felix.http.jakartawrappers.ServletWrapper;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.Exports;
import org.patchreel.api.Jobs;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.HomeFolder;
import org.patchreel.web.content.ScriptedVerifier;

/**
 * A real server on the loopback interface with the servlets of both generations: those of {@code javax} behind the wrappers
 * with which Felix serves them, too. Under {@code /host} users are authenticated by a filter that believes the headers {@code
 * Test-User} and {@code Test-Groups}.
 */
public final class ApiServer implements AutoCloseable {

    /** Hands out masters of a generator, and makes no folders. */
    private record Masters(VideoGenerator generator) implements Exports {
        @Override
        public void write(List<String> ids, Set<String> formats, Path folder) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SeekableByteChannel master(String id, Requester by) throws IOException {
            return generator.asset(id).orElseThrow().open(AssetFile.MASTER);
        }
    }

    static final String PATH = "/patchreel/api/v1";

    final FakeJobs jobs = new FakeJobs();
    final FakeInstallation installation;
    final Path home;
    private final ApiService.Offered offered;
    private final AtomicLong passed = new AtomicLong();
    private final ApiService service;
    private final ApiService hosted;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    ApiServer(Path folder) throws Exception {
        this(folder, Configured.DEFAULT);
    }

    ApiServer(Path folder, Configured config) throws Exception {
        this(folder, config, new FakeInstallation(Files.createDirectories(folder.resolve("assets"))));
    }

    private ApiServer(Path folder, Configured config, FakeInstallation installation) throws Exception {
        this(folder, config, installation, jobs -> offered(jobs, installation));
    }

    /**
     * A server for tests of other modules.
     *
     * @param folder for its files
     * @param jobs what it offers
     * @param generator what it offers
     * @param sources what it offers
     * @param verifier what it offers
     */
    public ApiServer(Path folder, Jobs jobs, VideoGenerator generator, SourceStore sources, ProvenanceVerifier verifier)
            throws Exception {
        this(
                folder,
                Configured.DEFAULT,
                new FakeInstallation(folder),
                fakes -> new ApiService.Offered(
                        jobs,
                        generator,
                        sources,
                        new Masters(generator),
                        new FakeInstallation(folder),
                        verifier,
                        new FakeInstallation(folder)));
    }

    private static ApiService.Offered offered(FakeJobs jobs, FakeInstallation installation) {
        return new ApiService.Offered(
                jobs,
                installation,
                installation,
                installation,
                installation,
                new ScriptedVerifier(installation::verify),
                installation);
    }

    private ApiServer(
            Path folder,
            Configured config,
            FakeInstallation installation,
            Function<FakeJobs, ApiService.Offered> offering)
            throws Exception {
        this.installation = installation;
        this.offered = offering.apply(jobs);
        home = Files.createDirectories(folder.resolve("home"));
        service = service(folder, config);
        hosted = service(
                folder,
                Configured.DEFAULT
                        .hostedBy("(osgi.http.whiteboard.context.name=test)")
                        .with("*", "anna,group:editors", "olga"));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(20_000);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        add(context, new JakartaApiServlet(service, null), "/jakarta");
        add(context, new ServletWrapper(new JavaxApiServlet(service, null)), "/javax");
        add(context, new JakartaApiServlet(hosted, null), "/host");
        FilterHolder users = new FilterHolder(new Users());
        users.setAsyncSupported(true);
        context.addFilter(users, "/host/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.start();
    }

    private static void add(ServletContextHandler context, jakarta.servlet.Servlet servlet, String path) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, path + PATH + "/*");
    }

    private ApiService service(Path folder, Configured config) {
        return new ApiService(
                folder.resolve("received"),
                new HomeFolder(Optional.of(home)),
                offered,
                () -> System.nanoTime() + passed.get(),
                Duration.ofMillis(500),
                new EventHub.Times(Duration.ofMillis(100), Duration.ofHours(1)),
                config,
                config.properties());
    }

    /** {@return where clients with tokens find the API, up to where its path begins} */
    public String url() {
        return "http://127.0.0.1:" + port() + "/jakarta";
    }

    /** {@return the token of an editor} */
    public String editorToken() throws IOException {
        return token(Role.EDITOR);
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Has the clock of sessions and limits go on. */
    void pass(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    ApiService service() {
        return service;
    }

    /** {@return the token of a role that was made at the first start} */
    String token(Role role) throws IOException {
        return Files.readAllLines(home.resolve("api-tokens")).stream()
                .filter(line -> line.startsWith(role.label() + " "))
                .map(line -> line.split(" ", -1)[2])
                .findFirst()
                .orElseThrow();
    }

    /** {@return threads of the server that are at work} */
    int busyThreads() {
        return server.getThreadPool().getThreads() - server.getThreadPool().getIdleThreads();
    }

    @Override
    public void close() {
        service.close();
        hosted.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server does not stop", e);
        }
    }

    private static final class Users implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest http = (HttpServletRequest) request;
            chain.doFilter(
                    new HttpServletRequestWrapper(http) {
                        @Override
                        public @Nullable String getRemoteUser() {
                            return http.getHeader("Test-User");
                        }

                        @Override
                        public @Nullable String getAuthType() {
                            return http.getHeader("Test-User") == null ? null : "FORM";
                        }

                        @Override
                        public boolean isUserInRole(String role) {
                            return role.equals(http.getHeader("Test-Groups"));
                        }
                    },
                    response);
        }
    }

    /** A configuration; names of users have commas between them. */
    record Configured(
            String context, String viewerNames, String editorNames, String operatorNames, int requests, int streams)
            implements ApiService.Config {

        static final Configured DEFAULT = new Configured("", "", "", "", 1_000_000, 8);

        Configured hostedBy(String filter) {
            return new Configured(filter, viewerNames, editorNames, operatorNames, requests, streams);
        }

        Configured with(String viewersNow, String editorsNow, String operatorsNow) {
            return new Configured(context, viewersNow, editorsNow, operatorsNow, requests, streams);
        }

        Configured limitedTo(int requestsPerMinute) {
            return new Configured(context, viewerNames, editorNames, operatorNames, requestsPerMinute, streams);
        }

        Map<String, Object> properties() {
            Map<String, Object> properties = new HashMap<>();
            properties.put("requests.per.minute", requests);
            properties.put("streams.max", streams);
            if (!context.isEmpty()) {
                properties.put("osgi.http.whiteboard.context.select", context);
            }
            properties.put("viewers", viewers());
            return properties;
        }

        private static String[] names(String text) {
            return text.isEmpty() ? new String[0] : text.split(",", -1);
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return ApiService.Config.class;
        }

        @Override
        public String osgi_http_whiteboard_context_select() {
            return context;
        }

        @Override
        public String token_file() {
            return "api-tokens";
        }

        @Override
        public String[] viewers() {
            return names(viewerNames);
        }

        @Override
        public String[] editors() {
            return names(editorNames);
        }

        @Override
        public String[] operators() {
            return names(operatorNames);
        }

        @Override
        public int requests_per_minute() {
            return requests;
        }

        @Override
        public int max_upload() {
            return 1;
        }

        @Override
        public int streams_max() {
            return streams;
        }
    }
}
