package org.patchreel.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a folder or file is that may be a model.
 *
 * @param kind of it
 * @param what it is, for people
 * @param model what it can do; empty for what is no checkpoint, or one whose configuration files cannot be read
 * @param problems why it will not run, a line each; none for a checkpoint that will load, and for a LoRA that fits a model
 * @param notes what else an operator should know, a line each: files that are not used, models that a LoRA fits
 * @param memory that a clip of the default format takes, for each way to run it; of a checkpoint that will load
 */
public record CheckpointReport(
        Kind kind,
        String what,
        Optional<ModelCapabilities> model,
        List<String> problems,
        List<String> notes,
        List<Memory> memory) {

    /** The kinds. */
    public enum Kind {
        /** All that a model consists of. */
        CHECKPOINT,
        /** A component of one. */
        PART,
        /** A LoRA. */
        ADAPTER,
        /** Nothing that is known. */
        UNKNOWN
    }

    /**
     * Memory of the device.
     *
     * @param device {@code cpu} or {@code cuda}
     * @param precision {@code fp32} or {@code bf16}
     * @param weightBytes of all components in memory; on a CPU most are pages of the mapped files
     * @param workingBytes that sampling and decoding take beside them, an estimate from the sizes of the largest tensors
     */
    public record Memory(String device, String precision, long weightBytes, long workingBytes) {}

    /** Copies the lists. */
    public CheckpointReport {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
        memory = List.copyOf(memory);
    }

    /** {@return whether it can be used as it is} */
    public boolean runs() {
        return problems.isEmpty() && (kind == Kind.CHECKPOINT || kind == Kind.ADAPTER);
    }

    /** {@return the report as named values, for programs: texts, numbers, truth values, lists and maps of them} */
    public Map<String, Object> values() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind.name().toLowerCase(Locale.ROOT));
        json.put("what", what);
        json.put("runs", runs());
        json.put("problems", problems);
        json.put("notes", notes);
        List<Object> needs = new ArrayList<>();
        for (Memory each : memory) {
            Map<String, Object> need = new LinkedHashMap<>();
            need.put("device", each.device());
            need.put("precision", each.precision());
            need.put("weightBytes", each.weightBytes());
            need.put("workingBytes", each.workingBytes());
            needs.add(need);
        }
        json.put("memory", needs);
        model.ifPresent(known -> json.put("model", known.values()));
        return json;
    }
}
