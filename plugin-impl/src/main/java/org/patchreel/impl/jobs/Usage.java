package org.patchreel.impl.jobs;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * What an account used in a time.
 *
 * @param account whose
 * @param clips that were completed
 * @param time that the device was busy, also for clips that were not completed
 * @param cost of that time, at the prices of its days; 0 if there was none
 */
public record Usage(Account account, long clips, Duration time, BigDecimal cost) {}
