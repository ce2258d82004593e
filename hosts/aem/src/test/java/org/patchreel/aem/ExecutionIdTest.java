package org.patchreel.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.adobe.granite.workflow.exec.WorkItem;
import com.adobe.granite.workflow.exec.Workflow;
import java.util.Date;
import org.junit.jupiter.api.Test;

@SuppressWarnings("JavaUtilDate") // AEM's API has it
class ExecutionIdTest {

    private static String id(String workflow, String item, long millis) {
        Workflow instance = mock(Workflow.class);
        when(instance.getId()).thenReturn(workflow);
        when(instance.getTimeStarted()).thenReturn(new Date(millis));
        WorkItem visit = mock(WorkItem.class);
        when(visit.getId()).thenReturn(item);
        when(visit.getWorkflow()).thenReturn(instance);
        return ExecutionId.of(visit);
    }

    @Test
    void isTheSameForTheSameWorkItem() {
        assertEquals(id("/var/1", "node1", 1000), id("/var/1", "node1", 1000));
        assertTrue(id("/var/1", "node1", 1000).matches("[0-9A-HJKMNP-TV-Z]{26}"));
    }

    @Test
    void isAnotherForAnotherVisitAndForAnInstanceOfTheSamePathAfterAPurge() {
        assertNotEquals(id("/var/1", "node1", 1000), id("/var/1", "node2", 1000));
        assertNotEquals(id("/var/1", "node1", 1000), id("/var/1", "node1", 1001));
        assertNotEquals(id("/var/1", "node1", 1000), id("/var/2", "node1", 1000));
    }

    @Test
    void sortsByTheTimeAtWhichTheWorkflowWasStarted() {
        assertTrue(id("/var/9", "node1", 1_790_000_000_000L).compareTo(id("/var/1", "node1", 1_790_000_000_001L)) < 0);
        // As https://github.com/ulid/spec has it: ten characters of time.
        assertEquals("01ARYZ6S41", id("/var/1", "node1", 1_469_918_176_385L).substring(0, 10));
    }
}
