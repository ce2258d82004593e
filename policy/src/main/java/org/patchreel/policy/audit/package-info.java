/**
 * What was made, for whom and why it was allowed, as records that cannot be changed unseen. {@link
 * org.patchreel.policy.audit.FileAuditSink} is the component, {@link org.patchreel.policy.audit.AuditLog} writes, {@link
 * org.patchreel.policy.audit.AuditChain} verifies; {@link org.patchreel.policy.audit.AuditRecord} is one line.
 */
@NullMarked
package org.patchreel.policy.audit;

import org.jspecify.annotations.NullMarked;
