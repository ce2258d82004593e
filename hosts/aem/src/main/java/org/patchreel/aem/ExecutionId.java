package org.patchreel.aem;

import com.adobe.granite.workflow.exec.WorkItem;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetId;

/**
 * The ID of a workflow's visit at the step, and of the clip that it makes. It follows from the work item, so that a step
 * that AEM executes again, after an error or a restart, finds the clip of the first time.
 *
 * <p>In the form of <a href="https://github.com/ulid/spec">ULIDs</a>, as all assets: 48 bits of the time at which the
 * workflow was started, in milliseconds, and 80 bits of a digest, which take the place of chance.
 */
final class ExecutionId {

    private static final int DIGEST_BYTES = 10;

    private ExecutionId() {}

    @SuppressWarnings("JavaUtilDate") // AEM's API has it
    static String of(WorkItem item) {
        @Nullable Date started = item.getWorkflow().getTimeStarted();
        long millis = started == null ? 0 : started.getTime();
        byte[] digest = sha256(item.getWorkflow().getId() + "\n" + item.getId() + "\n" + millis);
        return AssetId.ulid(millis, new BigInteger(1, digest, 0, DIGEST_BYTES));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
