package org.patchreel.remote;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.StoredAsset;

/** An asset that the generator keeps, whose files are read from there. */
final class RemoteAsset implements StoredAsset {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final RemoteApi api;
    private final AssetMetadata metadata;
    private final Set<String> files;

    private RemoteAsset(RemoteApi api, AssetMetadata metadata, Set<String> files) {
        this.api = api;
        this.metadata = metadata;
        this.files = files;
    }

    /**
     * Finds an asset.
     *
     * @throws RemoteFailure if the generator cannot be asked, or what it answers is damaged
     */
    static Optional<RemoteAsset> find(RemoteApi api, String id) throws RemoteFailure {
        JsonNode json;
        try {
            json = api.json(Call.get(path(id)));
        } catch (RemoteFailure e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        Map<String, Object> facts = MAPPER.convertValue(json, new TypeReference<>() {});
        JsonFields fields = new JsonFields(json, "asset " + id);
        AssetMetadata metadata = fields.made(() -> AssetFacts.of(facts).metadata());
        if (!metadata.id().equals(id)) {
            throw fields.wrong(AssetFacts.ID, id);
        }
        Set<String> files = new HashSet<>();
        for (JsonFields file : fields.objects("files")) {
            files.add(file.text("name"));
        }
        return Optional.of(new RemoteAsset(api, metadata, files));
    }

    private static String path(String id) {
        return "/assets/" + AssetId.check(id);
    }

    /** {@return the name of an asset that the generator keeps} */
    static AssetReference reference(RemoteApi api, String id) {
        return new AssetReference(id, api.address(path(id)));
    }

    @Override
    public AssetReference reference() {
        return reference(api, metadata.id());
    }

    @Override
    public AssetMetadata metadata() {
        return metadata;
    }

    boolean has(AssetFile file) {
        return files.contains(file.fileName());
    }

    /** {@inheritDoc} Reading it to its end fails if these are not the bytes that the generator keeps. */
    @Override
    public SeekableByteChannel open(AssetFile file) throws IOException {
        String path = path(metadata.id()) + "/files/" + file.fileName();
        if (file == AssetFile.MASTER && !has(file)) {
            throw new NoSuchFileException(api.address(path).toString(), null, "the generator hands out no such file");
        }
        try {
            return RemoteFile.open(api, path);
        } catch (RemoteFailure e) {
            if (e.status() == NOT_FOUND || (e.status() == CONFLICT && file == AssetFile.MASTER)) {
                throw new NoSuchFileException(
                        api.address(path).toString(),
                        null,
                        "the generator has no such file, or hands it out to nobody");
            }
            throw e;
        }
    }
}
