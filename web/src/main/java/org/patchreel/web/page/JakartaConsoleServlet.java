package org.patchreel.web.page;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.patchreel.web.api.ApiService;

/**
 * The plugin for Web Consoles with servlets of the API's version 5 and later. The console writes around what it writes, so that it
 * tells no length.
 */
@Component(
        service = Servlet.class,
        configurationPid = ApiService.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {
            ConsolePlugin.LABEL,
            ConsolePlugin.TITLE,
            ConsolePlugin.CATEGORY,
            "runtime.cardinality.minimum:Integer=1"
        })
public final class JakartaConsoleServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    /**
     * Creates the servlet.
     *
     * @param runtime is there where servlets of this API are; see {@link JakartaPageServlet}
     */
    @Activate
    public JakartaConsoleServlet(
            @Reference(name = "runtime", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    HttpServiceRuntime runtime) {
        super();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(ConsolePlugin.TYPE);
        response.getWriter().write(ConsolePlugin.CONTENT);
    }
}
