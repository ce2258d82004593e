package org.patchreel.broker.jms;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetId;
import org.patchreel.broker.wire.Wire;
import org.patchreel.broker.wire.WireException;

/**
 * A message with an order. What the broker selects by stands in its properties; the text is not looked into.
 *
 * @param job ID of the job
 * @param model name of the model
 * @param host ID of the host that gets the clip
 * @param text of the order
 */
public record OrderMessage(String job, String model, String host, String text) {

    private static final String JOB = "job";
    private static final String MODEL = "model";
    private static final String HOST = "host";
    private static final String VERSION = "version";

    /** Where to tell that an order cannot be read. */
    public record Sender(String job, String host) {}

    /**
     * Makes the message.
     *
     * @param session that sends it
     * @return the message
     * @throws JMSException if it cannot be made
     */
    public TextMessage write(Session session) throws JMSException {
        TextMessage message = session.createTextMessage(text);
        message.setIntProperty(VERSION, Wire.VERSION);
        message.setStringProperty(JOB, job);
        message.setStringProperty(MODEL, model);
        message.setStringProperty(HOST, host);
        return message;
    }

    /**
     * Reads a message.
     *
     * @param message from the queue of orders
     * @return the order
     * @throws WireException if it is none, too long or of another version
     * @throws JMSException if it cannot be read
     */
    public static OrderMessage read(Message message) throws WireException, JMSException {
        Object version = message.getObjectProperty(VERSION);
        if (!Integer.valueOf(Wire.VERSION).equals(version)) {
            throw new WireException("an order of version " + version + ", version " + Wire.VERSION + " is read");
        }
        Sender sender =
                sender(message).orElseThrow(() -> new WireException("an order without an ID of its job or its host"));
        @Nullable String model = message.getStringProperty(MODEL);
        if (!(message instanceof TextMessage order) || model == null) {
            throw new WireException("an order that has no text, or names no model");
        }
        String text = order.getText();
        if (text == null || text.length() > Wire.MAX_TEXT) {
            throw new WireException("an order of " + (text == null ? 0 : text.length()) + " characters, at most "
                    + Wire.MAX_TEXT + " are read");
        }
        return new OrderMessage(sender.job(), model, sender.host(), text);
    }

    /**
     * Finds out who has sent an order that may be unreadable.
     *
     * @param message from the queue of orders
     * @return empty if it does not say
     * @throws JMSException if it cannot be read
     */
    public static Optional<Sender> sender(Message message) throws JMSException {
        return message.getObjectProperty(JOB) instanceof String job
                        && message.getObjectProperty(HOST) instanceof String host
                        && AssetId.isValid(job)
                        && AssetId.isValid(host)
                ? Optional.of(new Sender(job, host))
                : Optional.empty();
    }

    /** {@return the selector of orders for any of the models} */
    public static String selector(Collection<String> models) {
        return MODEL + " IN ("
                + models.stream().sorted().map(name -> "'" + name + "'").collect(Collectors.joining(", ")) + ")";
    }

    /** {@return the selector of orders of a job} */
    public static String selectorOfJob(String job) {
        return JOB + " = '" + job + "'";
    }
}
