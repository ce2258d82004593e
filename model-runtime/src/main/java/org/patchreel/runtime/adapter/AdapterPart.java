package org.patchreel.runtime.adapter;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.patchreel.api.Adapter;

/**
 * A file of an adapter that a request has chosen.
 *
 * @param adapter its name and strength
 * @param file its real path
 * @param path relative to the folder of adapters, with {@code /}
 * @param expert the transformers that it changes
 * @param bytes its size
 * @param modified when it was written last: with the size, what tells its content from an earlier one
 */
public record AdapterPart(Adapter adapter, Path file, String path, Expert expert, long bytes, FileTime modified) {}
