package org.patchreel.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code patchreel:policy-test} says what the policy makes of a prompt. A {@link Function}, because no method has such a name. */
@Component(
        service = Function.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=policy-test"})
public final class PolicyTestCommand implements Function {

    private static final String USAGE = """
        policy-test "PROMPT" [--group G] [--json]   says what the policy makes of a
                                                    prompt; makes no clip

          --group G      as a member of this group; may be given more than once
          --json         as JSON

        example: policy-test "a red ball rolls past a tree" --json\
        """;

    private final TextPolicy policy;

    /**
     * Creates the command.
     *
     * @param policy that is asked
     */
    @Activate
    public PolicyTestCommand(@Reference TextPolicy policy) {
        this.policy = policy;
    }

    /** What the command was given. */
    private record Question(@Nullable String prompt, Set<String> groups, boolean asJson, boolean help) {

        static Question parse(List<Object> arguments) {
            @Nullable String prompt = null;
            Set<String> groups = new HashSet<>();
            boolean asJson = false;
            boolean help = false;
            for (int i = 0; i < arguments.size(); i++) {
                String argument = String.valueOf(arguments.get(i));
                if (argument.equals("--json")) {
                    asJson = true;
                } else if (argument.equals("--help") || argument.equals("-h")) {
                    help = true;
                } else if (argument.startsWith("--group=")) {
                    groups.add(argument.substring("--group=".length()));
                } else if (argument.equals("--group")) {
                    if (++i == arguments.size()) {
                        throw new IllegalArgumentException("option --group needs a value");
                    }
                    groups.add(String.valueOf(arguments.get(i)));
                } else if (argument.startsWith("--")) {
                    throw new IllegalArgumentException("unknown option " + argument + ", known: --group --json");
                } else if (prompt != null) {
                    throw new IllegalArgumentException("unexpected: " + argument);
                } else {
                    prompt = argument;
                }
            }
            return new Question(prompt, groups, asJson, help);
        }
    }

    @Override
    public @Nullable Object execute(CommandSession session, List<Object> arguments) {
        Question question = Question.parse(arguments);
        if (question.help()) {
            System.out.println(USAGE);
        } else if (question.prompt() == null || question.prompt().isBlank()) {
            throw new IllegalArgumentException("the prompt is missing");
        } else {
            print(policy.judge(Set.of(question.prompt()), question.groups()), question.asJson(), System.out);
        }
        return null;
    }

    static void print(Judgement judgement, boolean asJson, PrintStream out) {
        Optional<Finding> finding = judgement.finding();
        String decision = finding.isPresent() ? "refused" : "allowed";
        Optional<String> category = finding.flatMap(Finding::category).map(Category::label);
        if (asJson) {
            ObjectNode json = new ObjectMapper().createObjectNode().put("decision", decision);
            category.ifPresent(label -> json.put("category", label));
            finding.ifPresent(found -> json.put("rule", found.rule()).put("explanation", found.explanation()));
            ObjectNode scores = json.putObject("scores");
            judgement
                    .scores()
                    .forEach((each, score) -> scores.putObject(each.label())
                            .put("score", rounded(score.value()))
                            .put("threshold", rounded(score.threshold())));
            out.println(json);
            return;
        }
        out.println("decision  " + decision);
        category.ifPresent(label -> out.println("category  " + label));
        finding.ifPresent(found -> out.println("rule      " + found.rule() + ": " + found.explanation()));
        judgement
                .scores()
                .forEach((each, score) -> out.println(String.format(
                        Locale.ROOT,
                        "score     %-15s %.3f of %.3f%s",
                        each.label(),
                        score.value(),
                        score.threshold(),
                        score.isReached() ? ", reached" : "")));
    }

    private static double rounded(double score) {
        return Math.round(score * 1000) / 1000.0;
    }
}
