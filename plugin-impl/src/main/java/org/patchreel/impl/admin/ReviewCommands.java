package org.patchreel.impl.admin;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Requester;
import org.patchreel.api.Reviews;

/** {@code patchreel:approve} and {@code reject}: what somebody decides who has looked at an asset. */
@Component(
        service = ReviewCommands.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=approve", "osgi.command.function=reject"})
public final class ReviewCommands {

    private static final String APPROVE = """
            approve ID [--by NAME] [--note TEXT] [--json]
                                 says that somebody has looked at a clip and approves it,
                                 in its metadata and in a further signed manifest
              --by NAME          who; default: whoever uses this console

            example: approve 01JD3V7Q0P8W5N2M4K6H8F0D2B --by anna""";

    private static final String REJECT = """
            reject ID --reason TEXT [--by NAME] [--json]
                                 says in its metadata that a clip may not be published
              --by NAME          who; default: whoever uses this console

            example: reject 01JD3V7Q0P8W5N2M4K6H8F0D2B --reason "wrong logo\"""";

    private static final Syntax APPROVE_SYNTAX = new Syntax(Set.of("--by", "--note"), Set.of("--json", "--help"));
    private static final Syntax REJECT_SYNTAX = new Syntax(Set.of("--by", "--reason"), Set.of("--json", "--help"));

    private final Reviews reviews;

    /**
     * Creates the commands.
     *
     * @param reviews keep the decisions
     */
    @Activate
    public ReviewCommands(@Reference Reviews reviews) {
        this.reviews = reviews;
    }

    /**
     * Approves an asset.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments ID and options
     * @throws Exception if the caller made a mistake, or the approval cannot be signed or stored
     */
    @Descriptor("approves a clip: approve 01JD3V7Q0P8W5N2M4K6H8F0D2B --by anna")
    public void approve(CommandSession session, @Descriptor("ID and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            approve(console, ConsoleUser.of(session), arguments);
            return 0;
        });
    }

    /**
     * Rejects an asset.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments ID and options
     * @throws Exception if the caller made a mistake, or the decision cannot be stored
     */
    @Descriptor("rejects a clip: reject 01JD3V7Q0P8W5N2M4K6H8F0D2B --reason TEXT")
    public void reject(CommandSession session, @Descriptor("ID and options, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            reject(console, ConsoleUser.of(session), arguments);
            return 0;
        });
    }

    void approve(Console console, Requester user, String... arguments) throws IOException {
        Arguments given = APPROVE_SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(APPROVE);
            return;
        }
        print(console, given, reviews.approve(given.operand("asset ID"), by(given, user), given.text("--note")));
    }

    void reject(Console console, Requester user, String... arguments) throws IOException {
        Arguments given = REJECT_SYNTAX.parse(arguments);
        if (given.has("--help")) {
            console.out().println(REJECT);
            return;
        }
        String reason = given.text("--reason")
                .orElseThrow(
                        () -> new IllegalArgumentException("--reason is missing: say why it may not be published"));
        print(console, given, reviews.reject(given.operand("asset ID"), by(given, user), reason));
    }

    private static String by(Arguments given, Requester user) {
        Optional<String> named = given.text("--by");
        return named.or(user::user)
                .orElseThrow(() -> new IllegalArgumentException("--by is missing: this console knows no user"));
    }

    private static void print(Console console, Arguments given, AssetMetadata metadata) {
        if (given.has("--json")) {
            console.out().println(Json.write(AssetFacts.of(metadata).values()));
            return;
        }
        metadata.review()
                .ifPresent(review -> console.out()
                        .println(PrintableLine.of(
                                metadata.id() + " is " + review.decision().label() + " by " + review.by())));
    }
}
