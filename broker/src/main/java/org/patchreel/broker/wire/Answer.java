package org.patchreel.broker.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.patchreel.api.GenerationException;
import org.patchreel.api.SamplingPlan;

/** What is answered to a {@link Question}. */
public sealed interface Answer extends WireMessage {

    /** {@return ID of the question} */
    String id();

    /**
     * A plan.
     *
     * @param id see above
     * @param plan the model's
     */
    record Planned(String id, SamplingPlan plan) implements Answer {
        @Override
        public String type() {
            return "planned";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("id", id);
            ModelText.write(json.putObject("plan"), plan);
        }
    }

    /**
     * What is asked for is not to be had.
     *
     * @param id see above
     * @param reason the kind
     * @param message one line
     */
    record Refused(String id, GenerationException.Reason reason, String message) implements Answer {
        @Override
        public String type() {
            return "refused";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("id", id).put("reason", reason.label()).put("message", message);
        }
    }

    /** Reads one of them. */
    static Answer read(String type, Fields fields) throws WireException {
        return type.equals("planned")
                ? new Planned(fields.id("id"), ModelText.plan(fields.object("plan")))
                : new Refused(
                        fields.id("id"),
                        fields.option("reason", GenerationException.Reason.values()),
                        fields.line("message"));
    }
}
