package org.patchreel.launcher;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code patchreel --help} prints. */
final class Usage {

    static final String TEXT = """
            patchreel [--debug] [-v] COMMAND [arguments]
            patchreel                           reads commands until quit or end of input

              generate "PROMPT" [options]       makes a clip from a prompt
              extend CLIP ["PROMPT"]            makes a clip longer
              loop CLIP ["PROMPT"]              leads from a clip's end to its beginning
              blend CLIP CLIP "PROMPT"          leads from one clip to another
              interpolate CLIP ["PROMPT"]       makes motion smoother, by more frames
              storyboard FILE                   makes one clip of several shots
              models                            lists the installed models
              assets                            lists the stored clips
              jobs                              lists jobs, also of earlier runs
              job ID                            tells all of a job, moves it in the queue
              cancel ID                         cancels a job, or all of a user
              retry ID                          submits a job again that failed
              release ID                        lets a job go on that a policy holds
              pause                             lets no further job begin
              resume                            lets jobs begin again
              usage                             reports device seconds and cost
              show ID                           tells how a clip was made
              approve ID                        says that somebody approves a clip
              reject ID --reason TEXT           says that a clip may not be published
              export ID... --out FOLDER         hands clips to an editor, with a timeline
              verify FILE|FOLDER                says what a video is and what proves it
              batch TABLE --out FOLDER          makes a clip of each row of a table
              run SCRIPT.gogo [arguments]       runs a Gogo script
              serve                             shows the page in a browser
              worker --broker URL               makes clips for hosts, see docs/workers.md
              workers                           lists the workers of this host
              drain NAME                        lets a worker finish, and end
              takedown ID|FILE                  takes a clip down, and keeps copies out
              audit verify                      checks, lists and exports what is recorded
              policy-test "PROMPT"              says whether a prompt would be refused
              doctor                            says what is wrong with the installation
              COMMAND --help                    tells more about a command

              -v, --verbose                     shows the log, and a line for each stage
              --debug                           prints stack traces
              --version                         prints the version

            examples:
              patchreel generate "a red ball rolls past a tree" --seed 7 --out ball.mp4
              patchreel generate "a blue cube on snow" --size 640x368 --json
              patchreel verify ball.mp4 --json
              patchreel doctor

            Exit status: 0 done, 1 failed, 2 a mistake in the command, 3 the origin of a
            verified file is not proved, 130 cancelled.""";

    /** A command's line of the text: its name at the beginning, what it does behind a gap. */
    private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+(?:-[a-z]+)*)\\b.*? {2,}(\\S.*)$");

    private static final Set<String> QUESTIONS = Set.of("help", "--help", "-h");

    private Usage() {}

    /** {@return what a person reads who starts the shell: lines of 39 characters, which fit the narrowest of windows} */
    static String greeting(Object version) {
        return """
                Patchreel %s
                help lists the commands, Tab completes,
                Ctrl-C cancels a job, quit ends.""".formatted(version);
    }

    /** {@return what a command does, in some words, or nothing} */
    static String of(String command) {
        Matcher line = COMMAND.matcher(TEXT);
        while (line.find()) {
            if (line.group(1).equals(command)) {
                return line.group(2);
            }
        }
        return "";
    }

    static boolean asked(String argument) {
        return QUESTIONS.contains(argument);
    }
}
