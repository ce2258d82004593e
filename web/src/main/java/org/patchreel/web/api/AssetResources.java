package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Review.Decision;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Exports;
import org.patchreel.api.JobSummary;
import org.patchreel.api.Jobs;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.web.http.Conditional;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stored clips and stills, what is known of them, and their files. */
final class AssetResources {

    private static final Logger LOG = LoggerFactory.getLogger(AssetResources.class);

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    /** Assets that one page looks at: each is read from the store. */
    private static final int MAX_LOOKED_AT = 1000;

    /** Files that are sent at the same time; each keeps a thread of the host. */
    private static final int MAX_DOWNLOADS = 32;

    private static final List<String> SUMMARY = List.of(
            AssetFacts.ID,
            "created",
            AssetFacts.TITLE,
            AssetFacts.PROMPT,
            "model",
            "seed",
            "width",
            "height",
            "frameCount",
            "frameRate");

    private final VideoGenerator generator;
    private final Jobs jobs;
    private final Exports exports;
    private final Semaphore downloads = new Semaphore(MAX_DOWNLOADS);

    /**
     * Creates the operations.
     *
     * @param generator knows the assets
     * @param jobs know who asked for them
     * @param exports hand out what is not for everybody
     */
    AssetResources(VideoGenerator generator, Jobs jobs, Exports exports) {
        this.exports = exports;
        this.generator = generator;
        this.jobs = jobs;
    }

    /** Which assets to list. */
    private record Filter(
            List<String> words,
            Optional<String> model,
            Optional<String> requester,
            Optional<Instant> since,
            Optional<Instant> until) {

        boolean takes(AssetMetadata metadata, Optional<String> user) {
            String text = String.join(
                            "\n",
                            metadata.prompt(),
                            metadata.expandedPrompt().orElse(""),
                            metadata.title().orElse(""))
                    .toLowerCase(Locale.ROOT);
            return words.stream().allMatch(text::contains)
                    && model.map(metadata.model().name()::equals).orElse(true)
                    && (requester.isEmpty() || requester.equals(user))
                    && since.map(time -> !metadata.created().isBefore(time)).orElse(true)
                    && until.map(metadata.created()::isBefore).orElse(true);
        }
    }

