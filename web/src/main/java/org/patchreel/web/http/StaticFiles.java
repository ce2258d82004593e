package org.patchreel.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The files of a page, which hold nothing secret. Safe for use from any thread. */
public final class StaticFiles implements Endpoint {

    /**
     * A page loads nothing but its own files and what its interface sends; {@code blob:} are pictures and clips that somebody has
     * dropped on it. Only this origin may frame it, as the Web Console does.
     */
    public static final String POLICY =
            "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'";

    private static final String INDEX = "index.html";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "json", "application/json",
            "svg", "image/svg+xml");

    private final String folder;
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /**
     * Reads the files.
     *
     * @param owner class beside which they are
     * @param names of files beside it, or of resources anywhere, with a slash at the start; {@code index.html} is among them
     * @param folder last part of the servlet's path
     */
    public StaticFiles(Class<?> owner, List<String> names, String folder) {
        this.folder = folder;
        for (String name : names) {
            try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(name), name)) {
                files.put(name.substring(name.lastIndexOf('/') + 1), in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Response answer(Request request) {
        return found(request)
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer")
                .with("Cross-Origin-Opener-Policy", "same-origin");
    }

    private Response found(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Response.error(405, "only GET and HEAD are understood here").with("Allow", "GET, HEAD");
        }
        if (request.path().isEmpty()) {
            return Response.empty(302).with("Location", folder + "/");
        }
        String name = request.path().equals("/") ? INDEX : request.path().substring(1);
        byte[] file = files.get(name);
        if (file == null) {
            return Response.error(404, "there is nothing here");
        }
        String type = Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
        return Conditional.answer(request, Response.bytes(type, file));
    }
}
