package org.patchreel.broker.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.patchreel.spi.ModelTask;

/** What is asked of the other side, which answers with an {@link Answer} or a {@link FilePart}. */
public sealed interface Question extends WireMessage {

    /** {@return ID of the question, which the answer repeats} */
    String id();

    /** {@return ID of who asks, which names the queue for the answer} */
    String from();

    /**
     * Of a host: how would a clip be made?
     *
     * @param id see above
     * @param from see above
     * @param model name of the worker's model
     * @param task the clip, without its frames
     */
    record Plan(String id, String from, String model, ModelTask task) implements Question {
        @Override
        public String type() {
            return "plan";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("id", id).put("from", from).put("model", model);
            ModelText.write(json.putObject("task"), task);
        }
    }

    /**
     * Of a worker: a part of a picture or clip that an order is made of.
     *
     * @param id see above
     * @param from see above
     * @param sha256 of the file
     * @param offset of the part, in bytes
     */
    record Source(String id, String from, String sha256, long offset) implements Question {
        @Override
        public String type() {
            return "source";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("id", id).put("from", from).put("sha256", sha256).put("offset", offset);
        }
    }

    /** Reads one of them. */
    static Question read(String type, Fields fields) throws WireException {
        return type.equals("plan")
                ? new Plan(
                        fields.id("id"), fields.id("from"), fields.name("model"), ModelText.task(fields.object("task")))
                : new Source(
                        fields.id("id"),
                        fields.id("from"),
                        fields.sha256("sha256"),
                        fields.number("offset", 0, Wire.MAX_FILE_BYTES));
    }
}
