package org.patchreel.broker.worker;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.activemq.command.ActiveMQDestination;
import org.patchreel.broker.jms.FilePart;
import org.patchreel.broker.wire.Attempt;
import org.patchreel.broker.wire.Wire;

/**
 * The files of a clip, on their way to the host. They are sent in small transactions: the broker holds the messages of an open
 * transaction in memory, and a clip may be larger than that.
 */
final class MadeFiles {

    /** Of one transaction: 4 MiB. */
    private static final int MAX_PARTS = 8;

    private MadeFiles() {}

    /**
     * Sends all files of a folder.
     *
     * @param session transacted; nothing is open in it
     * @param results where they go
     * @param of whose they are
     * @param directory of the files
     * @return what was sent
     * @throws JMSException if the connection is lost; they can be sent again on another one
     * @throws IOException if a file cannot be read
     */
    static List<Attempt.File> send(Session session, ActiveMQDestination results, Attempt.Of of, Path directory)
            throws JMSException, IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.list(directory)) {
            paths = all.filter(Files::isRegularFile).sorted().toList();
        }
        List<Attempt.File> files = new ArrayList<>();
        try (MessageProducer producer = session.createProducer(results)) {
            producer.setDeliveryMode(DeliveryMode.PERSISTENT);
            for (Path path : paths) {
                files.add(send(session, producer, of, path));
            }
        }
        return List.copyOf(files);
    }

    private static Attempt.File send(Session session, MessageProducer producer, Attempt.Of of, Path path)
            throws JMSException, IOException {
        String name = path.getFileName().toString();
        MessageDigest digest = sha256();
        long offset = 0;
        int open = 0;
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(Wire.MAX_PART_BYTES);
            do {
                digest.update(bytes);
                byte[] next = in.readNBytes(Wire.MAX_PART_BYTES);
                producer.send(
                        new FilePart(of.job(), of.attempt(), name, offset, next.length == 0, bytes).write(session));
                offset += bytes.length;
                bytes = next;
                if (++open == MAX_PARTS) {
                    session.commit();
                    open = 0;
                }
            } while (bytes.length > 0);
        }
        session.commit();
        return new Attempt.File(name, offset, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
