package org.patchreel.runtime.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import org.patchreel.spi.ModelTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells tasks apart by what they consist of: all components of the record and of the records in it, whatever is added. */
final class TaskDigest {
    private static final Logger LOG = LoggerFactory.getLogger(TaskDigest.class);

    private final MessageDigest sha256;

    private TaskDigest(MessageDigest sha256) {
        this.sha256 = sha256;
    }

    /**
     * Digests a task.
     *
     * @param task the bytes of its frames count
     * @param further what else is to be told apart
     * @return in hexadecimal; empty, which is logged, if a component is no value
     */
    static Optional<String> of(ModelTask task, String... further) {
        try {
            TaskDigest digest = new TaskDigest(MessageDigest.getInstance("SHA-256"));
            for (String each : further) {
                digest.add(each);
            }
            digest.add(task);
            return Optional.of(HexFormat.of().formatHex(digest.sha256.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.warn("The clip starts anew if it is interrupted: its task cannot be identified", e);
            return Optional.empty();
        }
    }

    /** Each value is preceded by its kind and, where it has one, its length: no two tasks have the same bytes. */
    private void add(Object value) throws ReflectiveOperationException {
        if (value instanceof ByteBuffer bytes) {
            text("bytes " + bytes.remaining());
            sha256.update(bytes.duplicate());
        } else if (value instanceof Collection<?> all) {
            text("all " + all.size());
            for (Object each : all) {
                add(each);
            }
        } else if (value instanceof Optional<?> optional) {
            text("optional " + optional.isPresent());
            if (optional.isPresent()) {
                add(optional.get());
            }
        } else if (value instanceof Record record) {
            text("record " + record.getClass().getName());
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                text(component.getName());
                add(component.getAccessor().invoke(record));
            }
        } else if (value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Enum) {
            text(value.toString());
        } else {
            throw new IllegalArgumentException(value.getClass() + " is no value");
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        sha256.update(bytes);
    }
}
