/** How to put an adapter to the test. */
@NullMarked
package org.patchreel.example;

import org.jspecify.annotations.NullMarked;
