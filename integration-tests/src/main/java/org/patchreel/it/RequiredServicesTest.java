package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;
import org.osgi.test.junit5.service.ServiceExtension;
import org.patchreel.api.VideoGenerator;

/** An operator who says which policies and checks must be there. */
@ExtendWith(ServiceExtension.class)
@Timeout(300)
class RequiredServicesTest {
    private static final int MORE_THAN_THERE_ARE = 50;

    @Test
    void thereIsNoGeneratorUntilThePoliciesAndChecksAreThereThatTheConfigurationAsksFor(
            @InjectService(timeout = 30_000) ConfigurationAdmin configurations,
            @InjectService(timeout = 30_000) ServiceAware<VideoGenerator> generators)
            throws Exception {
        for (String kind : new String[] {"policy", "check"}) {
            assertTrue(generators.waitForService(30_000) != null);
            Configuration configuration = configurations.getConfiguration("org.patchreel.required", "?");
            configuration.update(
                    FrameworkUtil.asDictionary(Map.of(kind + ".cardinality.minimum", MORE_THAN_THERE_ARE)));
            try {
                for (int i = 0; i < 300 && !generators.isEmpty(); i++) {
                    Thread.sleep(100);
                }
                assertEquals(0, generators.size(), kind);
            } finally {
                configuration.delete();
            }
            assertTrue(generators.waitForService(30_000) != null, kind);
        }
    }
}
