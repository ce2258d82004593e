/**
 * From a prompt to what the transformer is conditioned on: {@link org.patchreel.runtime.family.wan.text.PromptCleaner} tidies the
 * text, {@link org.patchreel.runtime.family.wan.text.PromptTokenizer} cuts it into tokens, the UMT5 text encoder turns these into
 * embeddings.
 */
@NullMarked
package org.patchreel.runtime.family.wan.text;

import org.jspecify.annotations.NullMarked;
