package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.VideoModel;

/** What is measured, as Prometheus gets it from a real HTTP server and as JMX shows it. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
@Timeout(300)
class MetricsTest {

    private static final String TOKEN = "a-token-of-the-tests";
    private static final String CLIPS = "org.patchreel:type=Clips";
    private static final String JOBS = "org.patchreel:type=Jobs";

    private final HttpClient client = HttpClient.newHttpClient();
    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private URI page;
    private Configuration configuration;
    private VideoGenerator generator;

    @BeforeEach
    void find(
            @InjectService(timeout = 30_000) ConfigurationAdmin admin,
            @InjectService(timeout = 30_000) ServiceAware<HttpServiceRuntime> runtimes,
            @InjectService(timeout = 30_000) VideoGenerator videoGenerator,
            @InjectService(timeout = 30_000) VideoModel model)
            throws Exception {
        Object endpoints = runtimes.getServiceReference().getProperty("osgi.http.endpoint");
        String base = endpoints instanceof String[] several ? several[0] : String.valueOf(endpoints);
        page = URI.create(base + "patchreel/metrics");
        configuration = admin.getConfiguration("org.patchreel.metrics", "?");
        generator = videoGenerator;
    }

    private void configure() throws Exception {
        configuration.update(
                FrameworkUtil.asDictionary(Map.of(".tokens", new String[] {TOKEN}, "requests.per.minute", 1000)));
        while (scrape(TOKEN).statusCode() == 404) {
            Thread.sleep(50);
        }
    }

    @AfterEach
    void forget() throws Exception {
        configuration.delete();
        while (scrape(TOKEN).statusCode() != 404) {
            Thread.sleep(50);
        }
    }

    @Test
    void thePageIsOffUntilItIsConfiguredAndThenForThoseWhoHaveTheToken() throws Exception {
        assertEquals(404, scrape(TOKEN).statusCode());
        configure();
        HttpResponse<String> stranger = scrape("another-token-entirely");
        assertEquals(401, stranger.statusCode());
        assertEquals("Bearer", stranger.headers().firstValue("WWW-Authenticate").orElseThrow());
        HttpResponse<String> answer = scrape(TOKEN);
        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/plain;version=0.0.4;charset=utf-8",
                answer.headers()
                        .firstValue("Content-Type")
                        .orElseThrow()
                        .replace(" ", "")
                        .toLowerCase(Locale.ROOT));
    }

    @Test
    void aClipIsCountedByPrometheusAndByJmx() throws Exception {
        configure();
        Map<String, Double> before = samples();
        generate();
        Map<String, Double> after = samples();
        assertEquals(1, grown("patchreel_clips_total", before, after));
        assertEquals(9, grown("patchreel_frames_total", before, after));
        assertEquals(1, grown("patchreel_jobs{state=\"completed\"}", before, after));
        assertEquals(1, grown("patchreel_stage_runs_total{stage=\"sampling\"}", before, after));
        assertTrue(grown("patchreel_stage_seconds_total{stage=\"decoding\"}", before, after) > 0);
        assertTrue(grown("patchreel_device_seconds_total", before, after) > 0);
        assertTrue(value("patchreel_clip_frames_per_second", after) > 0);
        assertTrue(value("patchreel_weights_bytes", after) > 1e6);
        assertTrue(value("patchreel_resident_bytes", after) > value("patchreel_weights_bytes", after));
        assertEquals(0, value("patchreel_queue_length", after));
        assertEquals(0, value("patchreel_unreadable_metrics", after));

        assertEquals(value("patchreel_clips_total", after), beans.getAttribute(new ObjectName(CLIPS), "Clips"));
        TabularData stages = (TabularData) beans.getAttribute(new ObjectName(CLIPS), "StageSeconds");
        assertEquals(
                value("patchreel_stage_seconds_total{stage=\"sampling\"}", after),
                stages.get(new Object[] {"sampling"}).get("value"));
    }

    @Test
    void whatIsMeasuredGoesAndComesWithItsBundle(@InjectBundleContext BundleContext context) throws Exception {
        configure();
        Bundle plugin = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals("org.patchreel.plugin-impl"))
                .findFirst()
                .orElseThrow();
        assertTrue(beans.isRegistered(new ObjectName(JOBS)));
        plugin.stop();
        try {
            assertEquals(
                    0, beans.queryNames(new ObjectName("org.patchreel:*"), null).size());
            assertEquals(Map.of("patchreel_unreadable_metrics", 0.0), samples());
        } finally {
            plugin.start();
        }
        while (!beans.isRegistered(new ObjectName(JOBS)) || !samples().containsKey("patchreel_queue_length")) {
            Thread.sleep(50);
        }
    }

    private void generate() throws Exception {
        GenerationRequest ball = GenerationRequest.builder("a red ball rolls past a tree")
                .seed(7)
                .steps(2)
                .size(160, 112)
                .frames(9)
                .build();
        assertInstanceOf(
                JobState.Completed.class,
                generator
                        .submit(ball, Requester.UNKNOWN)
                        .await(Duration.ofMinutes(4))
                        .orElseThrow());
    }

    private Map<String, Double> samples() throws Exception {
        Map<String, Double> samples = new HashMap<>();
        for (String line : scrape(TOKEN).body().lines().toList()) {
            if (!line.startsWith("#")) {
                int space = line.lastIndexOf(' ');
                samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        }
        return samples;
    }

    private static double value(String name, Map<String, Double> samples) {
        Double value = samples.get(name);
        if (value == null) {
            throw new AssertionError(name + " is not among " + samples.keySet());
        }
        return value;
    }

    private static double grown(String name, Map<String, Double> before, Map<String, Double> after) {
        return value(name, after) - value(name, before);
    }

    private HttpResponse<String> scrape(String token) throws Exception {
        return client.send(
                HttpRequest.newBuilder(page)
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
