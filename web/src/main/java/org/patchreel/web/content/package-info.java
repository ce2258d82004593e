/** Files that clients send to be examined, for every interface that takes some: bounded in size, space and time. */
@NullMarked
package org.patchreel.web.content;

import org.jspecify.annotations.NullMarked;
