/**
 * Many clips from a table of prompts. {@link org.patchreel.impl.batch.PromptTable} reads the table, {@link
 * org.patchreel.impl.batch.BatchPlan} makes a request of each row, {@link org.patchreel.impl.batch.BatchRun} executes them;
 * after a crash the same call resumes.
 */
@NullMarked
package org.patchreel.impl.batch;

import org.jspecify.annotations.NullMarked;
