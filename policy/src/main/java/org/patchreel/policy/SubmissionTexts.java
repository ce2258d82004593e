package org.patchreel.policy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.patchreel.api.CameraMove;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.spi.Submission;

/** The texts of a request that a model reads or that people see: prompts of shots one after the other, then all others. */
final class SubmissionTexts {

    private SubmissionTexts() {}

    /** {@return each text once} */
    static Set<String> of(Submission submission) {
        GenerationRequest request = submission.request();
        List<Shot> shots = request.shots();
        Set<String> texts = new LinkedHashSet<>();
        shots.forEach(shot -> texts.add(shot.prompt()));
        texts.addAll(submission.expandedPrompts());
        shots.forEach(shot -> texts.add(shot.negativePrompt()));
        shots.stream()
                .flatMap(shot -> shot.sources().stream())
                .flatMap(SubmissionTexts::name)
                .forEach(texts::add);
        shots.stream()
                .flatMap(shot -> shot.camera().steps().stream())
                .flatMap(List::stream)
                .map(CameraMove::label)
                .forEach(texts::add);
        request.destination().title().ifPresent(texts::add);
        texts.removeIf(String::isBlank);
        return texts;
    }

    private static Stream<String> name(Source source) {
        return source
                .<Optional<String>, RuntimeException>fold(
                        keyframe -> Optional.empty(),
                        continuation -> Optional.empty(),
                        restyle -> Optional.empty(),
                        interpolation -> Optional.empty(),
                        reference -> Optional.of(reference.name()),
                        control -> Optional.empty(),
                        inpainting -> Optional.empty())
                .stream();
    }
}
