package org.patchreel.impl.metrics;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.ReflectionException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;
import org.patchreel.spi.Metric;
import org.patchreel.spi.MetricSource;

/**
 * Shows the metrics of a source as attributes with units in their descriptions: {@code stage_seconds} is {@code StageSeconds}. One
 * with a label is a table from the label's values to numbers, as an MXBean shows a map. They are read when they are asked for.
 */
final class MetricBean implements DynamicMBean {

    private static final String KEY = "key";
    private static final String VALUE = "value";

    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final MBeanInfo info;

    /**
     * Describes the attributes.
     *
     * @param source whose metrics are shown
     * @throws OpenDataException if JMX takes no such description
     */
    MetricBean(MetricSource source) throws OpenDataException {
        for (Metric metric : source.metrics()) {
            metrics.put(attribute(metric.name()), metric);
        }
        OpenMBeanAttributeInfo[] attributes = new OpenMBeanAttributeInfo[metrics.size()];
        int i = 0;
        for (Map.Entry<String, Metric> each : metrics.entrySet()) {
            attributes[i++] = describe(each.getKey(), each.getValue());
        }
        info = new OpenMBeanInfoSupport(
                MetricBean.class.getName(), "Patchreel: " + source.subject(), attributes, null, null, null);
    }

    private static OpenMBeanAttributeInfo describe(String attribute, Metric metric) throws OpenDataException {
        OpenType<?> type = metric.label().isPresent() ? table(metric.label().get()) : SimpleType.DOUBLE;
        return new OpenMBeanAttributeInfoSupport(
                attribute,
                metric.description(),
                type,
                true,
                false,
                false,
                new ImmutableDescriptor("units=" + metric.unit()));
    }

    private static TabularType table(Metric.Label label) throws OpenDataException {
        CompositeType row = new CompositeType(
                label.name(),
                "a value for each " + label.name(),
                new String[] {KEY, VALUE},
                new String[] {label.name(), "its value"},
                new OpenType<?>[] {SimpleType.STRING, SimpleType.DOUBLE});
        return new TabularType(label.name(), row.getDescription(), row, new String[] {KEY});
    }

    /** {@return a metric's name as that of an attribute} */
    private static String attribute(String name) {
        StringBuilder attribute = new StringBuilder();
        for (String word : name.split("_", -1)) {
            attribute.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return attribute.toString();
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return info;
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException, MBeanException {
        Metric metric = metrics.get(attribute);
        if (metric == null) {
            throw new AttributeNotFoundException(attribute);
        }
        try {
            return value(metric);
        } catch (IOException | OpenDataException | RuntimeException e) {
            // whoever asks may not have the class of what failed
            throw new MBeanException(new IOException(attribute + " cannot be read: " + e.getMessage()));
        }
    }

    private static Object value(Metric metric) throws IOException, OpenDataException {
        Map<String, Double> values = metric.read();
        if (metric.label().isEmpty()) {
            return values.values().iterator().next();
        }
        TabularType type = table(metric.label().get());
        TabularData data = new TabularDataSupport(type);
        for (Map.Entry<String, Double> each : values.entrySet()) {
            CompositeData row = new CompositeDataSupport(
                    type.getRowType(), new String[] {KEY, VALUE}, new Object[] {each.getKey(), each.getValue()});
            data.put(row);
        }
        return data;
    }

    /** {@return the attributes of these that can be read} */
    @Override
    public AttributeList getAttributes(String[] attributes) {
        AttributeList read = new AttributeList();
        for (String attribute : attributes) {
            try {
                read.add(new Attribute(attribute, getAttribute(attribute)));
            } catch (AttributeNotFoundException | MBeanException e) {
                // as the interface has it: whoever asks sees that it is missing
            }
        }
        return read;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String operation, Object[] arguments, String[] signature) throws ReflectionException {
        throw new ReflectionException(new NoSuchMethodException(operation));
    }
}
