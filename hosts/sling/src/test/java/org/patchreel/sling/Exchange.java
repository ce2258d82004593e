package org.patchreel.sling;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.jcr.Session;
import org.apache.sling.api.SlingHttpServletRequest;
import org.apache.sling.api.SlingHttpServletResponse;
import org.apache.sling.api.request.RequestParameter;
import org.apache.sling.api.request.RequestParameterMap;
import org.apache.sling.api.request.RequestPathInfo;
import org.apache.sling.api.resource.Resource;
import org.apache.sling.api.resource.ResourceResolver;
import org.jspecify.annotations.Nullable;

/** A request to Sling and what is answered, without a server. */
final class Exchange {
    private static final String RESOURCE = "/content/patchreel/generate";

    private final Session session;
    private final Map<String, String> headers = new HashMap<>();
    private final Parameters parameters = new Parameters();
    private String method = "GET";
    private @Nullable String suffix;
    private @Nullable String user;
    private final Map<String, String> answered = new HashMap<>();
    private final StringWriter body = new StringWriter();
    private int status = 200;

    Exchange(Session session, @Nullable String user) {
        this.session = session;
        this.user = user;
    }

    Exchange post(Map<String, String> given) {
        method = "POST";
        given.forEach((name, value) -> parameters.put(name, new RequestParameter[] {
            proxy(RequestParameter.class, (part, none) -> switch (part) {
                case "isFormField" -> true;
                case "getString" -> value;
                default -> null;
            })
        }));
        return this;
    }

    /** Sends a file as a part of the request. */
    Exchange file(String parameter, String fileName, byte[] content) {
        method = "POST";
        parameters.put(parameter, new RequestParameter[] {
            proxy(RequestParameter.class, (part, none) -> switch (part) {
                case "getFileName" -> fileName;
                case "getSize" -> (long) content.length;
                case "getInputStream" -> new ByteArrayInputStream(content);
                default -> null;
            })
        });
        return this;
    }

    /** As Sling gives them. */
    private static final class Parameters extends LinkedHashMap<String, RequestParameter[]>
            implements RequestParameterMap {
        private static final long serialVersionUID = 1;

        @Override
        public @Nullable RequestParameter getValue(String name) {
            RequestParameter[] values = get(name);
            return values == null ? null : values[0];
        }

        @Override
        public RequestParameter @Nullable [] getValues(String name) {
            return get(name);
        }
    }

    Exchange get(String job) {
        method = "GET";
        suffix = "/" + job;
        return this;
    }

    Exchange delete(String job) {
        method = "DELETE";
        suffix = "/" + job;
        return this;
    }

    Exchange method(String other) {
        method = other;
        return this;
    }

    Exchange header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Has a servlet answer. */
    Exchange of(GenerateServlet servlet) throws Exception {
        servlet.service(request(), response());
        return this;
    }

    int status() {
        return status;
    }

    String body() {
        return body.toString();
    }

    @Nullable
    String answer(String header) {
        return answered.get(header);
    }

    private SlingHttpServletRequest request() {
        return proxy(SlingHttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getMethod" -> method;
            case "getRemoteUser" -> user;
            case "getAuthType" -> user == null || user.equals("anonymous") ? null : "BASIC";
            case "getHeader" -> headers.get(String.valueOf(arguments[0]));
            case "getRequestParameterMap" -> parameters;
            case "getProtocol" -> "HTTP/1.1";
            case "getRequestPathInfo" ->
                proxy(RequestPathInfo.class, (part, none) -> part.equals("getSuffix") ? suffix : null);
            case "getResource" -> proxy(Resource.class, (part, none) -> part.equals("getPath") ? RESOURCE : null);
            case "getResourceResolver" ->
                proxy(
                        ResourceResolver.class,
                        (part, given) -> part.equals("adaptTo") ? session : part.equals("map") ? given[1] : null);
            default -> null;
        });
    }

    private SlingHttpServletResponse response() {
        return proxy(SlingHttpServletResponse.class, (name, arguments) -> {
            switch (name) {
                case "setStatus", "sendError" -> status = (Integer) arguments[0];
                case "setHeader", "addHeader" ->
                    answered.put(String.valueOf(arguments[0]), String.valueOf(arguments[1]));
                case "getWriter" -> {
                    return new PrintWriter(body, true);
                }
                default -> {
                    return null;
                }
            }
            return null;
        });
    }

    private interface Answer {
        @Nullable
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> orZero(method, answer.to(method.getName(), arguments))));
    }

    /** What a method of a primitive type returns must not be null. */
    private static @Nullable Object orZero(Method method, @Nullable Object value) {
        if (value != null || !method.getReturnType().isPrimitive()) {
            return value;
        }
        if (method.getReturnType() == boolean.class) {
            return false;
        }
        return method.getReturnType() == int.class ? 0 : null;
    }
}
