/** The words in which the outcome of a validation is told: C2PA's status codes, and the log that collects them. */
@NullMarked
package org.patchreel.impl.c2pa.status;

import org.jspecify.annotations.NullMarked;
