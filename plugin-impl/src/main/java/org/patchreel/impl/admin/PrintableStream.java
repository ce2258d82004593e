package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.util.regex.Pattern;

/**
 * The output of a command: of what is printed as text, nothing but line ends and tabs controls a terminal. Bytes that are
 * written pass as they are. What must stay on its line is made a {@link PrintableLine} before.
 */
final class PrintableStream extends PrintStream {

    private static final Pattern NOT_PRINTABLE =
            Pattern.compile("[" + PrintableLine.NOT_PRINTABLE.pattern() + "&&[^\n\t]]");

    private final PrintStream target;

    /**
     * Prints to another stream, in its encoding.
     *
     * @param target is not closed
     */
    PrintableStream(PrintStream target) {
        super(target, true);
        this.target = target;
    }

    @Override
    public void print(String text) {
        target.print(printable(text));
    }

    @Override
    public void println(String text) {
        target.println(printable(text));
    }

    @Override
    public void println(Object value) {
        println(String.valueOf(value));
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }

    @Override
    public void print(char each) {
        print(String.valueOf(each));
    }

    @Override
    public void println(char each) {
        println(String.valueOf(each));
    }

    @Override
    public void close() {
        flush();
    }

    private static String printable(String text) {
        return NOT_PRINTABLE.matcher(String.valueOf(text)).replaceAll("\ufffd");
    }
}
