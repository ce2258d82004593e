package org.patchreel.runtime.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;

/** A call of a script's method: arguments in their order, then the kind of result, which runs it. */
public final class ScriptCall {
    private final PtSymbolBlock block;
    private final String method;
    private final List<IValue> arguments = new ArrayList<>();
    // those that were made for this call alone
    private final List<IValue> owned = new ArrayList<>();

    ScriptCall(PtSymbolBlock block, String method) {
        this.block = block;
        this.method = method;
    }

    /** Adds a tensor. */
    public ScriptCall with(NDArray tensor) {
        return own(IValue.from((PtNDArray) tensor));
    }

    /** Adds an int. */
    public ScriptCall with(long value) {
        return own(IValue.from(value));
    }

    /** Adds a bool. */
    public ScriptCall with(boolean value) {
        return own(IValue.from(value));
    }

    /** Adds a float. */
    public ScriptCall with(double value) {
        return own(IValue.from(value));
    }

    /** Adds a str. */
    public ScriptCall with(String value) {
        return own(IValue.from(value));
    }

    /** Adds a List[int]. */
    public ScriptCall withInts(long... values) {
        return own(IValue.listFrom(values));
    }

    /** Adds a Dict[str, Tensor]. */
    public ScriptCall with(TensorDictionary tensors) {
        arguments.add(tensors.value());
        return this;
    }

    /** Adds a List[Tensor]. */
    public ScriptCall with(TensorList tensors) {
        arguments.add(tensors.value());
        return this;
    }

    /**
     * Runs a method that returns a tensor.
     *
     * @param scope will own the result
     */
    public NDArray tensor(NDManager scope) {
        try (IValue result = run()) {
            return result.toTensor((PtNDManager) scope);
        }
    }

    /**
     * Runs a method that returns a tensor and a list of tensors.
     *
     * @param scope will own the tensor; the list is the caller's to close
     */
    public TensorAndList tensorAndList(NDManager scope) {
        try (IValue result = run()) {
            IValue[] both = result.toIValueTuple();
            try (IValue tensor = both[0]) {
                return new TensorAndList(tensor.toTensor((PtNDManager) scope), new TensorList(both[1]));
            } catch (RuntimeException e) {
                both[1].close();
                throw e;
            }
        }
    }

    /** Runs a method that returns a list of tensors; the caller closes it. */
    public TensorList list() {
        return new TensorList(run());
    }

    /**
     * What a method with memory returns.
     *
     * @param tensor its result
     * @param list its memory, for the next call
     */
    public record TensorAndList(NDArray tensor, TensorList list) {}

    private ScriptCall own(IValue value) {
        arguments.add(value);
        owned.add(value);
        return this;
    }

    private IValue run() {
        try {
            return IValueUtils.runMethod(block, method, arguments.toArray(new IValue[0]));
        } finally {
            owned.forEach(IValue::close);
        }
    }
}
