package org.patchreel.web.http;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servlets of both generations with which an interface is put into hosts. */
public final class BothServlets {

    private final javax.servlet.Servlet javax;
    private final jakarta.servlet.Servlet jakarta;

    public BothServlets(javax.servlet.Servlet javax, jakarta.servlet.Servlet jakarta) {
        this.javax = javax;
        this.jakarta = jakarta;
    }

    /**
     * What a container tells a servlet of a request.
     *
     * @param path below the servlet's pattern; null if the pattern is the whole path
     */
    public record Received(
            @Nullable String path,
            Map<String, String> headers,
            @Nullable String user,
            @Nullable String authentication) {

        private @Nullable Object value(String method, Object @Nullable [] arguments) {
            return switch (method) {
                case "getMethod" -> "GET";
                case "getPathInfo" -> path;
                case "getHeader" -> arguments == null ? null : headers.get(String.valueOf(arguments[0]));
                case "getRemoteUser" -> user;
                case "getAuthType" -> authentication;
                case "isSecure" -> false;
                case "getRemoteAddr" -> "127.0.0.1";
                default -> null;
            };
        }

        private <T> T as(Class<T> type) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> value(method.getName(), arguments)));
        }
    }

    /** What a servlet has answered. */
    public static final class Answer {
        private final Map<String, String> headers = new HashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;

        public int status() {
            return status;
        }

        public @Nullable String header(String name) {
            return headers.get(name);
        }

        public String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        private @Nullable Object call(String method, Object[] arguments, Object stream) {
            switch (method) {
                case "setStatus" -> status = (Integer) arguments[0];
                case "setHeader" -> headers.put(String.valueOf(arguments[0]), String.valueOf(arguments[1]));
                case "setContentType" -> headers.put("Content-Type", String.valueOf(arguments[0]));
                case "getOutputStream" -> {
                    return stream;
                }
                default -> {
                    return null;
                }
            }
            return null;
        }

        private <T> T as(Class<T> type, Object stream) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> call(method.getName(), arguments, stream)));
        }
    }

    /** {@return what each of them answers} */
    public List<Answer> answers(Received request) throws Exception {
        return List.of(javax(request), jakarta(request));
    }

    private Answer javax(Received request) throws Exception {
        Answer answer = new Answer();
        javax.servlet.ServletOutputStream stream = new javax.servlet.ServletOutputStream() {
            @Override
            public void write(int each) {
                answer.body.write(each);
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(javax.servlet.WriteListener listener) {
                throw new UnsupportedOperationException();
            }
        };
        javax.service(
                request.as(javax.servlet.http.HttpServletRequest.class),
                answer.as(javax.servlet.http.HttpServletResponse.class, stream));
        return answer;
    }

    private Answer jakarta(Received request) throws Exception {
        Answer answer = new Answer();
        jakarta.servlet.ServletOutputStream stream = new jakarta.servlet.ServletOutputStream() {
            @Override
            public void write(int each) {
                answer.body.write(each);
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(jakarta.servlet.WriteListener listener) {
                throw new UnsupportedOperationException();
            }
        };
        jakarta.service(
                request.as(jakarta.servlet.http.HttpServletRequest.class),
                answer.as(jakarta.servlet.http.HttpServletResponse.class, stream));
        return answer;
    }
}
