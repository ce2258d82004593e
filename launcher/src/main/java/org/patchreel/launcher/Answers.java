package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;

/**
 * What commands say of themselves, for completion: it offers what their help lists. They are asked in a session of their
 * own, whose output nobody sees.
 */
final class Answers {

    private static final Pattern OPTION = Pattern.compile("--[a-z]+");

    /** An option at the beginning of a line, with the name of its value, and what it does. */
    private static final Pattern EXPLAINED = Pattern.compile("(?m)^ +(--[a-z]+)(?: \\S+)? {2,}(\\S.*)$");

    private final CommandProcessor processor;

    Answers(CommandProcessor processor) {
        this.processor = processor;
    }

    /** {@return the options of a command, each with what it does; empty where the help says no more} */
    Map<String, String> options(String command) {
        Map<String, String> options = new LinkedHashMap<>();
        String help = output(command + " --help");
        Matcher explained = EXPLAINED.matcher(help);
        while (explained.find()) {
            options.putIfAbsent(explained.group(1), explained.group(2));
        }
        Matcher named = OPTION.matcher(help);
        while (named.find()) {
            options.putIfAbsent(named.group(), "");
        }
        return options;
    }

    /** {@return the first column of the table that a command prints} */
    List<String> column(String command) {
        List<String> cells = new ArrayList<>();
        output(command).lines().skip(1).forEach(line -> cells.add(line.split(" ", 2)[0]));
        return cells;
    }

    private String output(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CommandSession session =
                processor.createSession(InputStream.nullInputStream(), out, OutputStream.nullOutputStream())) {
            session.put("SCOPE", Commands.SCOPE + ":*");
            session.execute(command);
            return out.toString(UTF_8);
        } catch (Exception e) {
            // There is nothing to offer.
            return "";
        }
    }
}
