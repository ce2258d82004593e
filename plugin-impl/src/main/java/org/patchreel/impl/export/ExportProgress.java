package org.patchreel.impl.export;

/** Receives the progress of an export. */
public interface ExportProgress {

    /**
     * Takes note; called for each frame, on the thread that does the work.
     *
     * @param assetId of the clip that is transcoded
     * @param clip its number, from 1
     * @param clips how many are transcoded
     * @param done frames of it
     * @param total frames of it
     */
    void transcoding(String assetId, int clip, int clips, int done, int total);
}
