package org.patchreel.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.servlet.AsyncContext;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.Cookie;
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
        Request received = new Received(request);
        Delivery.send(received, endpoint.answer(received), new Sent(request, response));
    }

    private record Sent(HttpServletRequest request, HttpServletResponse response) implements Delivery.Outlet {

        @Override
        public void status(int status) {
            response.setStatus(status);
        }

        @Override
        public void contentType(String type) {
            response.setContentType(type);
        }

        @Override
        public void header(String name, String value) {
            response.setHeader(name, value);
        }

        @Override
        public void length(long bytes) {
            response.setContentLengthLong(bytes);
        }

        @Override
        public OutputStream body() throws IOException {
            return response.getOutputStream();
        }

        @Override
        public EventStream events() throws IOException {
            response.flushBuffer();
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            ServletOutputStream out = response.getOutputStream();
            EventStream stream = new EventStream(new Open(context, out));
            out.setWriteListener(new WriteListener() {
                @Override
                public void onWritePossible() {
                    stream.ready();
                }

                @Override
                public void onError(Throwable cause) {
                    stream.close();
                }
            });
            return stream;
        }
    }

    private record Open(AsyncContext context, ServletOutputStream out) implements EventStream.Connection {

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void complete() {
            try {
                context.complete();
            } catch (IllegalStateException e) {
                // the server has ended it
            }
        }
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
        public Set<String> parameters() {
            return Query.names(request.getQueryString());
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(request.getHeader(name));
        }

        @Override
        public Optional<String> cookie(String name) {
            return Arrays.stream(Objects.requireNonNullElse(request.getCookies(), new Cookie[0]))
                    .filter(cookie -> cookie.getName().equals(name))
                    .map(Cookie::getValue)
                    .findFirst();
        }

        @Override
        public boolean isSecure() {
            return request.isSecure();
        }

        @Override
        public Optional<String> user() {
            return HostUsers.user(request.getRemoteUser(), request.getAuthType());
        }

        @Override
        public boolean isInRole(String role) {
            return request.isUserInRole(role);
        }

        @Override
        public boolean isAsync() {
            return request.isAsyncSupported();
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
