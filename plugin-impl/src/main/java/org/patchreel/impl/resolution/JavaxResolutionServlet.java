package org.patchreel.impl.resolution;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.http.runtime.HttpServiceRuntime;

/** The resolution service for hosts with servlets of the API's version 3 and 4. */
@Component(
        service = Servlet.class,
        configurationPid = ResolutionService.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {
            "osgi.http.whiteboard.servlet.name=org.patchreel.resolution",
            "osgi.http.whiteboard.servlet.pattern=/patchreel/c2pa/v1/*",
            "runtime.cardinality.minimum:Integer=1"
        })
public final class JavaxResolutionServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient ResolutionService service;

    /**
     * Creates the servlet.
     *
     * @param service answers
     * @param runtime is there where servlets of this API are. The minimum cardinality makes it mandatory; the reference
     *     is optional for resolvers, which would otherwise want a server in every installation
     */
    @Activate
    public JavaxResolutionServlet(
            @Reference ResolutionService service,
            @Reference(name = "runtime", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    HttpServiceRuntime runtime) {
        this.service = service;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Response answer = service.answer(new Received(request));
        response.setStatus(answer.status());
        response.setContentType(answer.contentType());
        answer.headers().forEach(response::setHeader);
        byte[] body = answer.body();
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private record Received(HttpServletRequest request) implements Request {

        @Override
        public String method() {
            return request.getMethod();
        }

        @Override
        public String path() {
            return request.getPathInfo() == null ? "" : request.getPathInfo();
        }

        @Override
        public Optional<String> parameter(String name) {
            return Query.parameter(request.getQueryString(), name);
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(request.getHeader(name));
        }

        @Override
        public Optional<String> user() {
            return HostUser.of(request.getRemoteUser(), request.getAuthType());
        }

        @Override
        public String client() {
            return request.getRemoteAddr();
        }

        @Override
        public long contentLength() {
            return request.getContentLengthLong();
        }

        @Override
        public InputStream body() throws IOException {
            return request.getInputStream();
        }
    }
}
