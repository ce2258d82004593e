package org.patchreel.broker.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetId;
import org.patchreel.broker.wire.Wire;
import org.patchreel.broker.wire.WireException;

/**
 * A message with a part of a file: of one that a worker has made, or of a source that a worker has asked for.
 *
 * @param subject ID of the job, or of the question
 * @param attempt of the job; of a source the question's ID again
 * @param file name, as {@link org.patchreel.api.AssetFile} has it; of a source its SHA-256
 * @param offset of the part in the file, in bytes
 * @param last whether the file ends with it
 * @param bytes at most {@link Wire#MAX_PART_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FilePart(String subject, String attempt, String file, long offset, boolean last, byte[] bytes) {

    private static final String VERSION = "version";

    /**
     * Makes the message.
     *
     * @param session that sends it
     * @return the message
     * @throws JMSException if it cannot be made
     */
    public BytesMessage write(Session session) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.setIntProperty(VERSION, Wire.VERSION);
        message.setStringProperty("subject", subject);
        message.setStringProperty("attempt", attempt);
        message.setStringProperty("file", file);
        message.setLongProperty("offset", offset);
        message.setBooleanProperty("last", last);
        message.writeBytes(bytes);
        return message;
    }

    /**
     * Reads a message.
     *
     * @param message with bytes
     * @return the part
     * @throws WireException if it is none, too large or of another version
     * @throws JMSException if it cannot be read
     */
    public static FilePart read(BytesMessage message) throws WireException, JMSException {
        Object version = message.getObjectProperty(VERSION);
        if (!Integer.valueOf(Wire.VERSION).equals(version)) {
            throw new WireException("a part of version " + version + ", version " + Wire.VERSION + " is read");
        }
        long size = message.getBodyLength();
        if (size > Wire.MAX_PART_BYTES) {
            throw new WireException("a part of " + size + " bytes, at most " + Wire.MAX_PART_BYTES + " are read");
        }
        if (!(message.getObjectProperty("offset") instanceof Long offset)
                || offset < 0
                || offset > Wire.MAX_FILE_BYTES
                || !(message.getObjectProperty("last") instanceof Boolean last)) {
            throw new WireException("a part that does not say where in its file it belongs");
        }
        byte[] bytes = new byte[(int) size];
        message.readBytes(bytes);
        return new FilePart(id(message, "subject"), id(message, "attempt"), id(message, "file"), offset, last, bytes);
    }

    private static String id(Message message, String name) throws WireException, JMSException {
        @Nullable Object value = message.getObjectProperty(name);
        boolean file = name.equals("file");
        if (!(value instanceof String text) || !(file ? text.matches("[a-z0-9.-]{1,64}") : AssetId.isValid(text))) {
            throw new WireException("a part without " + name);
        }
        return text;
    }
}
