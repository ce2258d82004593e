package org.patchreel.sling;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.List;
import java.util.Optional;
import javax.jcr.Binary;
import javax.jcr.Node;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
import org.patchreel.api.Storyboard;
import org.patchreel.workflow.StepPayload;

/**
 * A node of the repository as a step's payload. A property is looked for in {@code jcr:content/metadata}, in {@code
 * jcr:content} and in the node itself; a text asset is an {@code nt:file} of one of the media types of {@link StepPayload#isText}, in UTF-8; a picture
 * or clip is an {@code nt:file}.
 *
 * @param session reads; what it may not read is not there
 * @param path of the payload, if there is one
 */
record NodePayload(Session session, Optional<String> path) implements StepPayload {

    private static final List<String> PLACES = List.of("jcr:content/metadata/", "jcr:content/", "");

    private static final String DATA = "jcr:content/jcr:data";

    private static final List<String> TITLES = List.of("dc:title", "jcr:title");

    @Override
    public Optional<String> property(String name) throws IOException {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Node> node = node(path.get());
            if (node.isEmpty()) {
                throw new IOException(
                        "there is no payload " + path.get() + ", or " + session.getUserID() + " may not read it");
            }
            for (String each : name.equals("title") ? TITLES : List.of(name)) {
                for (String place : PLACES) {
                    Optional<String> value = MetadataNode.optional(node.get(), place + each);
                    if (value.isPresent()) {
                        return value;
                    }
                }
            }
            return Optional.empty();
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(path.get(), e);
        }
    }

    @Override
    public Optional<String> text(Optional<String> asset) throws IOException {
        Optional<String> where = asset.or(() -> path);
        try {
            Optional<Node> node = where.isEmpty() ? Optional.empty() : node(where.get());
            if (node.isEmpty() || !node.get().hasProperty(DATA)) {
                return Optional.empty();
            }
            boolean isText = MetadataNode.optional(node.get(), "jcr:content/jcr:mimeType")
                    .filter(StepPayload::isText)
                    .isPresent();
            return isText ? Optional.of(read(node.get())) : Optional.empty();
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(where.orElse("/"), e);
        }
    }

    @Override
    public Optional<Media> media(Optional<String> asset, SourceStore store) throws IOException {
        Optional<String> where = asset.or(() -> path);
        try {
            Optional<Node> node = where.isEmpty() ? Optional.empty() : node(where.get());
            if (node.isEmpty() || !node.get().hasProperty(DATA)) {
                return Optional.empty();
            }
            Binary data = node.get().getProperty(DATA).getBinary();
            try (InputStream in = data.getStream()) {
                return Optional.of(store.put(in, node.get().getName()));
            } finally {
                data.dispose();
            }
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(where.orElse("/"), e);
        }
    }

    private static String read(Node file) throws RepositoryException, IOException {
        Binary data = file.getProperty(DATA).getBinary();
        try (InputStream in = data.getStream();
                Reader reader = new InputStreamReader(in, UTF_8)) {
            char[] text = new char[Storyboard.MAX_LENGTH + 1];
            int length = 0;
            for (int count = 0; count >= 0 && length < text.length; length += Math.max(count, 0)) {
                count = reader.read(text, length, text.length - length);
            }
            return new String(text, 0, length);
        } finally {
            data.dispose();
        }
    }

    private Optional<Node> node(String where) throws RepositoryException {
        return where.startsWith("/") && session.nodeExists(where)
                ? Optional.of(session.getNode(where))
                : Optional.empty();
    }
}
