package org.patchreel.runtime.weights;

import java.util.List;

/**
 * An entry of a safetensors header, checked.
 *
 * @param type as the header names it; one of {@link SafetensorsFile}'s known types, not always a {@link WeightType}
 * @param position of its first byte, from the start of the file
 * @param length in bytes
 */
record StoredTensor(String name, String type, List<Long> shape, long position, long length) {}
