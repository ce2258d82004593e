package org.patchreel.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Brings the requests of hosts with servlets of the API's version 3 and 4 to an endpoint. */
public abstract class JavaxServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Endpoint endpoint;

    /**
     * Creates a servlet.
     *
     * @param endpoint answers
     */
    protected JavaxServlet(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Response answer = endpoint.answer(new Received(request));
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
            return Objects.requireNonNullElse(request.getPathInfo(), "");
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
            return HostUsers.user(request.getRemoteUser(), request.getAuthType());
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
