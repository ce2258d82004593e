package org.patchreel.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.adobe.granite.workflow.metadata.SimpleMetaDataMap;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.patchreel.aem.StepArguments.OnFailure;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.PromptSource;
import org.patchreel.workflow.Template;

class StepArgumentsTest {

    @Test
    void readsOneArgumentOnEachLine() {
        GenerateClipInput input =
                new StepArguments("prompt = a = b\r\n\r\n# a comment\r\non.failure = route\r\nsteps=4").input();
        assertEquals(new PromptSource.Text(new Template("a = b")), input.prompt());
        assertEquals(4, input.sampling().steps().orElseThrow());
    }

    @Test
    void stopsWithoutBeingToldAndRoutesOnRequest() {
        assertEquals(OnFailure.STOP, new StepArguments("").onFailure());
        assertEquals(OnFailure.STOP, new StepArguments("on.failure = stop").onFailure());
        assertEquals(OnFailure.ROUTE, new StepArguments("steps = 4\n  on.failure=route ").onFailure());
        assertEquals(OnFailure.STOP, StepArguments.of(new SimpleMetaDataMap()).onFailure());
    }

    @Test
    void refusesAnotherWordForIt() {
        StepArguments arguments = new StepArguments("on.failure = ignore");
        assertEquals(OnFailure.STOP, arguments.onFailure());
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, arguments::input);
        assertEquals("on.failure must be stop or route: ignore", refusal.getMessage());
    }

    @Test
    void refusesTwoOfThem() {
        StepArguments arguments = new StepArguments("on.failure = route\non.failure = stop");
        assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, arguments::input)
                        .getMessage())
                .contains("appears twice"));
    }

    @Test
    void readsTextThatWasCopiedWithInvisibleSpace() {
        StepArguments arguments = new StepArguments("\uFEFFon.failure\u00A0= route\n\u00A0steps = 4\u00A0");
        assertEquals(OnFailure.ROUTE, arguments.onFailure());
        assertEquals(OptionalInt.of(4), arguments.input().sampling().steps());
    }

    @Test
    void namesItsOwnArgumentAmongTheKnownOnes() {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> new StepArguments("on.fail = route").input())
                        .getMessage());
        assertTrue(message.startsWith("unknown argument on.fail, known: prompt, "), message);
        assertTrue(message.endsWith(", fit, kind, storyboard, storyboard.property, on.failure"), message);
    }
}
