package org.patchreel.impl.prompt;

import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.PromptExpander;

/**
 * For a model that knows a list of words only: writes synonyms in these words, and notes the others, which say nothing to it.
 * Leaves prompts of other models as they are. Ranked low, so that it sees what other expanders have written.
 */
@Component(property = "service.ranking:Integer=-1000")
public final class ClosedVocabularyExpander implements PromptExpander {

    private static final int MAX_NAMED_WORDS = 20;

    @Override
    public Expansion expand(Draft draft) {
        return draft.language()
                .vocabulary()
                .map(vocabulary -> expand(draft, vocabulary))
                .orElseGet(() -> new Expansion(draft.prompt(), List.of()));
    }

    private static Expansion expand(Draft draft, ClosedVocabulary vocabulary) {
        String prompt = new Synonyms(vocabulary).replace(draft.prompt());
        List<String> notes = new ArrayList<>();
        note("prompt", vocabulary.unknown(prompt), notes);
        note("negative prompt", vocabulary.unknown(draft.negativePrompt()), notes);
        return new Expansion(prompt, notes);
    }

    private static void note(String where, List<String> unknown, List<String> notes) {
        if (!unknown.isEmpty()) {
            notes.add("the model does not know these words of the " + where + ": "
                    + String.join(", ", unknown.subList(0, Math.min(unknown.size(), MAX_NAMED_WORDS))));
        }
    }
}
