package org.patchreel.impl.prompt;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.Camera;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.Shot;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.PromptExpander;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has prompts rewritten by a language model of the operator's. Without a configuration it does not exist. */
@Component(
        service = {PromptExpander.class, ComponentStatus.class},
        configurationPid = EndpointExpander.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EndpointExpander.Config.class)
public final class EndpointExpander implements PromptExpander, ComponentStatus {

    static final String PID = "org.patchreel.prompt";

    private static final Logger LOG = LoggerFactory.getLogger(EndpointExpander.class);

    private static final String INSTRUCTION =
            "Rewrite the text of the user as a prompt for a text-to-video model. Keep every"
                    + " subject, action, number, colour and name. Add what can be seen: surroundings, light, the course of the"
                    + " motion. One paragraph of at most 100 words, in the language of the text. Answer with the prompt alone.";

    @ObjectClassDefinition(
            name = "Patchreel prompt endpoint",
            description = "An endpoint with an interface as OpenAI's, which rewrites prompts before they are judged and"
                    + " generated. Off until it is configured: then every prompt is sent there")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Address, for example https://llm.example.com/v1; /chat/completions is added. https, or http"
                                + " on this machine")
        String url();

        @AttributeDefinition(description = "Name of the language model, as the endpoint knows it")
        String model();

        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(
                type = AttributeType.PASSWORD,
                description = "Sent as bearer token; empty for an endpoint without keys")
        String _key() default "";

        @AttributeDefinition(
                description = "Seconds that a whole exchange may take, 1 to 300; whoever submits a request waits",
                min = "1",
                max = "300")
        int timeout() default 30;

        @AttributeDefinition(description = "What the language model is told to do with a prompt")
        String system_prompt() default INSTRUCTION;

        @AttributeDefinition(
                description = "true: a prompt that cannot be expanded is used as it was given, with a note. false: its"
                        + " request is refused with an error")
        boolean optional() default false;

        @AttributeDefinition(
                description = "Allows http to other machines: prompts and the key travel where others can read them")
        boolean allow_http() default false;
    }

    private record Endpoint(ChatEndpoint chat, String instruction, boolean optional) {}

    private final Settings<Endpoint> settings;

    /**
     * Reads the configuration; sends nothing.
     *
     * @param config of the endpoint
     * @param properties of the component
     */
    @Activate
    public EndpointExpander(Config config, Map<String, Object> properties) {
        settings = new Settings<>(PID, properties, values -> endpoint(values, config));
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> endpoint(values, config));
        warn();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    private static Endpoint endpoint(ConfigurationValues values, Config config) {
        URI url = url(values, config, values.flag("allow.http", config::allow_http));
        if (text(config.model()).isBlank()) {
            throw values.refused("model", "expected the name of a language model");
        }
        String key = text(config._key()).strip();
        if (key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw values.refused(".key", "expected a key of visible ASCII characters");
        }
        if (text(config.system_prompt()).isBlank()) {
            throw values.refused("system.prompt", "expected an instruction");
        }
        Duration timeout = Duration.ofSeconds(values.integer("timeout", config::timeout, 1, 300));
        return new Endpoint(
                new ChatEndpoint(url, config.model().strip(), key, timeout),
                config.system_prompt(),
                values.flag("optional", config::optional));
    }

    /** Component property types give null for what is left out and has no default. */
    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static URI url(ConfigurationValues values, Config config, boolean anyHttp) {
        String expectation = "expected an https address, for example https://llm.example.com/v1";
        URI url;
        try {
            url = new URI(text(config.url()).strip());
        } catch (URISyntaxException e) {
            throw values.refused("url", expectation);
        }
        boolean plain = "http".equalsIgnoreCase(url.getScheme());
        if (url.getHost() == null || !(plain || "https".equalsIgnoreCase(url.getScheme()))) {
            throw values.refused("url", expectation);
        }
        if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
            // not shown: it may be a password
            throw values.refused("url has a user, a query or a fragment, " + expectation);
        }
        if (plain && !anyHttp && !isLoopback(url.getHost())) {
            throw values.refused(
                    "url", "expected https, or allow.http = true: http shows prompts and the key to others");
        }
        return url;
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    @Override
    public Expansion expand(Draft draft) throws GenerationException {
        Endpoint endpoint;
        try {
            endpoint = settings.get();
        } catch (ConfigurationException e) {
            throw new GenerationException(Reason.PROMPT, "the prompt cannot be expanded: " + e.getMessage(), e);
        }
        ChatEndpoint chat = endpoint.chat;
        try {
            String text = chat.ask(instruction(endpoint, draft), draft.prompt());
            return new Expansion(
                    checked(text),
                    List.of("the prompt was expanded by the language model " + chat.model() + " at " + chat.host()));
        } catch (IOException e) {
            String reason = PrintableText.of("prompt endpoint " + chat.host() + ": " + e.getMessage());
            if (!endpoint.optional || Thread.currentThread().isInterrupted()) {
                throw new GenerationException(Reason.PROMPT, "the prompt cannot be expanded: " + reason, e);
            }
            LOG.warn("A prompt is used as it was given: {}", reason);
            return new Expansion(draft.prompt(), List.of("the prompt was used as it was given: " + reason));
        }
    }

    private static String instruction(Endpoint endpoint, Draft draft) {
        StringBuilder text = new StringBuilder(endpoint.instruction);
        draft.language()
                .vocabulary()
                .ifPresent(vocabulary -> text.append("\nThe model knows these English words only, use no others: ")
                        .append(String.join(", ", new TreeSet<>(vocabulary.words())))
                        .append('.'));
        if (!draft.camera().equals(Camera.UNSPECIFIED)) {
            text.append("\nThe camera's moves are added later (")
                    .append(draft.camera())
                    .append("): say nothing of the camera.");
        }
        return text.toString();
    }

    private static String checked(String text) throws IOException {
        try {
            return new Shot(text, "", Optional.empty()).prompt();
        } catch (IllegalArgumentException e) {
            throw new IOException("the answer cannot be used: " + e.getMessage(), e);
        }
    }
}
