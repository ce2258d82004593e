package org.patchreel.aem;

import com.day.cq.dam.api.Asset;
import com.day.cq.dam.api.Rendition;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.sling.api.resource.Resource;
import org.apache.sling.api.resource.ResourceResolver;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.api.Storyboard;
import org.patchreel.workflow.StepPayload;

/** The asset, folder or page that a workflow works on. */
final class DamPayload implements StepPayload {

    private static final String CONTENT = "jcr:content";

    private final ResourceResolver resolver;
    private final String path;

    /**
     * Creates one; nothing is read yet.
     *
     * @param resolver of the workflow's session
     * @param path of the payload; launchers also name nodes below an asset, which then count as the asset
     */
    DamPayload(ResourceResolver resolver, String path) {
        this.resolver = resolver;
        this.path = path;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Looked for in an asset's metadata, or in the content of a folder or page; a path relative to there is possible. {@code
     * title} is {@code dc:title}, else {@code jcr:title}.
     */
    @Override
    public Optional<String> property(String name) throws IOException {
        Resource payload = payload();
        Stream<String> names = name.equals("title") ? Stream.of("dc:title", "jcr:title") : Stream.of(name);
        return names.flatMap(key -> Stream.of(CONTENT + "/metadata/" + key, CONTENT + "/" + key, key))
                .map(key -> first(payload, key))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public Optional<String> text(Optional<String> asset) throws IOException {
        @Nullable Resource resource = asset.isEmpty() ? payload() : resolver.getResource(asset.get());
        @Nullable Asset found = resource == null ? null : resource.adaptTo(Asset.class);
        if (found == null || !StepPayload.isText(String.valueOf(found.getMimeType()))) {
            return Optional.empty();
        }
        @Nullable Rendition original = found.getOriginal();
        if (original == null) {
            return Optional.empty();
        }
        try (InputStream bytes = original.getStream();
                Reader reader = new InputStreamReader(bytes, StandardCharsets.UTF_8)) {
            char[] text = new char[Storyboard.MAX_LENGTH + 1];
            int length = 0;
            for (int n = 0; n >= 0 && length < text.length; n = reader.read(text, length, text.length - length)) {
                length += n;
            }
            return Optional.of(withoutByteOrderMark(new String(text, 0, length)));
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The original of an asset.
     */
    @Override
    public Optional<Media> media(Optional<String> asset, SourceStore store) throws IOException {
        @Nullable Resource resource = asset.isEmpty() ? payload() : resolver.getResource(asset.get());
        @Nullable Asset found = resource == null ? null : resource.adaptTo(Asset.class);
        @Nullable Rendition original = found == null ? null : found.getOriginal();
        if (found == null || original == null) {
            return Optional.empty();
        }
        try (InputStream bytes = original.getStream()) {
            return Optional.of(store.put(bytes, found.getName()));
        }
    }

    /**
     * {@return the folder of the payload, or the payload if it is a folder}
     *
     * @throws IOException if the payload is not there
     */
    String folder() throws IOException {
        Resource payload = payload();
        @Nullable Resource parent = payload.getParent();
        return payload.adaptTo(Asset.class) == null || parent == null ? payload.getPath() : parent.getPath();
    }

    private Resource payload() throws IOException {
        @Nullable Resource given = resolver.getResource(path);
        if (given == null) {
            throw new IOException(path + " is not there, or " + resolver.getUserID() + " may not read it");
        }
        for (@Nullable Resource at = given; at != null; at = at.getParent()) {
            if (at.adaptTo(Asset.class) != null) {
                return at;
            }
        }
        return given;
    }

    private static Optional<String> first(Resource payload, String key) {
        String @Nullable [] values = payload.getValueMap().get(key, String[].class);
        return values == null || values.length == 0 ? Optional.empty() : Optional.of(values[0]);
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
