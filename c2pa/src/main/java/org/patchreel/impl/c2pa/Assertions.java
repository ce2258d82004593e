package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.Rights;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.c2pa.validation.MetadataFields;

/** The assertions that the manifests of generated clips have. */
final class Assertions {
    static final String HARD_BINDING = "c2pa.hash.bmff.v3";

    /** The hard binding of a picture. */
    private static final String DATA_HASH = "c2pa.hash.data";

    /** The head and argument of the largest CBOR number of 32 bits. */
    private static final int MAX_NUMBER_SIZE = 5;

    private static final String INGREDIENT = "c2pa.ingredient.v3";

    private static final String ACTIONS = "c2pa.actions.v2";

    /** Offset of the extended type in a {@code uuid} box with a header of 8 bytes. */
    private static final int UUID_OFFSET = 8;

    private static final String ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia";

    /** RFC 3339, as text. */
    private static final int DATE_TIME_TAG = 0;

    private static final JsonMapper JSON = new JsonMapper();

    private Assertions() {}

    /** The assertion and how a claim or another assertion of the same manifest refers to it. */
    static Map<String, Object> hashedUri(SuperBox assertion) {
        return Map.of("url", "self#jumbf=c2pa.assertions/" + assertion.label(), "hash", assertion.hash());
    }

    /**
     * Binds the manifest to the bytes of its file: all boxes but those that the specification excludes for every file.
     *
     * @param hash SHA-256, 32 bytes
     */
    static SuperBox hardBinding(byte[] hash) {
        return cbor(
                HARD_BINDING,
                Map.of(
                        "alg",
                        "sha256",
                        "hash",
                        hash,
                        "name",
                        "all boxes but the manifest's own",
                        "exclusions",
                        List.of(
                                Map.of(
                                        "xpath",
                                        "/uuid",
                                        "data",
                                        List.of(Map.of("offset", UUID_OFFSET, "value", ManifestBox.extendedType()))),
                                Map.of("xpath", "/ftyp"),
                                Map.of("xpath", "/mfra"))));
    }

    /**
     * Binds the manifest to the bytes of a picture: all but its own (<a
     * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_data_hash">C2PA 2.2,
     * 18.5</a>). The padding makes up for the shorter encodings of smaller lengths: whatever the length, the assertion has the
     * same size.
     *
     * @param hash SHA-256, 32 bytes
     * @param start offset of the manifest in the signed picture
     * @param length of the manifest with what the format puts around it, in bytes
     */
    static SuperBox pictureBinding(byte[] hash, long start, int length) {
        return cbor(
                DATA_HASH,
                Map.of(
                        "alg",
                        "sha256",
                        "hash",
                        hash,
                        "name",
                        "all bytes but the manifest's own",
                        "exclusions",
                        List.of(Map.of("start", start, "length", length)),
                        "pad",
                        new byte[MAX_NUMBER_SIZE - CborWriter.write(length).length]));
    }

    /** {@return a digest for a hard binding} */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * What was done (<a
     * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_actions">C2PA 2.2,
     * 18.13</a>): generated, from these ingredients, watermarked and labelled; or the parent opened, edited by adding generated frames, which
     * are watermarked, another clip placed behind them, and labelled; or the parent opened and transcoded, which leaves its watermark as it
     * is.
     *
     * @param ingredients the assertions of the description's ingredients, in their order
     */
    static SuperBox actions(ManifestDescription description, List<SuperBox> ingredients) {
        List<Object> actions = new ArrayList<>();
        description
                .intent()
                .fold(
                        created -> {
                            Map<String, Object> action = action(description, "c2pa.created");
                            action.put("digitalSourceType", created.sourceType().uri());
                            actions.add(with(action, ingredients));
                            return actions.addAll(marked(description));
                        },
                        continued -> {
                            actions.add(with(
                                    action(description, "c2pa.opened"),
                                    related(description, ingredients, Relationship.PARENT_OF)));
                            Map<String, Object> edited = action(description, "c2pa.edited");
                            edited.put(
                                    "digitalSourceType", continued.sourceType().uri());
                            actions.add(with(edited, related(description, ingredients, Relationship.INPUT_TO)));
                            List<SuperBox> components = related(description, ingredients, Relationship.COMPONENT_OF);
                            if (!components.isEmpty()) {
                                actions.add(with(action(description, "c2pa.placed"), components));
                            }
                            return actions.addAll(marked(description));
                        },
                        transcoded -> {
                            actions.add(with(action(description, "c2pa.opened"), ingredients));
                            return actions.add(action(description, "c2pa.transcoded"));
                        });
        return cbor(ACTIONS, Map.of("actions", actions, "allActionsIncluded", true));
    }

    /** The label is drawn over pictures that are watermarked, by a program, not by a model. */
    private static List<Object> marked(ManifestDescription description) {
        List<Object> actions = new ArrayList<>();
        if (description.softBinding().isPresent()) {
            actions.add(action(description, "c2pa.watermarked.bound"));
        }
        description.label().ifPresent(text -> {
            Map<String, Object> added = action(description, "c2pa.addedText");
            added.put("description", text);
            added.put("digitalSourceType", ALGORITHMIC_MEDIA);
            actions.add(added);
        });
        return actions;
    }

    private static List<SuperBox> related(
            ManifestDescription description, List<SuperBox> ingredients, Relationship relationship) {
        List<SuperBox> related = new ArrayList<>();
        for (int i = 0; i < ingredients.size(); i++) {
            if (description.ingredients().get(i).relationship() == relationship) {
                related.add(ingredients.get(i));
            }
        }
        return related;
    }

