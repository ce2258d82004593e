package org.patchreel.impl.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.jobs.Account;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.Price;
import org.patchreel.impl.jobs.Usage;

/** {@code patchreel:usage}: reports for how long users, groups, projects and models kept the device busy, and what it cost. */
@Component(
        service = UsageCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=usage"})
public final class UsageCommand {

    private static final String USAGE = """
            usage [options]         reports clips, device seconds, cost, and what is left of
                                    today's budgets
              --by KIND             by user (if nothing is said), group, project or model
              --since DATE          from that day on, 2026-11-30; today if nothing is said
              --json                for programs

            example: usage --by project --since 2026-11-01""";

    private static final Syntax SYNTAX = new Syntax(Set.of("--by", "--since"), Set.of("--json", "--help"));

    private static final double MILLIS = 1000;

    private final JobRegister register;
    private final JobsConfiguration configuration;

    /**
     * Creates the command.
     *
     * @param register has what was used
     * @param configuration has budgets and the currency
     */
    @Activate
    public UsageCommand(@Reference JobRegister register, @Reference JobsConfiguration configuration) {
        this.register = register;
        this.configuration = configuration;
    }

    /**
     * Runs the command.
     *
     * @param session has the terminal, and takes the exit status
     * @param arguments options
     * @throws Exception if the caller made a mistake or the register cannot be read
     */
    @Descriptor("reports device seconds and cost: usage --by project --since 2026-11-01")
    public void usage(CommandSession session, @Descriptor("options, see --help") String... arguments) throws Exception {
        Console.run(session, console -> {
            run(console, arguments);
            return 0;
        });
    }

    void run(Console console, String... arguments) throws IOException {
        PrintStream out = console.out();
        Arguments given = SYNTAX.parse(arguments);
        given.refuseOperands();
        if (given.has("--help")) {
            out.println(USAGE);
            return;
        }
        Account.Kind kind = Account.Kind.parse("--by", given.text("--by").orElse(Account.Kind.USER.label()));
        LocalDate since = given.text("--since").map(JobsCommand::date).orElseGet(register::today);
        List<Line> lines = new ArrayList<>();
        JobSettings settings = configuration.get();
        for (Usage usage : register.usage(kind, since)) {
            lines.add(new Line(
                    usage,
                    register.usedToday(usage.account()),
                    settings.budgets().limit(usage.account())));
        }
        Optional<String> currency = settings.price().map(Price::currency);
        if (given.has("--json")) {
            out.println(Json.write(
                    lines.stream().map(line -> line.json(kind, currency)).toList()));
        } else if (lines.isEmpty()) {
            out.println("nothing was used since " + since);
        } else {
            Table table = new Table(
                    kind.label().toUpperCase(Locale.ROOT),
                    "CLIPS",
                    "DEVICE",
                    currency.map(name -> "COST " + name).orElse("COST"),
                    "BUDGET OF TODAY");
            lines.forEach(line -> table.add(line.cells()));
            table.print(console);
        }
    }

    /** What an account used, and what it may use. */
    private record Line(Usage usage, Duration today, Optional<Duration> limit) {

        String[] cells() {
            return new String[] {
                usage.account().name(),
                Long.toString(usage.clips()),
                JobView.seconds(usage.time()),
                usage.cost().signum() == 0 ? "-" : usage.cost().toPlainString(),
                limit.map(most -> JobView.seconds(today) + " of " + most.toSeconds() + " s")
                        .orElse("-")
            };
        }

        Map<String, Object> json(Account.Kind kind, Optional<String> currency) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put(kind.label(), usage.account().name());
            json.put("clips", usage.clips());
            json.put("deviceSeconds", usage.time().toMillis() / MILLIS);
            json.put("cost", usage.cost());
            currency.ifPresent(name -> json.put("currency", name));
            json.put("deviceSecondsToday", today.toMillis() / MILLIS);
            limit.ifPresent(most -> json.put("budgetToday", most.toSeconds()));
            return json;
        }
    }
}
