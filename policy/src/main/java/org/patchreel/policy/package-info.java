/**
 * What may be asked for. {@link org.patchreel.policy.TextPolicy} is the component that is configured and asked, {@link
 * org.patchreel.policy.Rules} the class to read first.
 */
@NullMarked
package org.patchreel.policy;

import org.jspecify.annotations.NullMarked;
