package org.patchreel.broker.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a host tells workers to do. */
public sealed interface Control extends WireMessage {

    /**
     * To all: give up the job.
     *
     * @param job its ID
     */
    record Cancel(String job) implements Control {
        @Override
        public String type() {
            return "cancel";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("job", job);
        }
    }

    /**
     * To all: who has this name takes no further order, and ends when its job is done.
     *
     * @param name of a worker
     */
    record Drain(String name) implements Control {
        @Override
        public String type() {
            return "drain";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("name", name);
        }
    }

    /**
     * To the worker that asked: begin.
     *
     * @param attempt its ID
     */
    record Go(String attempt) implements Control {
        @Override
        public String type() {
            return "go";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("attempt", attempt);
        }
    }

    /**
     * To the worker that asked: drop the order; nobody waits for the clip.
     *
     * @param attempt its ID
     */
    record Stop(String attempt) implements Control {
        @Override
        public String type() {
            return "stop";
        }

        @Override
        public void write(ObjectNode json) {
            json.put("attempt", attempt);
        }
    }

    /** Reads one of them. */
    static Control read(String type, Fields fields) throws WireException {
        return switch (type) {
            case "cancel" -> new Cancel(fields.id("job"));
            case "drain" -> new Drain(fields.name("name"));
            case "go" -> new Go(fields.id("attempt"));
            default -> new Stop(fields.id("attempt"));
        };
    }
}
