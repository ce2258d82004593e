package org.patchreel.impl.admin;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;

/** An asset in words and in JSON. */
final class AssetView {

    /** Facts that the summary has under other names. */
    private static final Set<String> FRAMES =
            Set.of("frameCount", "generatedWidth", "generatedHeight", "generatedFrameCount", "generatedFrameRate");

    private final StoredAsset asset;

    AssetView(StoredAsset asset) {
        this.asset = asset;
    }

    /** {@return the asset} */
    StoredAsset asset() {
        return asset;
    }

    /** {@return the clip's file, if the store keeps it in one} */
    Optional<Path> clip() {
        URI location = asset.reference().location();
        return "file".equals(location.getScheme()) ? Optional.of(Path.of(location)) : Optional.empty();
    }

    /** {@return the clip's file or else its address in the store} */
    String location() {
        return clip().map(Path::toString)
                .orElseGet(() -> asset.reference().location().toString());
    }

    /** {@return {@code 320x320, 17 frames at 8 fps, 2.125 s}; of a still, {@code 320x320 pixels}} */
    String format() {
        var format = asset.metadata().format();
        if (asset.metadata().kind() == OutputKind.STILL) {
            return format.size() + " pixels";
        }
        return String.format(Locale.ROOT, "%s, %.3f s", format, format.seconds());
    }

    /** {@return the format that the model made and how it was converted; empty if the clip has that format} */
    Optional<String> origin() {
        AssetMetadata metadata = asset.metadata();
        VideoFormat made = metadata.generated();
        VideoFormat clip = metadata.format();
        List<String> steps = new ArrayList<>();
        if (!made.size().equals(clip.size())) {
            steps.add("scaled to " + clip.size());
        }
        if (made.frameRate().nominal() != clip.frameRate().nominal()) {
            String how = made.frameRate().compareTo(clip.frameRate()) > 0
                            && metadata.frameInterpolation() == FrameInterpolation.REPEAT
                    ? "thinned out to "
                    : metadata.frameInterpolation() == FrameInterpolation.BLEND ? "blended to " : "repeated to ";
            steps.add(how + clip.frameRate() + " fps");
        } else if (!made.frameRate().equals(clip.frameRate())) {
            steps.add("played at " + clip.frameRate() + " fps");
        }
        // frames of shots that pass into each other are not cut off
        if (metadata.shots().isEmpty()
                && made.seconds() > clip.seconds() + clip.frameRate().seconds(1) / 2) {
            steps.add("cut to " + clip.frameCount() + " frames");
        }
        return steps.isEmpty() ? Optional.empty() : Optional.of(made + ": " + String.join(", ", steps));
    }

    /** {@return what a script needs after a generation or in a list} */
    Map<String, Object> summary() {
        AssetMetadata metadata = asset.metadata();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", asset.reference().id());
        json.put("location", asset.reference().location().toString());
        clip().ifPresent(file -> json.put("file", file.toString()));
        if (metadata.kind() != OutputKind.CLIP) {
            json.put("kind", metadata.kind().label());
        }
        put(json, "created", AssetFacts.TITLE, "model", AssetFacts.PROMPT, AssetFacts.EXPANDED_PROMPT);
        json.putAll(frames(metadata.format()));
        json.put("seconds", metadata.format().seconds());
        put(json, AssetFacts.ADAPTERS, "seed", "steps", "guidanceScale", "stepCache", "guidanceMode");
        json.put("generated", frames(metadata.generated()));
        put(json, "frameInterpolation", "notes");
        return json;
    }

    private void put(Map<String, Object> json, String... names) {
        Map<String, Object> facts = AssetFacts.of(asset.metadata()).values();
        for (String name : names) {
            Optional.ofNullable(facts.get(name)).ifPresent(value -> json.put(name, value));
        }
    }

    /** {@return size, number and rate of frames, for programs} */
    static Map<String, Object> frames(VideoFormat format) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("width", format.width());
        json.put("height", format.height());
        json.put("frames", format.frameCount());
        json.put("frameRate", format.frameRate().decimal());
        return json;
    }

    /** {@return all that is known} */
    Map<String, Object> details() {
        AssetMetadata metadata = asset.metadata();
        Map<String, Object> json = summary();
        sibling(AssetFile.POSTER.fileName()).ifPresent(file -> json.put("poster", file.toString()));
        sibling(AssetFile.CONTACT_SHEET.fileName()).ifPresent(file -> json.put("contactSheet", file.toString()));
        sibling(AssetFile.MASTER.fileName()).ifPresent(file -> json.put("master", file.toString()));
        AssetFacts.of(metadata).values().forEach((name, value) -> {
            if (!FRAMES.contains(name)) {
                json.putIfAbsent(name, value);
            }
        });
        json.put(
                AssetFacts.WEIGHTS,
                metadata.model().weights().stream()
                        .collect(Collectors.toMap(
                                WeightFile::path, WeightFile::sha256, (first, second) -> first, LinkedHashMap::new)));
        Map<String, Object> timings = new LinkedHashMap<>();
        metadata.timings().forEach((stage, time) -> timings.put(stage, time.toMillis() / 1000.0));
        json.put(AssetFacts.TIMINGS, timings);
        json.putIfAbsent("watermark", "off");
        json.putIfAbsent("manifest", "off");
        return json;
    }

    private Optional<Path> sibling(String name) {
        return clip().map(file -> file.resolveSibling(name)).filter(Files::isRegularFile);
    }
}
