package org.patchreel.web.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request of a test. */
public final class MadeUpRequest implements Request {
    private final String method;
    private final String path;
    private final byte[] body;
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, String> headers = new HashMap<>();
    private String client = "127.0.0.1";
    private Optional<String> user = Optional.empty();
    private long length = -1;

    public MadeUpRequest(String method, String path, byte[] body) {
        this.method = method;
        this.path = path;
        this.body = body;
    }

    public MadeUpRequest with(String parameter, String value) {
        parameters.put(parameter, value);
        return this;
    }

    public MadeUpRequest header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public MadeUpRequest from(String address) {
        client = address;
        return this;
    }

    public MadeUpRequest by(Optional<String> hostUser) {
        user = hostUser;
        return this;
    }

    public MadeUpRequest length(long said) {
        length = said;
        return this;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    @Override
    public Set<String> parameters() {
        return parameters.keySet();
    }

    @Override
    public Optional<String> cookie(String name) {
        return Optional.empty();
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public boolean isInRole(String role) {
        return false;
    }

    @Override
    public boolean isAsync() {
        return false;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    @Override
    public Optional<String> user() {
        return user;
    }

    @Override
    public String client() {
        return client;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(body);
    }
}
