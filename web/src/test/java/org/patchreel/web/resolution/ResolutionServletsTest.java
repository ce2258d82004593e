package org.patchreel.web.resolution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.web.resolution.ResolutionServiceTest.Configured;

/** The servlets of both generations, in a context of a host that lets anonymous requests in, as Sling's does. */
class ResolutionServletsTest {

    private ResolutionService service;

    @SuppressWarnings("NullAway.Init") // start
    ResolutionServletsTest() {}

    /** What a servlet has answered. */
    private static final class Answer {
        final Map<String, String> headers = new HashMap<>();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status;

        @Nullable
        Object call(String method, Object[] arguments, Object stream) {
            switch (method) {
                case "setStatus" -> status = (Integer) arguments[0];
                case "setHeader" -> headers.put(String.valueOf(arguments[0]), String.valueOf(arguments[1]));
                case "getOutputStream" -> {
                    return stream;
                }
                default -> {
                    return null;
                }
            }
            return null;
        }
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        Configured config = new Configured("", "(osgi.http.whiteboard.context.name=org.apache.sling)");
        service = new ResolutionService(
                folder,
                new KnownManifests(),
                file -> {
                    throw new IOException("nothing is sent");
                },
                System::nanoTime,
                config,
                config.properties());
    }

    @Test
    void anonymousRequestsAreRefusedAndUsersAnswered() throws Exception {
        for (String user : new String[] {"anonymous", "", null}) {
            for (Answer answer : answers(user, null)) {
                assertEquals(403, answer.status);
                assertTrue(answer.body.toString(UTF_8).contains("not an anonymous request"));
            }
        }
        for (Answer answer : answers("editor", "BASIC")) {
            assertEquals(200, answer.status);
            assertTrue(answer.body.toString(UTF_8).contains("org.patchreel.test.1"));
        }
    }

    @Test
    void theTypeOfAnAnswerIsNotToBeGuessed() throws Exception {
        for (Answer answer : answers("editor", "BASIC")) {
            assertEquals("nosniff", answer.headers.get("X-Content-Type-Options"));
        }
        for (Answer answer : answers(null, null)) {
            assertEquals("nosniff", answer.headers.get("X-Content-Type-Options"));
        }
    }

    private List<Answer> answers(@Nullable String user, @Nullable String type) throws Exception {
        return List.of(javax(user, type), jakarta(user, type));
    }

    private Answer javax(@Nullable String user, @Nullable String type) throws Exception {
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
        new JavaxResolutionServlet(service, null)
                .service(
                        request(javax.servlet.http.HttpServletRequest.class, user, type),
                        response(javax.servlet.http.HttpServletResponse.class, answer, stream));
        return answer;
    }

    private Answer jakarta(@Nullable String user, @Nullable String type) throws Exception {
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
        new JakartaResolutionServlet(service, null)
                .service(
                        request(jakarta.servlet.http.HttpServletRequest.class, user, type),
                        response(jakarta.servlet.http.HttpServletResponse.class, answer, stream));
        return answer;
    }

    private static <T> T request(Class<T> type, @Nullable String user, @Nullable String authentication) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getMethod" -> "GET";
                    case "getPathInfo" -> "/services/supportedAlgorithms";
                    case "getRemoteUser" -> user;
                    case "getAuthType" -> authentication;
                    case "getRemoteAddr" -> "127.0.0.1";
                    default -> null;
                }));
    }

    private static <T> T response(Class<T> type, Answer answer, Object stream) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.call(method.getName(), arguments, stream)));
    }
}
