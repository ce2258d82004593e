package org.patchreel.drill;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs drills one after the other and prints a table of them: {@code DrillCommand --root DIR --folder DIR [--kills N] [--seed N]
 * [--jobs N] [--at-once N]}. The folder keeps what a drill with findings has left.
 */
final class DrillCommand {

    private DrillCommand() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> given =
                new HashMap<>(Map.of("--kills", "500", "--seed", "1", "--jobs", "60", "--at-once", "25"));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            given.put(arguments[i], arguments[i + 1]);
        }
        int kills = Integer.parseInt(given.get("--kills"));
        int atOnce = Integer.parseInt(given.get("--at-once"));
        long seed = Long.parseLong(given.get("--seed"));
        Path folder = Path.of(given.get("--folder")).toAbsolutePath();
        Path root = Path.of(given.get("--root")).toAbsolutePath().normalize();
        DrillReport sum = null;
        System.out.println(DrillReport.heading());
        for (int done = 0; done < kills; done += atOnce, seed++) {
            Path own = Files.createDirectories(folder.resolve("seed-" + seed));
            Drill.Plan plan =
                    new Drill.Plan(seed, Math.min(atOnce, kills - done), Integer.parseInt(given.get("--jobs")), true);
            try (Drill drill = new Drill(plan, new Homes(own, root, folder.resolve("unpacked")))) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(drill)));
                DrillReport report = drill.run();
                System.out.println(report.row(Long.toString(seed)));
                report.findings().forEach(finding -> System.err.println("seed " + plan.seed() + ": " + finding));
                report.failed().forEach((reason, count) -> System.err.println(count + " failed: " + reason));
                sum = sum == null ? report : sum.plus(report);
            }
        }
        if (sum != null) {
            System.out.println(sum.row("all"));
            System.exit(sum.findings().isEmpty() ? 0 : 1);
        }
    }

    private static void end(Drill drill) {
        try {
            drill.close();
        } catch (Exception e) {
            System.err.println(e);
        }
    }
}
