package org.patchreel.impl.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetFacts;
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

    /** What leaves with the clip: chosen, since editors pass files on; what is known of the machine stays here. */
    private static final List<String> FACTS = List.of(
            AssetFacts.ID,
            AssetFacts.TITLE,
            AssetFacts.PROMPT,
            AssetFacts.EXPANDED_PROMPT,
            "negativePrompt",
            "model",
            "family",
            "seed",
            "steps",
            "guidanceScale",
            "stepCache",
            "guidanceMode",
            "created",
            "watermark",
            "manifest",
            "signer",
            AssetFacts.SOURCE_TYPE,
            "version");

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
        Map<String, Object> known = AssetFacts.of(clip).values();
        Map<String, Object> facts = new LinkedHashMap<>();
        for (String name : FACTS) {
            Optional.ofNullable(known.get(name)).ifPresent(value -> facts.put(name, value));
        }
        return facts;
    }

    /**
     * A place in the file that is named.
     *
     * @param name for people
     * @param shot what begins there
     * @param start frames of the file before it
     * @param frames of the file that it fills
     */
    record Marker(String name, AssetMetadata.ShotUse shot, long start, long frames) {

        /** {@return what the format has no place of its own for, by the names of Patchreel's JSON} */
        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put(AssetFacts.PROMPT, shot.prompt());
            shot.expandedPrompt().ifPresent(text -> facts.put(AssetFacts.EXPANDED_PROMPT, text));
            facts.put("seed", shot.seed());
            facts.put("opening", shot.opening().label());
            return facts;
        }
    }

    /** {@return where the shots of the clip begin; none if it has but one} */
    List<Marker> markers() {
        List<Marker> markers = new ArrayList<>();
        long repeat = Math.max(1, frames / clip.format().frameCount());
        for (AssetMetadata.ShotUse shot : clip.shots()) {
            markers.add(
                    new Marker("Shot " + (markers.size() + 1), shot, shot.start() * repeat, shot.frames() * repeat));
        }
        return markers;
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
