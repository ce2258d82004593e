package org.patchreel.broker.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress;

/** What a worker tells of an order that it has taken. */
public sealed interface Attempt extends WireMessage {

    /** {@return what it tells of} */
    Of of();

    /**
     * Names an attempt.
     *
     * @param job ID of the job
     * @param attempt a new ID each time that an order is taken
     * @param worker ID of the worker
     * @param workerName by which people know it
     */
    record Of(String job, String attempt, String worker, String workerName) {}

    /**
     * The worker has taken the order and asks whether to begin.
     *
     * @param of see above
     */
    record Started(Of of) implements Attempt {
        @Override
        public String type() {
            return "started";
        }

        @Override
        public void write(ObjectNode json) {
            put(json, of);
        }
    }

    /**
     * How far the clip is.
     *
     * @param of see above
     * @param progress stage and units
     */
    record Progress(Of of, GenerationProgress progress) implements Attempt {
        @Override
        public String type() {
            return "progress";
        }

        @Override
        public void write(ObjectNode json) {
            put(json, of);
            json.put("stage", progress.stage().label())
                    .put("done", progress.done())
                    .put("total", progress.total());
        }
    }

    /**
     * The clip is made, and its files were sent before.
     *
     * @param of see above
     * @param produced what is known of it; not looked into here
     * @param files each once
     */
    record Finished(Of of, String produced, List<File> files) implements Attempt {
        @Override
        public String type() {
            return "finished";
        }

        @Override
        public void write(ObjectNode json) {
            put(json, of);
            json.put("produced", produced);
            ArrayNode list = json.putArray("files");
            for (File file : files) {
                list.addObject()
                        .put("name", file.name())
                        .put("bytes", file.bytes())
                        .put("sha256", file.sha256());
            }
        }
    }

    /**
     * A file of a clip.
     *
     * @param name one of {@link AssetFile}'s
     * @param bytes its size
     * @param sha256 of its content
     */
    record File(String name, long bytes, String sha256) {

        private static final Set<String> NAMES =
                Stream.of(AssetFile.values()).map(AssetFile::fileName).collect(Collectors.toUnmodifiableSet());

        /**
         * Refuses a name that no file of a clip has.
         *
         * @param name to look at
         * @return the name
         * @throws WireException if it is another
         */
        public static String requireName(String name) throws WireException {
            if (!NAMES.contains(name)) {
                throw new WireException("no file of a clip has the name " + Fields.shown(name));
            }
            return name;
        }

        private static File read(Fields fields) throws WireException {
            return new File(
                    requireName(fields.text("name")),
                    fields.number("bytes", 0, Wire.MAX_FILE_BYTES),
                    fields.sha256("sha256"));
        }
    }

    /**
     * The clip cannot be made, and no other worker need try.
     *
     * @param of see above
     * @param reason the kind
     * @param message one line
     */
    record Failed(Of of, GenerationException.Reason reason, String message) implements Attempt {
        @Override
        public String type() {
            return "failed";
        }

        @Override
        public void write(ObjectNode json) {
            put(json, of);
            json.put("reason", reason.label()).put("message", message);
        }
    }

    /**
     * The worker ends and gives the order back. It does not count as a try.
     *
     * @param of see above
     */
    record Returned(Of of) implements Attempt {
        @Override
        public String type() {
            return "returned";
        }

        @Override
        public void write(ObjectNode json) {
            put(json, of);
        }
    }

    private static void put(ObjectNode json, Of of) {
        json.put("job", of.job())
                .put("attempt", of.attempt())
                .put("worker", of.worker())
                .put("workerName", of.workerName());
    }

    /** Reads one of them. */
    static Attempt read(String type, Fields fields) throws WireException {
        Of of = new Of(fields.id("job"), fields.id("attempt"), fields.id("worker"), fields.name("workerName"));
        return switch (type) {
            case "started" -> new Started(of);
            case "progress" -> new Progress(of, progress(fields));
            case "finished" -> new Finished(of, fields.text("produced"), fields.list("files", File::read));
            case "failed" ->
                new Failed(of, fields.option("reason", GenerationException.Reason.values()), fields.line("message"));
            default -> new Returned(of);
        };
    }

    private static GenerationProgress progress(Fields fields) throws WireException {
        return new GenerationProgress(
                fields.option("stage", GenerationProgress.Stage.values()),
                fields.integer("done", 0, Integer.MAX_VALUE),
                fields.integer("total", 1, Integer.MAX_VALUE));
    }
}
