package org.patchreel.launcher;

import java.util.Set;

/** What {@code patchreel --help} prints. */
final class Usage {

    static final String TEXT = """
            patchreel [--debug] COMMAND [arguments]
            patchreel                           reads commands until exit or end of input

              generate "PROMPT" [options]       makes a clip from a prompt
              models                            lists the installed models
              assets                            lists the stored clips
              show ID                           tells how a clip was made
              export ID... --out FOLDER         hands clips over to an editor, with a timeline
              verify FILE|FOLDER                says what a video is: manifest, watermark, clip of ours
              batch TABLE --out FOLDER          makes a clip of each row of a table, verifies it and reports
              run SCRIPT.gogo [arguments]       runs a Gogo script
              doctor                            says what is wrong with the installation
              COMMAND --help                    tells more about a command

              --debug                           prints stack traces
              --version                         prints the version

            examples:
              patchreel generate "a red ball rolls past a tree" --seed 7 --out ball.mp4
              patchreel generate "a blue cube on snow" --size 640x368 --json
              patchreel verify ball.mp4 --json
              patchreel doctor

            Exit status: 0 done, 1 failed, 2 a mistake in the command, 3 the origin of a verified file is not proved,
            130 cancelled.""";

    private static final Set<String> QUESTIONS = Set.of("help", "--help", "-h");

    private Usage() {}

    static boolean asked(String argument) {
        return QUESTIONS.contains(argument);
    }
}
