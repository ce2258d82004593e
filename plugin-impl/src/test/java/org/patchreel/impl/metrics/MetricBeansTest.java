package org.patchreel.impl.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import org.patchreel.spi.Metric;
import org.patchreel.spi.Metric.Label;
import org.patchreel.spi.MetricSource;

class MetricBeansTest {

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final FakeServices services = new FakeServices("F1");
    private final MetricBeans beans = new MetricBeans(services.context(), true, server);

    /** A source whose register may be closed. */
    private static final class Clips implements MetricSource {
        boolean closed;

        @Override
        public String subject() {
            return "Clips";
        }

        @Override
        public List<Metric> metrics() {
            return List.of(
                    Metric.counter("frames", "frames", "Frames that were made", () -> 240),
                    Metric.counter(
                            "stage_seconds",
                            "seconds",
                            "Time that each stage took",
                            new Label("stage", List.of("sampling", "decoding")),
                            () -> Map.of("sampling", 2.5)),
                    Metric.gauge("queue_length", "jobs", "Jobs that wait", () -> {
                        if (closed) {
                            throw new IOException("jobs.db: the job register is closed");
                        }
                        return 3;
                    }));
        }
    }

    private static ObjectName name(String keys) throws Exception {
        return new ObjectName("org.patchreel:" + keys);
    }

    @Test
    void aSourceIsABeanWhoseAttributesAreItsMetrics() throws Exception {
        beans.addSource(services.publish(new Clips()));
        ObjectName clips = name("type=Clips");
        assertEquals(240.0, server.getAttribute(clips, "Frames"));
        assertEquals(3.0, server.getAttribute(clips, "QueueLength"));
        TabularData stages = (TabularData) server.getAttribute(clips, "StageSeconds");
        assertEquals(2, stages.size());
        assertEquals(2.5, stages.get(new Object[] {"sampling"}).get("value"));
        assertEquals(0.0, stages.get(new Object[] {"decoding"}).get("value"));
    }

    @Test
    void descriptionsNameTheUnit() throws Exception {
        beans.addSource(services.publish(new Clips()));
        MBeanAttributeInfo[] attributes =
                server.getMBeanInfo(name("type=Clips")).getAttributes();
        assertEquals(3, attributes.length);
        assertEquals("Time that each stage took [seconds]", attributes[1].getDescription());
        assertEquals("seconds", attributes[1].getDescriptor().getFieldValue("units"));
        for (MBeanAttributeInfo attribute : attributes) {
            assertTrue(attribute.isReadable() && !attribute.isWritable(), attribute.getName());
        }
    }

    @Test
    void whatCannotBeReadSaysWhyAndKeepsNothingElseFromBeingRead() throws Exception {
        Clips source = new Clips();
        beans.addSource(services.publish(source));
        source.closed = true;
        ObjectName clips = name("type=Clips");
        Exception failure = assertThrows(MBeanException.class, () -> server.getAttribute(clips, "QueueLength"));
        assertEquals(
                "QueueLength cannot be read: jobs.db: the job register is closed",
                Objects.requireNonNull(failure.getCause()).getMessage());
        assertEquals(
                List.of(new Attribute("Frames", 240.0)),
                server.getAttributes(clips, new String[] {"QueueLength", "Frames"})
                        .asList());
    }

    @Test
    void nothingCanBeSetOrCalled() throws Exception {
        beans.addSource(services.publish(new Clips()));
        ObjectName clips = name("type=Clips");
        assertThrows(AttributeNotFoundException.class, () -> server.setAttribute(clips, new Attribute("Frames", 1.0)));
        assertThrows(AttributeNotFoundException.class, () -> server.getAttribute(clips, "Pixels"));
        assertThrows(Exception.class, () -> server.invoke(clips, "reset", new Object[0], new String[0]));
    }

    @Test
    void aSecondFrameworkOfTheProcessHasBeansOfItsOwn() throws Exception {
        FakeServices others = new FakeServices("F2");
        MetricBeans second = new MetricBeans(others.context(), true, server);
        ServiceReference<MetricSource> here = services.publish(new Clips());
        ServiceReference<MetricSource> there = others.publish(new Clips());
        beans.addSource(here);
        second.addSource(there);
        assertEquals(Set.of(name("type=Clips"), name("type=Clips,framework=F2")), server.queryNames(name("*"), null));
        second.removeSource(there);
        assertEquals(Set.of(name("type=Clips")), server.queryNames(name("*"), null));
        beans.removeSource(here);
        assertEquals(Set.of(), server.queryNames(name("*"), null));
        assertEquals(Set.of(), services.used);
    }

    @Test
    void aProcessOfOneCommandStartsNoSource() throws Exception {
        MetricBeans none = new MetricBeans(services.context(), false, server);
        ServiceReference<MetricSource> source = services.publish(new Clips());
        none.addSource(source);
        assertEquals(Set.of(), services.used);
        assertEquals(Set.of(), server.queryNames(name("*"), null));
        none.removeSource(source);
    }
}
