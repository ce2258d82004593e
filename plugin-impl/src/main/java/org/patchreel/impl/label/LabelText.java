package org.patchreel.impl.label;

import java.util.Map;
import java.util.Optional;

/**
 * What a label says.
 *
 * @param generated if all of the pictures were made by a model
 * @param modified if footage of others is among them
 */
record LabelText(String generated, String modified) {

    /** By language. The first letters are those by which the law's icons name AI in that language. */
    private static final Map<String, LabelText> BUILT_IN = Map.of(
            "en", new LabelText("AI GENERATED", "AI MODIFIED"),
            "de", new LabelText("KI-GENERIERT", "KI-BEARBEITET"),
            "fr", new LabelText("GÉNÉRÉ PAR IA", "MODIFIÉ PAR IA"),
            "es", new LabelText("GENERADO POR IA", "MODIFICADO POR IA"),
            "it", new LabelText("GENERATO DALL’IA", "MODIFICATO DALL’IA"),
            "zh", new LabelText("AI生成", "AI合成"),
            "hi", new LabelText("AI द्वारा निर्मित", "AI द्वारा संशोधित"),
            "ko", new LabelText("AI로 생성됨", "AI로 수정됨"));

    /** {@return the text of a language; empty if there is none} */
    static Optional<LabelText> in(String language) {
        return Optional.ofNullable(BUILT_IN.get(language));
    }

    /** {@return the languages, for messages} */
    static String languages() {
        return String.join(", ", BUILT_IN.keySet().stream().sorted().toList());
    }
}
