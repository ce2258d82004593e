package org.patchreel.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A network with its inputs, ready to be run again and again. For one thread. */
sealed interface Stage extends AutoCloseable permits DenoisingStage, DecodingStage {

    /**
     * Does what a generation does once before it runs the network many times.
     *
     * @param scope will own what is prepared
     */
    void prepare(NDManager scope);

    /**
     * Runs the network once. What was prepared must still be open.
     *
     * @param scope will own the result
     */
    NDArray run(NDManager scope) throws Exception;

    @Override
    void close();
}
