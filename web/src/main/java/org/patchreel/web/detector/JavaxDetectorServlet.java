package org.patchreel.web.detector;

import javax.servlet.Servlet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.http.runtime.HttpServiceRuntime;
import org.patchreel.web.http.JavaxServlet;

/** The detector for hosts with servlets of the API's version 3 and 4. */
@Component(
        service = Servlet.class,
        configurationPid = Detector.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {Detector.SERVLET_NAME, Detector.SERVLET_PATTERN, "runtime.cardinality.minimum:Integer=1"})
public final class JavaxDetectorServlet extends JavaxServlet {
    private static final long serialVersionUID = 1;

    /**
     * Creates the servlet.
     *
     * @param detector answers
     * @param runtime is there where servlets of this API are. The minimum cardinality makes it mandatory; the reference
     *     is optional for resolvers, which would otherwise want a server in every installation
     */
    @Activate
    public JavaxDetectorServlet(
            @Reference Detector detector,
            @Reference(name = "runtime", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    HttpServiceRuntime runtime) {
        super(detector);
    }
}
