package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.impl.media.LumaListener;
import org.patchreel.spi.Watermarker;

/** Collects what marks are looked for in, while a file is decoded that others read, too. Used by one thread. */
public interface MarkReader extends LumaListener {

    /**
     * Looks for marks, after the last frame. Called once.
     *
     * @param file for messages
     * @param expected as for {@link Watermarker#detect(Path, Collection)}
     * @return as that
     * @throws IOException as that
     */
    List<Mark> marks(Path file, Collection<String> expected) throws IOException;
}
