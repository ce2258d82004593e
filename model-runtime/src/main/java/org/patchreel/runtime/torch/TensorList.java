package org.patchreel.runtime.torch;

import ai.djl.pytorch.jni.IValue;

/** A list of tensors that stays on the native side between two calls. */
public final class TensorList implements AutoCloseable {
    private final IValue value;

    TensorList(IValue value) {
        this.value = value;
    }

    IValue value() {
        return value;
    }

    /** Frees the tensors unless something else holds them. */
    @Override
    public void close() {
        value.close();
    }
}
