package org.patchreel.web.page;

import java.util.List;
import org.patchreel.web.http.Endpoint;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.StaticFiles;

/** The files of the page, which hold nothing secret. Safe for use from any thread. */
final class Page implements Endpoint {

    static final String SERVLET_NAME = "osgi.http.whiteboard.servlet.name=org.patchreel.page";

    static final String SERVLET_PATTERN = "osgi.http.whiteboard.servlet.pattern=/patchreel/*";

    private static final List<String> FILES = List.of(
            "index.html",
            "page.css",
            "icon.svg",
            "main.js",
            "api.js",
            "dom.js",
            "texts.js",
            "jobs.js",
            "media.js",
            "create.js",
            "storyboard.js",
            "queue.js",
            "gallery.js",
            "clip.js",
            "compare.js",
            "verify.js",
            "sentence.js",
            "operation.js",
            "en.json",
            "de.json",
            "phrases-en.json",
            "phrases-de.json");

    private final StaticFiles files = new StaticFiles(Page.class, FILES, "patchreel");

    @Override
    public Response answer(Request request) {
        return files.answer(request);
    }
}
