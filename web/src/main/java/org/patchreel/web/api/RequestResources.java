package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.patchreel.api.Storyboard;
import org.patchreel.api.VideoGenerator;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;

/** What requests and storyboards would become, without a job. */
final class RequestResources {

    /** Bytes of a storyboard: a character has three at most where one is a UTF-16 unit. */
    private static final int MAX_STORYBOARD = 3 * Storyboard.MAX_LENGTH;

    private final VideoGenerator generator;
    private final Incoming incoming;

    /**
     * Creates the operations.
     *
     * @param generator plans, and reads storyboards
     * @param incoming limits bodies
     */
    RequestResources(VideoGenerator generator, Incoming incoming) {
        this.generator = generator;
        this.incoming = incoming;
    }

    Response estimate(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        RequestJson asked = RequestJson.read(JobResources.json(request, incoming));
        return Response.json(
                JobResources.taken(() -> generator.plan(asked.request())).values());
    }

    Response storyboard(Request request, Caller caller) throws IOException, Refusal {
        String name = Parameters.of(request, "name").text("name").orElse("storyboard");
        byte[] body = incoming.bytes(request, MAX_STORYBOARD);
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            return Response.json(StoryboardJson.of(generator.storyboard(name, text)));
        } catch (CharacterCodingException e) {
            throw new Refusal(400, "the body is not text in UTF-8");
        } catch (IllegalArgumentException e) {
            throw new Refusal(422, String.valueOf(e.getMessage()));
        }
    }
}
