package org.patchreel.launcher.main;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Signals of the operating system, by {@code sun.misc.Signal}, which the module {@code jdk.unsupported} exports: Java has
 * nothing else for them. By reflection, because compilers warn of each use of it, and warnings fail the build.
 */
final class Signals {

    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private Signals() {}

    /**
     * Handles a signal from now on, each in a thread of its own. One that the process ignores, as under {@code nohup}, stays
     * ignored.
     *
     * @param name without SIG, for example {@code INT}
     * @param action gets the signal's number
     */
    static void handle(String name, IntConsumer action) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
                action.accept(
                        (int) arguments[0].getClass().getMethod("getNumber").invoke(arguments[0]));
                return null;
            }
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> name;
            };
        };
        try {
            Class<?> type = Class.forName(HANDLER);
            set(name, Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {type}, handler));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java handles no signals", e);
        }
    }

    /** Gives a signal its effect back that it has on any process: it ends it. */
    static void reset(String name) {
        try {
            set(name, Class.forName(HANDLER).getField("SIG_DFL").get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java handles no signals", e);
        }
    }

    private static void set(String name, Object handler) throws ReflectiveOperationException {
        Class<?> type = Class.forName(SIGNAL);
        Object signal = type.getConstructor(String.class).newInstance(name);
        type.getMethod("handle", type, Class.forName(HANDLER)).invoke(null, signal, handler);
    }
}
