package org.patchreel.impl.generator;

import org.patchreel.spi.VideoModel;

/**
 * A request with every choice made.
 *
 * @param model what makes the frames on this machine; a model that is reconfigured meanwhile makes them as it was
 * @param order what to make
 */
record ResolvedRequest(VideoModel model, WorkOrder order) {}
