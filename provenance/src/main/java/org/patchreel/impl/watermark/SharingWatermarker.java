package org.patchreel.impl.watermark;

import org.patchreel.spi.Watermarker;

/** A watermarker that can look for marks in a file that is decoded for others, too. */
public interface SharingWatermarker extends Watermarker {

    /** {@return a reader for one file} */
    MarkReader reader();
}
