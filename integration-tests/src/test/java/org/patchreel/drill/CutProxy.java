package org.patchreel.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The network between the processes and their broker, which cuts connections and holds them up. */
final class CutProxy implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int BUFFER = 16 << 10;
    private static final int TICK_MILLIS = 20;

    private final ServerSocket server;
    private final int target;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private volatile long stalledUntil = System.nanoTime();

    /**
     * Begins to pass connections on.
     *
     * @param target port of the broker, which need not listen yet
     */
    CutProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, LOOPBACK);
        start("accept", this::accept);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "drill-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return the port to connect to} */
    int port() {
        return server.getLocalPort();
    }

    /** One connection. */
    private record Line(Socket near, Socket far) {

        void cut() {
            for (Socket end : new Socket[] {near, far}) {
                try {
                    end.setSoLinger(true, 0); // what is under way is lost
                    end.close();
                } catch (IOException e) {
                    // it is closed
                }
            }
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                try {
                    Line line = new Line(near, new Socket(LOOPBACK, target));
                    lines.add(line);
                    start("to-broker", () -> pass(line, line.near(), line.far()));
                    start("from-broker", () -> pass(line, line.far(), line.near()));
                } catch (IOException e) {
                    near.close();
                }
            } catch (IOException e) {
                // it is closed
            }
        }
    }

    private void pass(Line line, Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[BUFFER];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                while (System.nanoTime() - stalledUntil < 0) {
                    TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
                }
                out.write(bytes, 0, read);
            }
        } catch (IOException e) {
            // one of the ends is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lines.remove(line);
            line.cut();
        }
    }

    /** Cuts each connection that the lot hits. */
    void cut(Random lot) {
        for (Line line : lines) {
            if (lot.nextBoolean()) {
                line.cut();
            }
        }
    }

    /** Holds everything up for a while. */
    void stall(long millis) {
        stalledUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void close() throws IOException {
        server.close();
        lines.forEach(Line::cut);
    }
}
