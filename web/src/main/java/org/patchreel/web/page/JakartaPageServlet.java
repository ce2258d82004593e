package org.patchreel.web.page;

import jakarta.servlet.Servlet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.patchreel.web.api.ApiService;
import org.patchreel.web.http.JakartaServlet;

/** The page for hosts with servlets of the API's version 5 and later. */
@Component(
        service = Servlet.class,
        configurationPid = ApiService.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {Page.SERVLET_NAME, Page.SERVLET_PATTERN, "runtime.cardinality.minimum:Integer=1"})
public final class JakartaPageServlet extends JakartaServlet {
    private static final long serialVersionUID = 1;

    /**
     * Creates the servlet.
     *
     * @param runtime is there where servlets of this API are. The minimum cardinality makes it mandatory; the reference
     *     is optional for resolvers, which would otherwise want a server in every installation
     */
    @Activate
    public JakartaPageServlet(
            @Reference(name = "runtime", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    HttpServiceRuntime runtime) {
        super(new Page());
    }
}
