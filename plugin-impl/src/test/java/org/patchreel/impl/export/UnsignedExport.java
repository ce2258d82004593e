package org.patchreel.impl.export;

import org.patchreel.spi.Settings;

/** An exporter as it is where signing is off, for tests of other packages. */
public final class UnsignedExport {
    private UnsignedExport() {}

    public static Exporter create() {
        return new Exporter(
                () -> false, null, (file, kind, clip) -> clip.provenance().manifest(), new Settings<>(false));
    }
}
