package org.patchreel.impl.admin;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.StoredAsset;

/** An asset in words and in JSON. */
final class AssetView {

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

    /** {@return {@code 320x320, 17 frames at 8 fps, 2.125 s}} */
    String format() {
        var format = asset.metadata().format();
        return String.format(
                Locale.ROOT,
                "%s, %d frames at %d fps, %.3f s",
                format.size(),
                format.frameCount(),
                format.frameRate(),
                format.seconds());
    }

    /** {@return what a script needs after a generation or in a list} */
    Map<String, Object> summary() {
        AssetMetadata metadata = asset.metadata();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", asset.reference().id());
        json.put("location", asset.reference().location().toString());
        clip().ifPresent(file -> json.put("file", file.toString()));
        json.put("created", metadata.created().toString());
        metadata.title().ifPresent(title -> json.put("title", title));
        json.put("model", metadata.model().name());
        json.put("prompt", metadata.prompt());
        json.put("width", metadata.format().width());
        json.put("height", metadata.format().height());
        json.put("frames", metadata.format().frameCount());
        json.put("frameRate", metadata.format().frameRate());
        json.put("seconds", metadata.format().seconds());
        json.put("seed", metadata.sampling().seed());
        json.put("steps", metadata.sampling().steps());
        json.put("guidanceScale", metadata.sampling().guidanceScale());
        return json;
    }

    /** {@return all that is known} */
    Map<String, Object> details() {
        AssetMetadata metadata = asset.metadata();
        Map<String, Object> json = summary();
        sibling(AssetFile.POSTER.fileName()).ifPresent(file -> json.put("poster", file.toString()));
        sibling(AssetFile.CONTACT_SHEET.fileName()).ifPresent(file -> json.put("contactSheet", file.toString()));
        json.put("negativePrompt", metadata.negativePrompt());
        json.put("generatedSize", metadata.generatedSize().toString());
        json.put("codec", metadata.codec());
        json.put("family", metadata.model().family());
        json.put("device", metadata.model().device());
        json.put("precision", metadata.model().precision());
        json.put(
                "weights",
                metadata.model().weights().stream()
                        .collect(Collectors.toMap(
                                WeightFile::path, WeightFile::sha256, (first, second) -> first, LinkedHashMap::new)));
        Map<String, Object> timings = new LinkedHashMap<>();
        metadata.timings().forEach((stage, time) -> timings.put(stage, time.toMillis() / 1000.0));
        json.put("timings", timings);
        json.put("watermark", metadata.provenance().watermarkId().orElse("off"));
        json.put(
                "manifest",
                metadata.provenance().manifest().map(SignedManifest::label).orElse("off"));
        metadata.provenance().manifest().ifPresent(manifest -> json.put("signer", manifest.signer()));
        json.put("version", metadata.version());
        return json;
    }

    private Optional<Path> sibling(String name) {
        return clip().map(file -> file.resolveSibling(name)).filter(Files::isRegularFile);
    }
}
