package org.patchreel.aem;

import com.adobe.granite.workflow.metadata.MetaDataMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.patchreel.workflow.ArgumentText;
import org.patchreel.workflow.GenerateClipInput;

/**
 * The arguments of the step in a workflow model: those of {@link GenerateClipInput}, one on each line, and {@code
 * on.failure}.
 *
 * @param text as the model's author has typed it
 */
record StepArguments(String text) {

    /** The property of the step that AEM's dialog for process steps writes. */
    static final String PROPERTY = "PROCESS_ARGS";

    private static final String NAME = "on.failure";

    private static final Pattern ON_FAILURE = Pattern.compile("on\\.failure[\\s\\p{Z}]*=(.*)");

    /** What becomes of a workflow whose step made no clip. */
    enum OnFailure {
        /** It ends: fails, or after a refusal is terminated. */
        STOP,
        /** It continues; its model has a route for each outcome. */
        ROUTE
    }

    static StepArguments of(MetaDataMap metaData) {
        return new StepArguments(metaData.get(PROPERTY, ""));
    }

    /**
     * {@return what the author wants in case of a failure; {@link OnFailure#STOP} if none is named or the value is
     * unknown}
     */
    OnFailure onFailure() {
        return onFailureValues().equals(List.of("route")) ? OnFailure.ROUTE : OnFailure.STOP;
    }

    /**
     * {@return what the clip shall be}
     *
     * @throws IllegalArgumentException if an argument is malformed; the message names it
     */
    GenerateClipInput input() {
        List<String> values = onFailureValues();
        if (values.size() > 1) {
            throw new IllegalArgumentException("the argument on.failure appears twice");
        }
        values.stream()
                .filter(Predicate.not(List.of("", "stop", "route")::contains))
                .findFirst()
                .ifPresent(value -> {
                    throw new IllegalArgumentException("on.failure must be stop or route: " + value);
                });
        return GenerateClipInput.parse(text, NAME);
    }

    private List<String> onFailureValues() {
        return text.lines()
                .map(ArgumentText::trim)
                .map(ON_FAILURE::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> ArgumentText.trim(matcher.group(1)))
                .toList();
    }
}
