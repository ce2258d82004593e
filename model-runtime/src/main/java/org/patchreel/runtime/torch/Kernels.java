package org.patchreel.runtime.torch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels that networks call, the fast ones except where they give wrong numbers on this machine: those are replaced
 * by their slow twins when a network is loaded.
 */
public final class Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
    private static final String PREFIX = "__torch__.kernels.";
    private static final Map<Placement, Kernels> CHECKED = new HashMap<>();

    private final String source;
    private final Set<Kernel> slow;

    private Kernels(String source, Set<Kernel> slow) {
        this.source = source;
        this.slow = slow;
    }

    /**
     * The kernels for a placement, compared with slow ones by the first call in a process, unless another process did so on
     * this machine. Loads the engine.
     */
    public static synchronized Kernels of(Placement placement) {
        return CHECKED.computeIfAbsent(placement, Kernels::checkOrRecall);
    }

    /**
     * Compares kernels with slow ones.
     *
     * @param source as {@code kernels.py}
     * @param placement where, and in which precision
     * @return the fast ones, or the slow ones in place of those that are wrong
     */
    public static Kernels check(String source, Placement placement) {
        Kernels fast = fast(source);
        try (KernelCheck check = new KernelCheck(fast, placement)) {
            return new Kernels(source, check.faults());
        }
    }

    /** The fast ones, whatever they give. */
    static Kernels fast(String source) {
        return new Kernels(source, Set.of());
    }

    /**
     * What {@link #fault} is, as far as this process or an earlier one knows it: loads nothing.
     *
     * @param placement where, and in which precision
     */
    public static synchronized Optional<String> knownFault(Placement placement) {
        Kernels checked = CHECKED.get(placement);
        if (checked != null) {
            return checked.fault();
        }
        String source = ScriptModule.source("kernels.py");
        return record(placement, source).flatMap(KernelRecord::read).flatMap(slow -> new Kernels(source, slow).fault());
    }

    private static Optional<KernelRecord> record(Placement placement, String source) {
        return TorchEngine.cache().map(cache -> KernelRecord.of(cache, placement, source));
    }

    private static Kernels checkOrRecall(Placement placement) {
        String source = ScriptModule.source("kernels.py");
        Optional<KernelRecord> file = record(placement, source);
        Optional<Set<Kernel>> recalled = file.flatMap(KernelRecord::read);
        Kernels kernels = recalled.map(slow -> new Kernels(source, slow)).orElseGet(() -> check(source, placement));
        if (recalled.isEmpty()) {
            file.ifPresent(record -> record.write(kernels.slow));
        }
        kernels.fault().ifPresent(fault -> LOG.warn("{}", fault));
        return kernels;
    }

    /** {@return which kernels are slow and why, in one line; empty if all are fast} */
    public Optional<String> fault() {
        return slow.isEmpty()
                ? Optional.empty()
                : Optional.of(slow.stream().sorted().map(Kernel::label).collect(Collectors.joining(", "))
                        + " by slow code: the engine's fast code gives wrong numbers on this processor");
    }

    String source() {
        return source;
    }

    /** A network's source, calling the slow twins where the fast kernels are wrong. */
    String select(String network) {
        String selected = network;
        for (Kernel kernel : slow) {
            selected = selected.replace(PREFIX + kernel.function() + "(", PREFIX + "slow_" + kernel.function() + "(");
        }
        return selected;
    }
}
