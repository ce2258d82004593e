package org.patchreel.impl.jobs;

/**
 * What is wanted of a job that has not ended, by whichever process has written it into the register.
 *
 * @param id of the job
 * @param place in the queue
 * @param cancel whether it shall be cancelled
 */
public record Instruction(String id, JobRecord.Place place, boolean cancel) {}
