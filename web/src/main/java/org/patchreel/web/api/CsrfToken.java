package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;

/**
 * Refuses requests by cookie that change something and do not name the token that a page of this site has been told. It holds
 * also where a browser sends no {@code Sec-Fetch-Site}, and where a cookie was stolen.
 *
 * @param value of the session
 */
record CsrfToken(String value) implements Caller.Intent {

    static final String HEADER = "X-CSRF-Token";

    @Override
    public void require(Request request) throws Refusal {
        if (SameOrigin.isSafe(request)) {
            return;
        }
        byte[] given = request.header(HEADER).orElse("").getBytes(UTF_8);
        boolean foreign = request.header("Sec-Fetch-Site")
                .filter(site -> !site.equals("same-origin"))
                .isPresent();
        if (foreign || !MessageDigest.isEqual(given, value.getBytes(UTF_8))) {
            throw new Refusal(403, "the header " + HEADER + " needs the csrfToken of /session").at(HEADER);
        }
    }
}
