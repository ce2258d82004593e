package org.patchreel.impl.metrics;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.spi.MetricSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what is measured in the platform's MBean server, which every host has: {@code org.patchreel:type=Jobs} and so on, with the
 * framework's UUID if that name is another framework's in this process. Nothing has to be installed for it, as a whiteboard would
 * need. A process that runs one command registers none, and starts no source.
 */
@Component(service = {})
public final class MetricBeans {

    private static final Logger LOG = LoggerFactory.getLogger(MetricBeans.class);

    private final BundleContext context;
    private final boolean host;
    private final MBeanServer server;
    private final Map<ServiceReference<MetricSource>, ObjectName> beans = new ConcurrentHashMap<>();

    /**
     * Registers nothing yet.
     *
     * @param context of the bundle
     * @param register knows whether this is a host
     */
    @Activate
    public MetricBeans(BundleContext context, @Reference JobRegister register) {
        this(context, register.isHost(), ManagementFactory.getPlatformMBeanServer());
    }

    MetricBeans(BundleContext context, boolean host, MBeanServer server) {
        this.context = context;
        this.host = host;
        this.server = server;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(ServiceReference<MetricSource> reference) {
        if (!host) {
            return;
        }
        MetricSource source = context.getService(reference);
        if (source == null) {
            return;
        }
        try {
            beans.put(reference, register(source));
        } catch (JMException | RuntimeException e) {
            LOG.warn("JMX does not show {}", source.subject(), e);
            context.ungetService(reference);
        }
    }

    private ObjectName register(MetricSource source) throws JMException {
        MetricBean bean = new MetricBean(source);
        String name = "org.patchreel:type=" + source.subject();
        try {
            return server.registerMBean(bean, new ObjectName(name)).getObjectName();
        } catch (InstanceAlreadyExistsException e) {
            String framework = context.getProperty(Constants.FRAMEWORK_UUID);
            return server.registerMBean(bean, new ObjectName(name + ",framework=" + framework))
                    .getObjectName();
        }
    }

    void removeSource(ServiceReference<MetricSource> reference) {
        ObjectName name = beans.remove(reference);
        if (name == null) {
            return;
        }
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            // somebody has removed it
        } catch (JMException e) {
            LOG.warn("The bean {} cannot be removed", name, e);
        }
        context.ungetService(reference);
    }
}
