package org.patchreel.impl.media;

/**
 * To what size frames are scaled. They keep their aspect ratio, and are never enlarged.
 *
 * @param shortSide of the frames, in pixels; smaller frames keep their size
 * @param maxLongSide of the frames, in pixels; frames that would be longer become smaller
 */
public record LumaSize(int shortSide, int maxLongSide) {}
