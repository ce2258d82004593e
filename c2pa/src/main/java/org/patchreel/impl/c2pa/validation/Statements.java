package org.patchreel.impl.c2pa.validation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborValue.Text;
import org.patchreel.impl.c2pa.validation.JsonValues.NoRoomException;
import org.patchreel.spi.PrintableText;

/**
 * What a manifest says, in plain words. Each sentence names who says it: a valid manifest proves that the signer said it of
 * this file, not that it is true.
 */
final class Statements {
    private static final int MAX = 100;
    private static final int MAX_TEXT = 200;

    /** Characters of JSON: metadata may hold what cameras and people have written, too. */
    private static final int MAX_METADATA = 100_000;

    private static final String TRAINED_MODEL = "trainedAlgorithmicMedia";
    private static final String WITH_TRAINED_MODEL = "compositeWithTrainedAlgorithmicMedia";

    private final ParsedManifest manifest;
    private final String signer;
    private final List<String> sentences;

    private Statements(ParsedManifest manifest, String signer, List<String> sentences) {
        this.manifest = manifest;
        this.signer = signer;
        this.sentences = sentences;
    }

    /**
     * Collects the statements.
     *
     * @param manifests the active one, and those that it is an update of: they are about the same file
     */
    static List<String> of(List<ParsedManifest> manifests) {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < manifests.size(); i++) {
            new Statements(manifests.get(i), i == 0 ? "The signer" : "The signer before the update", sentences)
                    .collect();
        }
        return List.copyOf(sentences);
    }

    private void say(String what) {
        if (sentences.size() < MAX) {
            sentences.add(signer + " says that " + what + ".");
        }
    }

    private static String quoted(String text) {
        return PrintableText.quoted(text, MAX_TEXT);
    }

    private void collect() {
        Claim claim = manifest.claim();
        claim.title().ifPresent(title -> say("the file is called " + quoted(title)));
        for (Dictionary generator : claim.generators()) {
            software(generator).ifPresent(name -> say("this manifest was made by " + name));
            generator
                    .text(GeneratorFields.PROVIDER)
                    .ifPresent(provider -> say("the system that made the file is provided by " + quoted(provider)));
            generator
                    .text(GeneratorFields.DETECTOR)
                    .ifPresent(address -> say("a tool that recognises its files is at " + quoted(address)));
        }
        if (claim.generators().isEmpty()) {
            claim.generatorName().ifPresent(name -> say("this manifest was made by " + quoted(name)));
        }
        for (Assertion actions : manifest.assertions(ActionRules.KIND)) {
            for (Dictionary action : ActionRules.actions(actions)) {
                sayAction(action);
            }
        }
        for (Assertion disclosure : manifest.assertions("c2pa.ai-disclosure")) {
            disclosure.map().ifPresent(this::sayModel);
        }
        manifest.assertions(MetadataFields.LABEL).forEach(this::sayRights);
        manifest.ingredients().values().forEach(this::sayIngredient);
        for (SoftBindings.Bound bound : SoftBindings.of(manifest)) {
            say("the pictures can be recognised by the mark "
                    + quoted(bound.binding().value()) + " of the method "
                    + quoted(bound.binding().algorithm())
                    + bound.timespan()
                            .map(span -> " from " + seconds(span.start()) + " to " + seconds(span.end()) + " s")
                            .orElse(""));
        }
    }

    private static String seconds(long milliseconds) {
        return String.format(Locale.ROOT, "%.3f", milliseconds / 1000.0);
    }

    private static Optional<String> software(Dictionary map) {
        return map.text("name")
                .map(name -> quoted(
                        name + map.text("version").map(version -> " " + version).orElse("")));
    }

    private static String agent(Dictionary action) {
        Optional<CborValue> agent = action.get("softwareAgent");
        Optional<String> name = agent.isEmpty()
                ? Optional.empty()
                : agent.get() instanceof Dictionary map
                        ? software(map)
                        : agent.get() instanceof Text text ? Optional.of(quoted(text.value())) : Optional.empty();
        return name.map(found -> " with " + found).orElse("")
                + action.text("when").map(when -> ", at " + quoted(when)).orElse("");
    }

    private void sayAction(Dictionary action) {
        String name = action.text("action").orElse("");
        String how = agent(action);
        switch (name) {
            case ActionRules.CREATED ->
                say(created(action.text("digitalSourceType").orElse("")) + how);
            case ActionRules.OPENED -> say("another file was opened to make this one" + how);
            case "c2pa.watermarked", "c2pa.watermarked.bound" ->
                say("a watermark was put into the pictures that leads to this manifest" + how);
            case "c2pa.edited" -> say(edited(action.text("digitalSourceType").orElse("")) + how);
            case "c2pa.placed" -> say("another file was put into this one" + how);
            case "c2pa.addedText" ->
                say("text was put into the pictures"
                        + action.text("description")
                                .map(text -> ": " + quoted(text) + ",")
                                .orElse("") + how);
            case "c2pa.transcoded" -> say("the pictures were coded anew" + how);
            case "c2pa.watermarked.unbound" -> say("a watermark was put into the pictures" + how);
            default -> say("this was done with the file: " + quoted(name) + how);
        }
    }

    private static String created(String sourceType) {
        String type = sourceType.substring(sourceType.lastIndexOf('/') + 1);
        return switch (type) {
            case TRAINED_MODEL -> "the file was created by a trained model (generative AI)";
            case WITH_TRAINED_MODEL -> "the file was created in part by a trained model (generative AI)";
            case "" -> "the file was created";
            default -> "the file was created, of the digital source type " + quoted(type);
        };
    }

    private static String edited(String sourceType) {
        String type = sourceType.substring(sourceType.lastIndexOf('/') + 1);
        return "the pictures were edited"
                + switch (type) {
                    case TRAINED_MODEL -> ", and come from a trained model (generative AI)";
                    case WITH_TRAINED_MODEL -> ", and come in part from a trained model (generative AI)";
                    case "" -> "";
                    default -> ", and are of the digital source type " + quoted(type);
                };
    }

    private void sayModel(Dictionary disclosure) {
        disclosure.text("modelName").ifPresent(model -> say("the model is " + quoted(model)));
        disclosure
                .dictionary("contentProfile")
                .flatMap(profile -> profile.text("humanOversightLevel"))
                .ifPresent(level -> say(oversight(level)));
    }

    /** Whatever is not of the usual form is passed over: anything may stand in such an assertion. */
    private void sayRights(Assertion metadata) {
        Optional<ByteBuffer> content = metadata.box().content(0, "json");
        if (content.isEmpty()) {
            return;
        }
        try {
            if (new JsonValues(MAX_METADATA).json(content.get()) instanceof Map<?, ?> fields) {
                String stated = Stream.of(
                                right("creator", fields.get(MetadataFields.CREATOR)),
                                right("copyright", fields.get(MetadataFields.RIGHTS)),
                                right("expires", fields.get(MetadataFields.EXPIRATION_DATE)))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(", "));
                if (!stated.isEmpty()) {
                    say("these rights were stated: " + stated);
                }
            }
        } catch (IOException | NoRoomException e) {
            // too large or no JSON: of the latter the findings tell
        }
    }

    /** A text, or a list of texts as of several creators. */
    private static Optional<String> right(String name, @Nullable Object value) {
        String text = (value instanceof List<?> several ? several.stream() : Stream.ofNullable(value))
                .flatMap(each -> each instanceof String one ? Stream.of(one) : Stream.empty())
                .collect(Collectors.joining(", "));
        return text.isBlank() ? Optional.empty() : Optional.of(name + " " + quoted(text));
    }

    private static String oversight(String level) {
        return switch (level) {
            case "fully_autonomous" -> "a program has asked for it, and nobody has approved the result";
            case "prompt_guided" -> "a person has guided the model, and nobody has approved the result";
            case "human_validated" -> "a person has looked at the result and approved it";
            default -> "people have watched over the model in this way: " + quoted(level);
        };
    }

    private void sayIngredient(Ingredient ingredient) {
        String title = ingredient.title().map(Statements::quoted).orElse("another file")
                + ingredient.format().map(format -> " (" + quoted(format) + ")").orElse("");
        List<String> failures = ingredient.recordedFailures();
        String found = failures.isEmpty()
                ? ""
                : " that was found not to be valid when it was used (" + String.join(", ", failures) + ")";
        String signed = ingredient.manifest().isPresent() ? ", which carries a manifest of its own" + found : "";
        switch (ingredient.relationship()) {
            case Ingredient.INPUT_TO -> say(title + " was given to the model as input" + signed);
            case Ingredient.PARENT_OF ->
                say((manifest.isUpdate() ? "the content is still that of " : "the file was made from ")
                        + title
                        + signed);
            default -> say(title + " is a part of the file" + signed);
        }
    }
}