    private static Map<String, Object> with(Map<String, Object> action, List<SuperBox> ingredients) {
        if (!ingredients.isEmpty()) {
            action.put(
                    "parameters",
                    Map.of(
                            "ingredients",
                            ingredients.stream().map(Assertions::hashedUri).toList()));
        }
        return action;
    }

    private static Map<String, Object> action(ManifestDescription description, String name) {
        return action(name, description.created(), description.generatorName(), description.generatorVersion());
    }

    private static Map<String, Object> action(String name, Instant when, String agent, String version) {
        return new HashMap<>(Map.of(
                "action",
                name,
                "softwareAgent",
                Map.of("name", agent, "version", version),
                "when",
                new CborWriter.Tagged(
                        DATE_TIME_TAG, when.truncatedTo(ChronoUnit.SECONDS).toString())));
    }

    /**
     * Names the watermark that leads back to this manifest.
     *
     * @param span of the clip that has it; empty for a picture
     */
    static SuperBox softBinding(
            ManifestDescription.SoftBinding binding, Optional<ManifestDescription.SoftBinding.Span> span) {
        Map<String, Object> scope = span.<Map<String, Object>>map(
                        part -> Map.of("timespan", Map.of("start", part.start(), "end", part.end())))
                .orElse(Map.of());
        return cbor(
                "c2pa.soft-binding",
                Map.of(
                        "alg",
                        binding.algorithm(),
                        "pad",
                        new byte[0],
                        "blocks",
                        List.of(Map.of("scope", scope, "value", HexFormat.of().parseHex(binding.id())))));
    }

    /** Says which model made the pictures, and who has watched over it. */
    static SuperBox aiDisclosure(AiDisclosure disclosure) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "modelType",
                "c2pa.types.model",
                "modelName",
                disclosure.modelName(),
                "contentProfile",
                Map.of("humanOversightLevel", disclosure.oversight().label())));
        disclosure.modelIdentifier().ifPresent(identifier -> fields.put("modelIdentifier", identifier));
        return cbor("c2pa.ai-disclosure", fields);
    }

    /**
     * Says that a file with a manifest is open to have something added, and nothing else.
     *
     * @param parent the assertion of the file as it was
     */
    static SuperBox opened(ManifestUpdate update, SuperBox parent) {
        return cbor(
                ACTIONS,
                Map.of(
                        "actions",
                        List.of(with(
                                action(
                                        "c2pa.opened",
                                        update.created(),
                                        update.generatorName(),
                                        update.generatorVersion()),
                                List.of(parent))),
                        "allActionsIncluded",
                        true));
    }

    /**
     * Says which LoRAs changed the model: an assertion of our own, since the specification has none (<a
     * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_entity_specific_namespaces">C2PA
     * 2.2, 6.2</a>).
     */
    static SuperBox adapters(List<AdapterFile> files) {
        return cbor(
                "org.patchreel.adapters",
                Map.of(
                        "adapters",
                        files.stream()
                                .map(file -> Map.of(
                                        "name",
                                        file.adapter().name(),
                                        "strength",
                                        String.valueOf(file.adapter().strength()),
                                        "sha256",
                                        file.file().sha256()))
                                .toList()));
    }

    /**
     * What the requester states of the rights, of which the signer knows no more: a claim gathers it (<a
     * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_claims">C2PA 2.2, 10</a>).
     */
    static SuperBox metadata(Rights rights) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode context = json.putObject("@context");
        if (rights.creator().isPresent() || rights.copyright().isPresent()) {
            context.put("dc", MetadataFields.DC);
        }
        rights.creator().ifPresent(text -> json.putArray(MetadataFields.CREATOR).add(text));
        rights.copyright().ifPresent(text -> json.put(MetadataFields.RIGHTS, text));
        rights.expires().ifPresent(at -> {
            context.put("prism", MetadataFields.PRISM);
            json.put(MetadataFields.EXPIRATION_DATE, at.toString());
        });
        return SuperBox.ofJson(MetadataFields.LABEL, json.toString().getBytes(UTF_8));
    }

    static SuperBox thumbnail(byte[] jpeg) {
        return SuperBox.ofFile("c2pa.thumbnail.claim", "image/jpeg", jpeg);
    }

    /**
     * A file that the clip was made of.
     *
     * @param number from 0; tells the labels of several apart
     * @param manifest its own, empty if it has none
     */
    static SuperBox ingredient(
            ManifestDescription.Ingredient ingredient, int number, Optional<IngredientManifest> manifest) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "dc:title",
                ingredient.title(),
                "dc:format",
                ingredient.mediaType(),
                "relationship",
                ingredient.relationship().label()));
        manifest.ifPresent(own -> {
            fields.put("activeManifest", own.activeManifest());
            fields.put("claimSignature", own.claimSignature());
            fields.put("validationResults", own.validationResults());
            own.softBinding().ifPresent(algorithm -> {
                fields.put("softBindingsMatched", true);
                fields.put("softBindingAlgorithmsMatched", List.of(algorithm));
            });
        });
        return cbor(number == 0 ? INGREDIENT : INGREDIENT + "__" + number, fields);
    }

    private static SuperBox cbor(String label, Map<String, Object> fields) {
        return SuperBox.ofCbor("cbor", label, CborWriter.write(fields));
    }
}
