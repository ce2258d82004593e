package org.patchreel.impl.batch;

import org.patchreel.api.GenerationRequest;

/**
 * One clip of a batch.
 *
 * @param name of its files, without an extension
 * @param id of its job and asset; the same table gives the same ID, so that a clip is made once
 * @param request what to generate, with a seed
 */
public record BatchItem(String name, String id, GenerationRequest request) {}
