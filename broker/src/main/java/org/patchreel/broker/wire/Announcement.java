package org.patchreel.broker.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;

/**
 * What a worker tells of itself every few seconds.
 *
 * @param worker its ID, another one at each start
 * @param name by which people know it
 * @param state what it does
 * @param models that it has
 * @param freeMemory of its machine, in bytes
 * @param framesPerSecond of its last clip; empty if it has made none
 * @param job that it works on, if it does
 */
public record Announcement(
        String worker,
        String name,
        State state,
        List<Model> models,
        long freeMemory,
        Optional<Double> framesPerSecond,
        Optional<String> job)
        implements WireMessage {

    static final String TYPE = "worker";

    /** What a worker does. */
    public enum State {
        /** Waits for an order. */
        IDLE,
        /** Makes a clip. */
        BUSY,
        /** Takes no further order. */
        DRAINING,
        /** Has ended; not announced again. */
        GONE;

        /** {@return the name in lower case, for people and JSON} */
        public String label() {
            return Fields.label(this);
        }
    }

    /**
     * A model of a worker.
     *
     * @param descriptor what it can do
     * @param health how it is
     */
    public record Model(ModelDescriptor descriptor, ModelHealth health) {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void write(ObjectNode json) {
        json.put("worker", worker).put("name", name).put("state", state.label()).put("freeMemory", freeMemory);
        framesPerSecond.ifPresent(rate -> json.put("framesPerSecond", rate));
        job.ifPresent(id -> json.put("job", id));
        ArrayNode list = json.putArray("models");
        for (Model model : models) {
            ObjectNode each = list.addObject();
            ModelText.write(each.putObject("descriptor"), model.descriptor());
            ModelText.write(each.putObject("health"), model.health());
        }
    }

    static Announcement read(Fields fields) throws WireException {
        return new Announcement(
                fields.id("worker"),
                fields.name("name"),
                fields.option("state", State.values()),
                fields.list(
                        "models",
                        each -> new Model(
                                ModelText.descriptor(each.object("descriptor")),
                                ModelText.health(each.object("health")))),
                fields.number("freeMemory", 0, Long.MAX_VALUE),
                fields.has("framesPerSecond") ? Optional.of(fields.real("framesPerSecond")) : Optional.empty(),
                fields.has("job") ? Optional.of(fields.id("job")) : Optional.empty());
    }
}
