/** Results of a validation: C2PA's status codes, and the log that collects them. */
@NullMarked
package org.patchreel.impl.c2pa.status;

import org.jspecify.annotations.NullMarked;
