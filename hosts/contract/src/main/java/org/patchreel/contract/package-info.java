/**
 * What every host must do. A host's tests extend {@link org.patchreel.contract.AssetStoreContract} if it keeps assets
 * itself, and {@link org.patchreel.contract.GenerateClipStepContract} if it has a workflow step.
 */
@NullMarked
package org.patchreel.contract;

import org.jspecify.annotations.NullMarked;
