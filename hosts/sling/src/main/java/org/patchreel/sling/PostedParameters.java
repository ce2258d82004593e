package org.patchreel.sling;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.sling.api.request.RequestParameter;
import org.apache.sling.api.request.RequestParameterMap;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.api.Storyboard;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.StepPayload;

/**
 * The parameters of a request. A picture or clip, and a storyboard, may be a file of a {@code multipart/form-data} request.
 *
 * @param texts by name; a file's value names it for {@link #payload}
 * @param files by name
 */
record PostedParameters(Map<String, String> texts, Map<String, RequestParameter> files) {

    /** The argument that names a storyboard. */
    private static final String STORYBOARD = "storyboard";

    /** Begins the value that stands for a file; no path in the repository begins so. */
    private static final String FILE = "posted:";

    /**
     * Reads them, without those that are for Sling itself.
     *
     * @throws IllegalArgumentException if one appears more than once, or is a file and must not be one
     */
    static PostedParameters of(RequestParameterMap given) {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, RequestParameter> files = new LinkedHashMap<>();
        given.forEach((name, values) -> {
            if (name.startsWith(":") || name.equals("_charset_")) {
                return;
            }
            if (values.length != 1) {
                throw new IllegalArgumentException("the parameter " + name + " appears " + values.length + " times");
            }
            if (values[0].isFormField()) {
                texts.put(name, values[0].getString());
            } else if (!name.equals(STORYBOARD) && !GenerateClipInput.isMedia(name)) {
                throw new IllegalArgumentException("the parameter " + name + " is a file; files can be "
                        + String.join(", ", GenerateClipInput.MEDIA_NAMES) + ", character.NAME, " + STORYBOARD);
            } else if (values[0].getSize() > 0 || !fileName(values[0], "").isEmpty()) {
                // A form whose user has chosen no file sends an empty one without a name.
                texts.put(name, FILE + name);
                files.put(name, values[0]);
            }
        });
        return new PostedParameters(texts, files);
    }

    /** {@return a payload that has these files, and all else of another one} */
    StepPayload payload(StepPayload other) {
        return new StepPayload() {
            @Override
            public Optional<String> property(String name) throws IOException {
                return other.property(name);
            }

            @Override
            public Optional<String> text(Optional<String> path) throws IOException {
                @Nullable RequestParameter file = files.get(STORYBOARD);
                return file != null && path.equals(Optional.of(FILE + STORYBOARD))
                        ? Optional.of(storyboard(file))
                        : other.text(path);
            }

            @Override
            public Optional<Media> media(Optional<String> path, SourceStore store) throws IOException {
                String name = path.filter(text -> text.startsWith(FILE))
                        .map(text -> text.substring(FILE.length()))
                        .orElse("");
                @Nullable RequestParameter file = files.get(name);
                if (file == null) {
                    return other.media(path, store);
                }
                try (InputStream in = file.getInputStream()) {
                    if (in == null) {
                        throw new IOException("the file " + name + " was not sent");
                    }
                    return Optional.of(store.put(in, fileName(file, name)));
                }
            }
        };
    }

    /** UTF-8, at most one character more than a storyboard may have. */
    private static String storyboard(RequestParameter file) throws IOException {
        try (InputStream in = file.getInputStream()) {
            if (in == null) {
                throw new IOException("the file " + STORYBOARD + " was not sent");
            }
            char[] text = new char[Storyboard.MAX_LENGTH + 1];
            Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
            int length = 0;
            for (int n = 0; n >= 0 && length < text.length; n = reader.read(text, length, text.length - length)) {
                length += n;
            }
            return new String(text, 0, length);
        }
    }

    /** Some browsers have sent the whole path. */
    private static String fileName(RequestParameter file, String standard) {
        String sent = file.getFileName() == null ? "" : file.getFileName();
        String name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
        return name.isBlank() ? standard : name;
    }
}
