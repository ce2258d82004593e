package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;

class HealthReportTest {

    private static final Finding GOOD = Finding.good("assets", "100 MB free {}");
    private static final Finding SOON = Finding.soon("signer", "valid until tomorrow", "renew it");
    private static final Finding BAD = Finding.bad("models", "none is installed", "install one");

    @Test
    void isAsBadAsTheWorstFinding() {
        assertEquals(Result.Status.OK, HealthReport.of(List.of(GOOD)).getStatus());
        assertEquals(Result.Status.WARN, HealthReport.of(List.of(GOOD, SOON)).getStatus());
        assertEquals(
                Result.Status.CRITICAL,
                HealthReport.of(List.of(BAD, GOOD, SOON)).getStatus());
    }

    @Test
    void saysWhatItIsAboutAndHowToMendIt() {
        String report = HealthReport.of(List.of(GOOD, BAD)).toString();
        assertTrue(report.contains("assets: 100 MB free {}"), report);
        assertTrue(report.contains("models: none is installed: install one"), report);
    }
}
