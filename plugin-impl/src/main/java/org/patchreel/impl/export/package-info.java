/**
 * Handing clips over to editors: a folder with the clips' media, a timeline in the formats that editing systems read, and a
 * sidecar for each clip.
 *
 * <p>Read {@link org.patchreel.impl.export.Exporter} first. A {@link org.patchreel.impl.export.Timeline} is what all
 * formats are written from: which medium stands where, in whole frames. A format is a class that makes text of it.
 */
@NullMarked
package org.patchreel.impl.export;

import org.jspecify.annotations.NullMarked;
