/** Expanders of prompts: into words that a model knows, and by an endpoint of the operator's. */
@NullMarked
package org.patchreel.impl.prompt;

import org.jspecify.annotations.NullMarked;
