/**
 * Patchreel in <a href="https://sling.apache.org">Apache Sling</a>: clips are kept in the repository ({@link
 * org.patchreel.sling.SlingAssetStore}), and generation is a Sling job ({@link
 * org.patchreel.sling.GenerateJobExecutor}, the class to read first), which a {@code POST} queues ({@link
 * org.patchreel.sling.GenerateServlet}).
 */
@NullMarked
package org.patchreel.sling;

import org.jspecify.annotations.NullMarked;
