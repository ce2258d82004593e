package org.patchreel.web.http;

import java.util.List;
import java.util.Optional;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;

/** Says who sends a request: a client with a bearer token, or a user whom the host has authenticated. */
public interface Authentication {

    /** Service property of a servlet that puts it into a context of the host, which then authenticates. */
    String CONTEXT = "osgi.http.whiteboard.context.select";

    /** Property of a configuration: the tokens. The dot keeps it out of the servlet's service properties. */
    String TOKENS = ".tokens";

    /**
     * Reads who authenticates: the tokens if there are any, else the host, which has to be told by {@value #CONTEXT}.
     *
     * @param values of the configuration
     * @param tokens its {@value #TOKENS}
     * @param context its {@value #CONTEXT}, which may be blank
     * @throws ConfigurationException if neither is there, so that anybody could ask; or one of them cannot be used
     */
    static Authentication configured(ConfigurationValues values, List<String> tokens, String context) {
        if (tokens.isEmpty() && context.isBlank()) {
            throw values.refused(
                    CONTEXT,
                    "expected a filter that selects a context which authenticates: without one, and without " + TOKENS
                            + ", anybody could ask");
        }
        if (!context.isBlank()) {
            try {
                FrameworkUtil.createFilter(context);
            } catch (InvalidSyntaxException e) {
                throw values.refused(
                        CONTEXT, "expected a filter such as (osgi.http.whiteboard.context.name=org.apache.sling)");
            }
        }
        if (tokens.stream().anyMatch(token -> token.length() < BearerTokens.MIN_LENGTH)) {
            throw values.refused(TOKENS, "expected " + BearerTokens.MIN_LENGTH + " characters or more of each token");
        }
        return tokens.isEmpty() ? new HostUsers() : new BearerTokens(tokens);
    }

    /** {@return a name for who sends the request, to count its requests by; empty if that is not known} */
    Optional<String> caller(Request request);

    /** {@return what a request of somebody unknown is answered} */
    Refusal refusal();
}
