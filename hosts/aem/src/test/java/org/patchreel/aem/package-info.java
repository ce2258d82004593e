/**
 * The steps against aem-mock and a real Oak repository with real permissions. {@link org.patchreel.aem.WorkflowEngine}
 * stands for AEM's engine.
 */
@NullMarked
package org.patchreel.aem;

import org.jspecify.annotations.NullMarked;
