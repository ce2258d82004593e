/**
 * What the visible label of clips and stills is, as the operator configures it and laws want it (docs/labels.md). {@link
 * org.patchreel.impl.label.LabelConfiguration} is the component, {@link org.patchreel.impl.label.LabelProfile} has what laws say.
 */
@NullMarked
package org.patchreel.impl.label;

import org.jspecify.annotations.NullMarked;
