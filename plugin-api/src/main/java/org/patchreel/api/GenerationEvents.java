package org.patchreel.api;

/**
 * Topics and properties of the events that a job publishes through EventAdmin, posted asynchronously and in order.
 *
 * <table>
 * <caption>Topics</caption>
 * <tr><th>topic</th><th>when</th><th>properties besides job.id, job.state and requester</th></tr>
 * <tr><td>{@value #QUEUED}</td><td>a job was taken and waits, or waits again</td><td>model</td></tr>
 * <tr><td>{@value #WAITING}</td><td>a job waits for something else than its turn</td><td>message</td></tr>
 * <tr><td>{@value #PROGRESS}</td><td>a stage began or moved on</td><td>stage, done, total</td></tr>
 * <tr><td>{@value #COMPLETED}</td><td>the asset is stored</td><td>asset.location</td></tr>
 * <tr><td>{@value #FAILED}</td><td>it failed</td><td>reason, message</td></tr>
 * <tr><td>{@value #REFUSED}</td><td>a policy does not allow it; no QUEUED came before</td><td>rule, message</td></tr>
 * <tr><td>{@value #CANCELLED}</td><td>it was cancelled</td><td></td></tr>
 * </table>
 *
 * The prompt is in no event: listeners and their logs are not the place for it. Of who asked, the user's ID is there alone,
 * for listeners that tell them of the end.
 */
public final class GenerationEvents {
    /** Subscribe to {@code org/patchreel/generation/*} for all of them. */
    public static final String TOPIC_PREFIX = "org/patchreel/generation/";

    /** A job was taken and waits for those before it. */
    public static final String QUEUED = TOPIC_PREFIX + "QUEUED";
    /** A job waits for something else than its turn: a budget, a model. */
    public static final String WAITING = TOPIC_PREFIX + "WAITING";
    /** A stage began or moved on. */
    public static final String PROGRESS = TOPIC_PREFIX + "PROGRESS";
    /** The asset is stored. */
    public static final String COMPLETED = TOPIC_PREFIX + "COMPLETED";
    /** The job failed. */
    public static final String FAILED = TOPIC_PREFIX + "FAILED";
    /** A policy does not allow the job, which was never queued. */
    public static final String REFUSED = TOPIC_PREFIX + "REFUSED";
    /** The job was cancelled. */
    public static final String CANCELLED = TOPIC_PREFIX + "CANCELLED";

    /** String: the job's ID. */
    public static final String JOB_ID = "job.id";
    /** String: {@link JobState#name()}. */
    public static final String JOB_STATE = "job.state";
    /** String: the ID of the user who asked, see {@link Requester#user}; missing if it is not known. */
    public static final String REQUESTER = "requester";
    /** String: the model's name. */
    public static final String MODEL = "model";
    /** String: {@link GenerationProgress.Stage#label()}. */
    public static final String STAGE = "stage";
    /** Integer: units done. */
    public static final String DONE = "done";
    /** Integer: units in all. */
    public static final String TOTAL = "total";
    /** String: the asset's location, a URI. */
    public static final String ASSET_LOCATION = "asset.location";
    /** String: {@link GenerationException.Reason#label()}. */
    public static final String REASON = "reason";
    /** String: the ID of the policy's rule. */
    public static final String RULE = "rule";
    /** String: the failure, the refusal or what is waited for, in one line. */
    public static final String MESSAGE = "message";

    private GenerationEvents() {}
}
