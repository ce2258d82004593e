/**
 * One exchange for the servlets of both generations, and what every interface over it needs: who asks, how often, what is
 * refused. It knows none of the interfaces.
 *
 * <p>An interface is a {@link org.patchreel.web.http.Router} with its {@link org.patchreel.web.http.Route}s. Two components
 * that extend {@link org.patchreel.web.http.JakartaServlet} and {@link org.patchreel.web.http.JavaxServlet} put it into the
 * HTTP whiteboard of the host, each where servlets of its generation are.
 */
@NullMarked
package org.patchreel.web.http;

import org.jspecify.annotations.NullMarked;
