package org.patchreel.impl.media;

import java.nio.file.Path;

/**
 * A clip that stands whole at the beginning or the end of the one that is encoded. Its frames are among those that come; where the
 * file allows it, its coded frames are copied in their place.
 *
 * @param file the clip, from anywhere
 * @param first where its first frame stands, counted from 0
 * @param frames how many of them there are, 1 or more
 */
public record KeptClip(Path file, int first, int frames) {}
