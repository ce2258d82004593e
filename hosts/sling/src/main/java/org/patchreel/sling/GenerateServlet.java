package org.patchreel.sling;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.jcr.Session;
import javax.servlet.Servlet;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletResponse;
import org.apache.sling.api.SlingHttpServletRequest;
import org.apache.sling.api.SlingHttpServletResponse;
import org.apache.sling.api.servlets.SlingAllMethodsServlet;
import org.apache.sling.event.jobs.Job;
import org.apache.sling.event.jobs.JobManager;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.MediaUse;
import org.patchreel.api.Position;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.Settings;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.SourceInput;
import org.patchreel.workflow.StepPayload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generation by HTTP, at every resource of the type {@code patchreel/generate}:
 *
 * <ul>
 *   <li>{@code POST}, with the step's arguments and {@value JobArguments#PAYLOAD_PATH} as parameters, queues a job: 202, and
 *       its address as {@code Location}; the arguments {@link GenerateClipInput#MEDIA_NAMES} and {@code storyboard} may be files
 *   <li>{@code GET} of that address says how far it is, see {@link JobView}
 *   <li>{@code DELETE} of it cancels the job
 * </ul>
 *
 * Anonymous requests are refused. The job is done by the service user; so the caller must be able to do it, too: what fills placeholders, and pictures and
 * clips, are read, and the folder checked, in the caller's session; the job has what was read. Who may write to the folder may look at the job and cancel it. A user may have
 * a configured number of jobs that have not ended; beyond it the answer is 429.
 */
@Component(
        service = {Servlet.class, ComponentStatus.class},
        configurationPid = GenerateServlet.PID,
        property = {
            "sling.servlet.resourceTypes=patchreel/generate",
            "sling.servlet.methods=GET",
            "sling.servlet.methods=POST",
            "sling.servlet.methods=DELETE"
        })
@Designate(ocd = GenerateServlet.Config.class)
public final class GenerateServlet extends SlingAllMethodsServlet implements ComponentStatus {

    /** <a href="https://www.rfc-editor.org/rfc/rfc4918#section-11.5">RFC 4918, 11.5</a>. */
    private static final int INSUFFICIENT_STORAGE = 507;

    private static final long serialVersionUID = 1;

    static final String PID = "org.patchreel.sling.generate";

    private static final Logger LOG = LoggerFactory.getLogger(GenerateServlet.class);

    /** What Sling names a user who has not said who they are. */
    private static final String ANONYMOUS = "anonymous";

    /** What is below it, bundle {@code web} answers if it is configured. */
    private static final String PAGE = "/patchreel/";

    /**
     * IDs as Sling makes them: date and time without leading zeros, the instance, a number. Sling puts what it is asked for
     * into a query as it is, so that nothing else may reach it.
     */
    private static final Pattern JOB_ID =
            Pattern.compile("[0-9]{4}(/[0-9]{1,2}){4}/[0-9A-Za-z]{1,64}(-[0-9A-Za-z]{1,64}){0,8}_[0-9]{1,10}");

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int RETRY_SECONDS = 30;

    /** Jobs of all users that are looked through. */
    private static final int MAX_JOBS = 1000;

    @ObjectClassDefinition(name = "Patchreel generation by HTTP", description = "Jobs that users ask for by HTTP")
    @interface Config {
        @AttributeDefinition(
                description = "Maximum number of jobs of one user that have not ended; more are refused with 429",
                min = "1")
        int jobs_per_user() default 20;
    }

    private final transient JobManager jobs;
    private final transient SlingAssetStore store;
    private final transient Settings<Integer> jobsPerUser;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile @Nullable SourceStore sources;

    /**
     * Creates the servlet.
     *
     * @param jobs queues
     * @param store knows the default folder
     * @param config how many jobs a user may have
     * @param properties of the component
     */
    @Activate
    public GenerateServlet(
            @Reference JobManager jobs,
            @Reference SlingAssetStore store,
            Config config,
            Map<String, Object> properties) {
        this.jobs = jobs;
        this.store = store;
        this.jobsPerUser = new Settings<>(PID, properties, values -> jobsPerUser(values, config));
        warn();
    }

    /** Reads storyboards. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile @Nullable VideoGenerator generator;

    void generator(@Nullable VideoGenerator present) {
        this.generator = present;
    }

    void sources(@Nullable SourceStore present) {
        this.sources = present;
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        jobsPerUser.update(PID, properties, values -> jobsPerUser(values, config));
        warn();
    }

    private static int jobsPerUser(ConfigurationValues values, Config config) {
        return values.integer("jobs.per.user", config::jobs_per_user, 1, Integer.MAX_VALUE);
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return jobsPerUser.problem();
    }

    /** Refuses what nobody has signed in for: there is nobody whose rights and quota would count. */
    @Override
    protected void service(SlingHttpServletRequest request, SlingHttpServletResponse response)
            throws ServletException, IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        String user = request.getRemoteUser();
        if (request.getAuthType() == null || user == null || user.isBlank() || user.equals(ANONYMOUS)) {
            refuse(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    new SecurityException("a user is needed, not an anonymous request"));
            return;
        }
        super.service(request, response);
    }

    /** Where {@code /content} is mapped away, the page of this host may be at the address that is left. */
    private static String address(SlingHttpServletRequest request) {
        String resource = request.getResource().getPath() + ".json";
        String mapped = request.getResourceResolver().map(request, resource);
        return mapped.startsWith(request.getContextPath() + PAGE) ? request.getContextPath() + resource : mapped;
    }

    @Override
    protected void doPost(SlingHttpServletRequest request, SlingHttpServletResponse response) throws IOException {
        try {
            refuseOtherSites(request);
            Job job = queue(PostedParameters.of(request.getRequestParameterMap()), session(request));
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
            response.setHeader("Location", address(request) + "/" + job.getId());
            write(job, response);
        } catch (ConfigurationException e) {
            // what is wrong with it is for the operator, who is told by the log and by doctor
            refuse(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    new IllegalStateException("the service is not configured"));
        } catch (IllegalArgumentException e) {
            boolean large = e.getCause() instanceof SourceStore.TooLargeException;
            refuse(
                    response,
                    large ? HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE : HttpServletResponse.SC_BAD_REQUEST,
                    e);
        } catch (SourceStore.FullException e) {
            refuse(response, INSUFFICIENT_STORAGE, e);
        } catch (SecurityException | FileSystemException e) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, e);
        } catch (QuotaException e) {
            response.setHeader("Retry-After", String.valueOf(RETRY_SECONDS));
            refuse(response, TOO_MANY_REQUESTS, e);
        } catch (IllegalStateException e) {
            refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, e);
        } catch (IOException e) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, e);
        }
    }

    /**
     * Queues a job for a caller.
     *
     * @param parameters by name
     * @param caller whose rights count
     * @throws IllegalArgumentException if a parameter is wrong
     * @throws FileSystemException if the caller may not write to the folder
     * @throws IOException if the payload, or a picture or clip, cannot be read or kept
     * @throws IllegalStateException if the job cannot be queued, or there is no source store for its pictures and clips
     * @throws QuotaException if the caller has too many jobs already
     * @throws ConfigurationException if there was no good configuration yet
     */
    Job queue(PostedParameters parameters, Session caller) throws IOException, QuotaException {
        Map<String, String> arguments = new LinkedHashMap<>(parameters.texts());
        Optional<String> path = Optional.ofNullable(arguments.remove(JobArguments.PAYLOAD_PATH));
        GenerateClipInput input = GenerateClipInput.of(arguments);
        StepPayload payload = parameters.payload(new NodePayload(caller, path));
        String folder = store.folder(input.destination(payload));
        AssetFolder.check(caller, folder);
        checkQuota(caller.getUserID());
        Given given = new Given(payload);
        GenerationRequest request = request(input, given);

        // What was read goes with the job as it is: it is not read again, and no placeholder in it is filled.
        Map<String, Object> properties = new LinkedHashMap<>(arguments);
        if (input.storyboard()) {
            properties.remove("storyboard");
            give(properties, "storyboard.property", "storyboard", given.storyboard);
            given.media.forEach((name, file) ->
                    properties.put(JobArguments.PAYLOAD + JobArguments.mediaProperty(name), reference(file)));
        } else {
            properties.remove("prompt");
            properties.remove("prompt.asset");
            Shot shot = request.shots().get(0);
            give(properties, "prompt.property", "prompt", shot.prompt());
            if (!shot.negativePrompt().isEmpty()) {
                give(properties, "negative.prompt", "{negative}", shot.negativePrompt());
            }
            giveSources(properties, input.sources(), shot.sources());
        }
        give(properties, "folder", "{folder}", folder);
        if (request.destination().title().isPresent()) {
            give(properties, "title", "{title}", request.destination().title().get());
        }
        if (request.rights().creator().isPresent()) {
            give(properties, "creator", "{creator}", request.rights().creator().get());
        }
        if (request.rights().copyright().isPresent()) {
            give(
                    properties,
                    "copyright",
                    "{copyright}",
                    request.rights().copyright().get());
        }
        properties.put(JobArguments.TARGET, folder);
        properties.put(JobArguments.USER, caller.getUserID());
        Job job = jobs.addJob(JobArguments.TOPIC, properties);
        if (job == null) {
            throw new IllegalStateException("the job cannot be queued: Sling's job handling is not there");
        }
        return job;
    }

    private GenerationRequest request(GenerateClipInput input, Given payload) throws IOException {
        try {
            return input.request(payload, Optional.ofNullable(sources), (name, text) -> {
                payload.storyboard = text;
                @Nullable VideoGenerator reader = generator;
                if (reader == null) {
                    throw new IllegalStateException("no video generator is there, which reads storyboards");
                }
                return reader.storyboard(name, text);
            });
        } catch (FileSystemException e) {
            // of the source store's folder, which has nothing to do with the caller's rights
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What was read for a request: the text of its storyboard, and the pictures and clips by their names there. */
    private static final class Given implements StepPayload {
        private final StepPayload payload;
        private final Map<String, Media> media = new LinkedHashMap<>();
        private String storyboard = "";

        Given(StepPayload payload) {
            this.payload = payload;
        }

        @Override
        public Optional<String> property(String name) throws IOException {
            return payload.property(name);
        }

        @Override
        public Optional<String> text(Optional<String> path) throws IOException {
            return payload.text(path);
        }

        @Override
        public Optional<Media> media(Optional<String> path, SourceStore store) throws IOException {
            Optional<Media> found = payload.media(path, store);
            found.ifPresent(file -> media.put(path.orElse(SourceInput.PAYLOAD), file));
            return found;
        }
    }

    private static String reference(Media media) {
        return media.fold(
                asset -> {
                    throw new IllegalStateException("not read from the repository: " + asset.id());
                },
                JobArguments::reference);
    }

    /** Puts the digests of what was read in the place of paths, which the service user would read. */
    private static void giveSources(Map<String, Object> properties, List<SourceInput> inputs, List<Source> read) {
        List<String> keyframes = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            SourceInput input = inputs.get(i);
            String value = reference(read.get(i).media());
            if (read.get(i) instanceof Source.Inpainting clip && clip.mask().isPresent()) {
                give(
                        properties,
                        SourceInput.MASK,
                        "{mask}",
                        reference(clip.mask().get()));
            }
            if (input.argument().equals("keyframes") && input.use() instanceof MediaUse.Frame frame) {
                String name = "keyframe." + (keyframes.size() + 1);
                keyframes.add(seconds(frame.at()) + " = {" + name + "}");
                give(properties, "keyframes", "{" + name + "}", value);
            } else {
                give(properties, input.argument(), "{" + input.argument() + "}", value);
            }
        }
        if (!keyframes.isEmpty()) {
            properties.put("keyframes", String.join(", ", keyframes));
        }
    }

    /** Arguments have no exponents. */
    private static String seconds(Position at) {
        return BigDecimal.valueOf(at.seconds().orElseThrow())
                .stripTrailingZeros()
                .toPlainString();
    }

    @SuppressWarnings("unchecked") // the array of templates, of which there are none
    private void checkQuota(String user) throws QuotaException {
        int most = jobsPerUser.get();
        // the users are compared here: Sling would put the name into a query
        Collection<Job> all = jobs.findJobs(JobManager.QueryType.ALL, JobArguments.TOPIC, MAX_JOBS);
        long own = all.stream()
                .filter(job -> user.equals(job.getProperty(JobArguments.USER)))
                .count();
        if (own >= most) {
            throw new QuotaException(user + " has " + own + " jobs that have not ended; the maximum is " + most);
        }
        if (all.size() >= MAX_JOBS) {
            throw new QuotaException("there are " + all.size() + " jobs that have not ended");
        }
    }

    /** There are too many jobs. */
    static final class QuotaException extends Exception {
        private static final long serialVersionUID = 1;

        QuotaException(String message) {
            super(message);
        }
    }

    private static void give(Map<String, Object> properties, String argument, String source, String value) {
        properties.put(argument, source);
        properties.put(JobArguments.PAYLOAD + source.replaceAll("[{}]", ""), value);
    }

    @Override
    protected void doGet(SlingHttpServletRequest request, SlingHttpServletResponse response) throws IOException {
        Optional<Job> job = find(request);
        if (job.isEmpty()) {
            unknown(response);
        } else {
            write(job.get(), response);
        }
    }

    @Override
    protected void doDelete(SlingHttpServletRequest request, SlingHttpServletResponse response) throws IOException {
        try {
            refuseOtherSites(request);
        } catch (SecurityException e) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, e);
            return;
        }
        Optional<Job> job = find(request);
        if (job.isEmpty()) {
            unknown(response);
            return;
        }
        cancel(job.get());
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    /** One that waits is removed; one that runs stops soon; one that has ended stays as it is. */
    void cancel(Job job) {
        boolean removed = job.getJobState() == Job.JobState.QUEUED && jobs.removeJobById(job.getId());
        if (!removed) {
            jobs.stopJobById(job.getId());
        }
    }

    private Optional<Job> find(SlingHttpServletRequest request) throws IOException {
        String suffix = request.getRequestPathInfo().getSuffix();
        return suffix == null || suffix.isEmpty() ? Optional.empty() : find(suffix.substring(1), session(request));
    }

    /** Finds one of our jobs whose clip the caller could have asked for. */
    Optional<Job> find(String id, Session caller) throws IOException {
        Job job = JOB_ID.matcher(id).matches() ? jobs.getJobById(id) : null;
        if (job == null || !job.getTopic().equals(JobArguments.TOPIC)) {
            return Optional.empty();
        }
        String folder = job.getProperty(JobArguments.TARGET, "");
        try {
            AssetFolder.check(caller, folder);
        } catch (FileSystemException e) {
            return Optional.empty();
        }
        return Optional.of(job);
    }

    /**
     * A browser sends the user's credentials with what another site has made it send, and says which site. Sling's referrer
     * filter and AEM's token do the same where they are installed.
     */
    private static void refuseOtherSites(SlingHttpServletRequest request) {
        refuseOtherSites(request.getHeader("Origin"), request.getHeader("Host"));
    }

    static void refuseOtherSites(@Nullable String origin, @Nullable String host) {
        if (origin == null) {
            return;
        }
        String from;
        try {
            from = URI.create(origin).getAuthority();
        } catch (IllegalArgumentException e) {
            from = null;
        }
        if (from == null || !from.equalsIgnoreCase(host)) {
            throw new SecurityException("the request comes from another site: " + origin);
        }
    }

    private static Session session(SlingHttpServletRequest request) {
        Session session = request.getResourceResolver().adaptTo(Session.class);
        if (session == null) {
            throw new IllegalStateException("the request has no session of the repository");
        }
        return session;
    }

    private static void write(Job job, SlingHttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        new JobView(job).write(response.getWriter());
    }

    private static void unknown(SlingHttpServletResponse response) throws IOException {
        refuse(
                response,
                HttpServletResponse.SC_NOT_FOUND,
                new IllegalArgumentException(
                        "there is no such job; Sling knows one that has ended only if its queue keeps jobs"));
    }

    private static void refuse(SlingHttpServletResponse response, int status, Exception reason) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(String.valueOf(reason.getMessage()) + "\n");
    }
}
