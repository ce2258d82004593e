/**
 * Resolves the bundles against what each host exports: {@link HostResolutionTest} says what must hold, {@link HostFramework}
 * how it is found out. What a host exports is in resource files, which name their origin.
 */
@NullMarked
package org.patchreel.hosts;

import org.jspecify.annotations.NullMarked;
