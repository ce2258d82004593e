package org.patchreel.impl.handover;

import java.util.LinkedHashMap;
import java.util.Map;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.FrameRate;

/**
 * A clip's file in the folder that is handed over.
 *
 * @param clip what is known of the clip
 * @param fileName within the folder of the media; letters, digits and the extension
 * @param reel name of the reel, as edit decision lists allow it: at most eight capital letters and digits
 * @param start timecode of the first frame; its rate is that of the file
 * @param frames in the file
 */
record Medium(AssetMetadata clip, String fileName, String reel, Timecode start, long frames) {

    /** Folder of the media, relative to the timeline. */
    static final String FOLDER = "media";

    /** IPTC's term for what a model made (<a href="https://cv.iptc.org/newscodes/digitalsourcetype/">NewsCodes</a>). */
    static final String DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    /** {@return frames per second} */
    FrameRate rate() {
        return start.rate();
    }

    /** {@return relative to the timeline, with {@code /}} */
    String path() {
        return FOLDER + "/" + fileName;
    }

    /** {@return what people call the clip} */
    String name() {
        return clip.title().orElse(fileName);
    }

    /** {@return how the clip was made, for metadata that programs read: names as in Patchreel's own JSON, in a fixed order} */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", clip.id());
        clip.title().ifPresent(title -> facts.put("title", title));
        facts.put("prompt", clip.prompt());
        facts.put("negativePrompt", clip.negativePrompt());
        facts.put("model", clip.model().name());
        facts.put("family", clip.model().family());
        facts.put("seed", clip.sampling().seed());
        facts.put("steps", clip.sampling().steps());
        facts.put("guidanceScale", clip.sampling().guidanceScale());
        facts.put("created", clip.created().toString());
        clip.provenance().watermarkId().ifPresent(id -> facts.put("watermark", id));
        clip.provenance().manifest().ifPresent(manifest -> {
            facts.put("manifest", manifest.label());
            facts.put("signer", manifest.signer());
        });
        facts.put("digitalSourceType", DIGITAL_SOURCE_TYPE);
        facts.put("version", clip.version());
        return facts;
    }

    /** {@return how many whole frames of a timeline the file fills, at least one} */
    long framesAt(FrameRate timeline) {
        return Math.max(
                1,
                frames
                        * timeline.numerator()
                        * rate().denominator()
                        / ((long) timeline.denominator() * rate().numerator()));
    }
}