    Response list(Request request, Caller caller) throws IOException, Refusal {
        Parameters parameters =
                Parameters.of(request, "text", "model", "requester", "since", "until", "limit", "cursor");
        Filter filter = new Filter(
                parameters
                        .text("text")
                        .map(text -> Arrays.asList(
                                text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1)))
                        .orElse(List.of()),
                parameters.text("model"),
                parameters.text("requester"),
                parameters.time("since"),
                parameters.time("until"));
        int limit = parameters.integer("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        Optional<AssetCursor> cursor = parameters.value("cursor", AssetCursor::parse);
        List<String> ids = generator.assets().stream().map(AssetReference::id).toList();
        int i = cursor.map(each -> each.start(ids)).orElse(0);
        if (i < 0) {
            throw new Refusal(410, "the assets behind which this list continued are deleted: begin it again")
                    .at("cursor");
        }
        int end = Math.min(ids.size(), i + MAX_LOOKED_AT);
        List<Object> found = new ArrayList<>();
        for (; i < end && found.size() < limit; i++) {
            summary(ids.get(i), filter).ifPresent(found::add);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("assets", found);
        if (i < ids.size()) {
            json.put("next", AssetCursor.behind(ids, i).toString());
        }
        return Conditional.answer(request, Response.json(json));
    }

    /** {@return an asset as it is listed; empty if the filter does not take it, or it is gone or damaged} */
    private Optional<Map<String, Object>> summary(String id, Filter filter) throws IOException {
        Optional<AssetMetadata> metadata;
        try {
            metadata = generator.asset(id).map(StoredAsset::metadata);
        } catch (IOException e) {
            LOG.warn("Asset {} is not listed: {}", id, e.getMessage());
            return Optional.empty();
        }
        Optional<String> user = requester(id);
        if (metadata.isEmpty() || !filter.takes(metadata.get(), user)) {
            return Optional.empty();
        }
        Map<String, Object> facts = AssetFacts.of(metadata.get()).values();
        Map<String, Object> json = new LinkedHashMap<>();
        SUMMARY.forEach(name -> Optional.ofNullable(facts.get(name)).ifPresent(value -> json.put(name, value)));
        describe(json, metadata.get(), user);
        return Optional.of(json);
    }

    private static void describe(Map<String, Object> json, AssetMetadata metadata, Optional<String> user) {
        json.put("kind", metadata.kind().label());
        json.put("seconds", metadata.format().seconds());
        user.ifPresent(name -> json.put("requester", name));
    }

    /** Metadata do not tell who asked; the job does, as long as it is remembered. */
    private Optional<String> requester(String id) throws IOException {
        return jobs.find(id).flatMap(job -> job.requester().user());
    }

    private StoredAsset find(Request request) throws IOException, Refusal {
        String id = request.segment(1);
        Optional<StoredAsset> asset = AssetId.isValid(id) ? generator.asset(id) : Optional.empty();
        return asset.orElseThrow(AssetResources::noAsset);
    }

    private static Refusal noAsset() {
        return new Refusal(404, "no such asset").at("id");
    }

    Response get(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        StoredAsset asset = find(request);
        AssetMetadata metadata = asset.metadata();
        Map<String, Object> json = new LinkedHashMap<>(AssetFacts.of(metadata).values());
        describe(json, metadata, requester(metadata.id()));
        List<Object> files = new ArrayList<>();
        for (AssetFile file : AssetFile.values()) {
            if (file == AssetFile.MASTER && !mayHaveMaster(metadata, caller)) {
                continue;
            }
            try (SeekableByteChannel open = asset.open(file)) {
                Map<String, Object> each = new LinkedHashMap<>();
                each.put("name", file.fileName());
                each.put("mediaType", file.mediaType());
                each.put("size", open.size());
                files.add(each);
            } catch (NoSuchFileException e) {
                // it has no such file, or not any more
            }
        }
        json.put("files", files);
        return Conditional.answer(request, Response.json(json));
    }

    private static boolean mayHaveMaster(AssetMetadata metadata, Caller caller) {
        return caller.role().includes(Role.EDITOR)
                && metadata.review()
                        .filter(review -> review.decision() == Decision.REJECTED)
                        .isEmpty();
    }

    /** An asset whose job is forgotten is nobody's. */
    Response delete(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        String id = request.segment(1);
        Optional<JobSummary> job = AssetId.isValid(id) ? jobs.find(id) : Optional.empty();
        if (caller.role() != Role.OPERATOR && job.filter(caller::owns).isEmpty()) {
            throw new Refusal(403, "asset " + id + " is not known to be yours: this needs the role operator");
        }
        try {
            if (!generator.delete(id, caller.requester())) {
                throw noAsset();
            }
            return Response.empty(204);
        } catch (UnsupportedOperationException e) {
            throw new Refusal(409, String.valueOf(e.getMessage()));
        }
    }

    Response file(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        StoredAsset asset = find(request);
        AssetFile file = Arrays.stream(AssetFile.values())
                .filter(each -> each.fileName().equals(request.segment(3)))
                .findFirst()
                .orElseThrow(AssetResources::noFile);
        if (file == AssetFile.MASTER) {
            caller.require(Role.EDITOR);
        }
        if (!downloads.tryAcquire()) {
            throw Refusal.busy("other files are being sent: try again");
        }
        Download download;
        try {
            download = new Download(open(asset, file, request, caller), downloads);
        } catch (IOException | RuntimeException | Refusal e) {
            downloads.release();
            if (e instanceof NoSuchFileException) {
                throw noFile();
            }
            throw e;
        }
        boolean sent = false;
        try {
            Response answer = answer(request, asset.metadata(), file, download);
            sent = answer.status() != 304;
            return answer;
        } finally {
            if (!sent) {
                download.close();
            }
        }
    }

    /** A master is handed out, which is recorded, where its bytes are sent. */
    private SeekableByteChannel open(StoredAsset asset, AssetFile file, Request request, Caller caller)
            throws IOException, Refusal {
        if (file != AssetFile.MASTER || request.method().equals("HEAD")) {
            return asset.open(file);
        }
        try {
            return exports.master(asset.metadata().id(), caller.requester());
        } catch (IllegalArgumentException e) {
            throw new Refusal(409, String.valueOf(e.getMessage()));
        }
    }

    private static Refusal noFile() {
        return new Refusal(404, "the asset has no such file").at("name");
    }

    private static Response answer(Request request, AssetMetadata metadata, AssetFile file, Download download)
            throws IOException, Refusal {
        long size = download.size();
        // an approval makes a file longer, and nothing else changes one; an asset stored anew under an old ID has
        // another time
        String tag = Conditional.tag(
                (metadata.id() + " " + metadata.created() + " " + file.fileName() + " " + size).getBytes(UTF_8));
        if (Conditional.isKnown(request, tag)) {
            return Conditional.tagged(Response.empty(304), tag);
        }
        Optional<String> asked = request.header("Range")
                .filter(range -> request.method().equals("GET"))
                .filter(range -> request.header("If-Range").map(tag::equals).orElse(true));
        Optional<ByteRange> range = asked.isPresent() ? ByteRange.parse(asked.get(), size) : Optional.empty();
        ByteRange part = range.orElse(new ByteRange(0, size));
        Response answer =
                Response.part(range.isPresent() ? 206 : 200, file.mediaType(), download, part.start(), part.length());
        range.ifPresent(each -> answer.with("Content-Range", each.header(size)));
        if (ContentDigest.isWanted(request)) {
            answer.with(ContentDigest.HEADER, ContentDigest.of(download));
        }
        return Conditional.tagged(answer, tag)
                .with("Accept-Ranges", "bytes")
                .with("Content-Disposition", "inline; filename=\"" + fileName(metadata, file) + "\"");
    }

    private static String fileName(AssetMetadata metadata, AssetFile file) {
        return metadata.id() + (file == AssetFile.MASTER ? "-master" : "") + file.extension();
    }
}
