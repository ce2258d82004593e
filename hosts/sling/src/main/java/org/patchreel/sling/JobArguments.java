package org.patchreel.sling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sling.event.jobs.Job;
import org.patchreel.api.Media;
import org.patchreel.api.Requester;
import org.patchreel.workflow.GenerateClipInput;

/**
 * The properties of a Sling job of the topic {@value #TOPIC}. They are the step's arguments by their names in {@link
 * GenerateClipInput}, and the payload that fills placeholders:
 *
 * <ul>
 *   <li>{@value #PAYLOAD_PATH}: a path in the repository, read by the service user
 *   <li>{@code payload.NAME}: the property NAME of the payload, given with the job; wins over the one at the path
 * </ul>
 *
 * A picture or clip is a path in the repository, read by the service user, or a file that was put into the source store before:
 * {@code upload:SHA-256/NAME}. {@value #USER} says who asks; without it nobody is known. Names that begin with those of {@link #FOREIGN} are Sling's own, or the caller's.
 */
final class JobArguments {

    static final String TOPIC = "org/patchreel/generate";

    static final String PAYLOAD = "payload.";
    static final String PAYLOAD_PATH = PAYLOAD + "path";

    /** Where the clip goes, if somebody asks for the job's state: only who may write there gets an answer. */
    static final String TARGET = "patchreel.folder";

    /** Who asks for the clip: a user's ID in the repository. */
    static final String USER = "patchreel.user";

    private static final Pattern UPLOAD = Pattern.compile("upload:([0-9a-f]{64})/(.+)", Pattern.DOTALL);

    private static final List<String> FOREIGN = List.of("event.", "slingevent:", "sling:", "jcr:", "patchreel.", ":");

    private JobArguments() {}

    /**
     * Reads the step's arguments.
     *
     * @throws IllegalArgumentException if one is unknown or malformed
     */
    static GenerateClipInput input(Job job) {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String name : new TreeSet<>(job.getPropertyNames())) {
            if (!name.startsWith(PAYLOAD) && FOREIGN.stream().noneMatch(name::startsWith)) {
                arguments.put(name, String.valueOf(job.getProperty(name)));
            }
        }
        return GenerateClipInput.of(arguments);
    }

    /** {@return the value that stands for a file in the source store} */
    static String reference(Media.Upload file) {
        return "upload:" + file.sha256() + "/" + file.name();
    }

    /**
     * The property of a payload that stands for a picture or clip which a storyboard names, and which was put into the source
     * store before.
     *
     * @param path as the storyboard has it
     * @return its name, without {@value #PAYLOAD}; its value is a {@link #reference}
     */
    static String mediaProperty(String path) {
        return "media." + digest(path);
    }

    /** {@return the file that a value stands for; empty if it is no such value} */
    static Optional<Media> upload(String reference) {
        return Optional.of(UPLOAD.matcher(reference))
                .filter(Matcher::matches)
                .map(matcher -> new Media.Upload(matcher.group(1), matcher.group(2)));
    }

    /** {@return who asks for the clip, as whoever has queued the job says} */
    static Requester requester(Job job) {
        return Optional.ofNullable(job.getProperty(USER))
                .map(String::valueOf)
                .filter(user -> !user.isBlank())
                .map(Requester::of)
                .orElse(Requester.UNKNOWN);
    }

    /** {@return the property of the payload that came with the job} */
    static Optional<String> payloadProperty(Job job, String name) {
        return Optional.ofNullable(job.getProperty(PAYLOAD + name)).map(String::valueOf);
    }

    /** {@return the payload's path, if the job has one} */
    static Optional<String> payloadPath(Job job) {
        return payloadProperty(job, "path");
    }

    /**
     * The ID of the clip of a job. A job keeps its ID when it is tried again and after a restart, and so leads to the same
     * clip.
     *
     * @param jobId Sling's, for example {@code 2026/11/24/11/50/0a1b…_7}
     * @return 128 bits of its SHA-256 in hexadecimal digits
     */
    static String assetId(String jobId) {
        return digest(jobId);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
