package org.patchreel.web.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Reviews;
import org.patchreel.api.VideoGenerator;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;

/** What people decide of assets. */
final class ReviewResources {

    private final VideoGenerator generator;
    private final Reviews reviews;
    private final Incoming incoming;

    /**
     * Creates the operations.
     *
     * @param generator knows the assets
     * @param reviews keep the decisions
     * @param incoming takes what is sent
     */
    ReviewResources(VideoGenerator generator, Reviews reviews, Incoming incoming) {
        this.generator = generator;
        this.reviews = reviews;
        this.incoming = incoming;
    }

    Response put(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        Fields fields = new Fields(RequestJson.tree(JobResources.json(request, incoming)), "");
        String decision = fields.required(fields.text("decision"), "decision");
        Optional<String> reason = fields.text("reason");
        fields.refuseOthers();
        String id = request.segment(1);
        if (!AssetId.isValid(id) || generator.asset(id).isEmpty()) {
            throw new Refusal(404, "no such asset").at("id");
        }
        try {
            AssetMetadata reviewed = switch (decision) {
                case "approved" -> reviews.approve(id, caller.name(), reason);
                case "rejected" -> reviews.reject(id, caller.name(), fields.required(reason, "reason"));
                default ->
                    throw new Refusal(422, "/decision must be approved or rejected: " + decision).at("/decision");
            };
            Map<String, Object> json = new LinkedHashMap<>();
            Map<String, Object> facts = AssetFacts.of(reviewed).values();
            for (String name : new String[] {
                AssetFacts.REVIEW, AssetFacts.REVIEWED_BY, AssetFacts.REVIEWED_AT, AssetFacts.REVIEW_REASON
            }) {
                Optional.ofNullable(facts.get(name)).ifPresent(value -> json.put(name, value));
            }
            return Response.json(json);
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new Refusal(409, String.valueOf(e.getMessage()));
        }
    }
}
