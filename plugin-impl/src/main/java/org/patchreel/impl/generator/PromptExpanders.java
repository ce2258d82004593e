package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Shot;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.PromptExpander;
import org.patchreel.spi.PromptExpander.Draft;
import org.patchreel.spi.PromptExpander.Expansion;

/** The expanders of the installation, which come and go with their services. Safe for use from any thread. */
@Component(service = PromptExpanders.class)
public final class PromptExpanders {

    /** Of the prompts of all shots together, in UTF-16 units: metadata of a clip stay bounded. */
    private static final int MAX_LENGTH = 2 * GenerationRequest.MAX_TEXT_LENGTH;

    private final Map<ServiceReference<PromptExpander>, PromptExpander> expanders = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addExpander(PromptExpander expander, ServiceReference<PromptExpander> reference) {
        expanders.put(reference, expander);
    }

    void removeExpander(ServiceReference<PromptExpander> reference) {
        expanders.remove(reference);
    }

    /**
     * Lets all expanders rewrite the prompts of a resolved request, the highest ranking first.
     *
     * @param resolved whose model reads the prompts as they were given, and words for the camera
     * @param shots the prompts as they were given
     * @return the same with the expanded prompts, words for the camera at their ends
     * @throws GenerationException with {@link Reason#PROMPT} if an expander fails, or all prompts together have become too long
     */
    ResolvedRequest expand(ResolvedRequest resolved, List<Shot> shots) throws GenerationException {
        ModelDescriptor model = resolved.model().descriptor();
        List<WorkShot> expanded = new ArrayList<>();
        long length = 0;
        for (int i = 0; i < shots.size(); i++) {
            String prefix = shots.size() == 1 ? "" : "shot " + (i + 1) + ": ";
            WorkShot shot = expand(resolved.order().shots().get(i), shots.get(i), prefix, model);
            length += shot.task().prompt().length();
            expanded.add(shot);
        }
        if (length > MAX_LENGTH) {
            throw new GenerationException(
                    Reason.PROMPT,
                    "the expanded prompts have " + length + " characters, at most " + MAX_LENGTH + " are kept");
        }
        return new ResolvedRequest(resolved.model(), resolved.order().with(expanded));
    }

    private WorkShot expand(WorkShot work, Shot shot, String prefix, ModelDescriptor model) throws GenerationException {
        ModelTask task = work.task();
        // without guidance nothing reads the negative prompt
        String negativePrompt = task.sampling().guidanceScale() == 1 ? "" : task.negativePrompt();
        String prompt = shot.prompt();
        List<String> notes = new ArrayList<>();
        for (PromptExpander expander : inOrder()) {
            Expansion expansion = expand(expander, new Draft(prompt, negativePrompt, shot.camera(), model));
            prompt = expansion.prompt();
            expansion.notes().forEach(note -> notes.add(prefix + note));
        }
        return work.expanded(CameraWords.added(prompt, shot.camera(), model), notes);
    }

    private List<PromptExpander> inOrder() {
        // a ranking may change while the service is registered
        return expanders.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Expansion expand(PromptExpander expander, Draft draft) throws GenerationException {
        try {
            Expansion expansion = expander.expand(draft);
            // an expander's text has the limits of a caller's
            Shot checked = new Shot(expansion.prompt(), "", Optional.empty());
            return new Expansion(checked.prompt(), expansion.notes());
        } catch (RuntimeException | Error e) {
            throw Blame.failure(
                    Reason.PROMPT,
                    "the prompt cannot be expanded: " + expander.getClass().getName(),
                    e);
        }
    }
}
