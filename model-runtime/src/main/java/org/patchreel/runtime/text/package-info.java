/** The text encoder: a prompt's tokens to embeddings. */
@NullMarked
package org.patchreel.runtime.text;

import org.jspecify.annotations.NullMarked;
