package org.patchreel.web.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Answers that a client need not load again which has them (RFC 9110, section 13). */
public final class Conditional {

    private static final int TAG_BYTES = 16;

    /** A client may keep the answer, and asks each time whether it still holds. */
    private static final String CACHE = "private, no-cache";

    private Conditional() {}

    /** {@return an entity tag for some bytes} */
    public static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return whether the client has what a tag stands for} */
    public static boolean isKnown(Request request, String tag) {
        Optional<String> known = request.header("If-None-Match");
        return known.isPresent()
                && Arrays.stream(known.get().split(",", -1))
                        .map(each -> each.strip().replaceFirst("^W/", ""))
                        .anyMatch(each -> each.equals("*") || each.equals(tag));
    }

    /** {@return the answer with a tag, or 304 if the client has it} */
    public static Response answer(Request request, Response answer) {
        String tag = tag(answer.bytes());
        return tagged(isKnown(request, tag) ? Response.empty(304) : answer, tag);
    }

    /** {@return the answer with a tag} */
    public static Response tagged(Response answer, String tag) {
        return answer.with("ETag", tag).with("Cache-Control", CACHE);
    }
}
