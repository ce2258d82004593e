/** What is looked for in frames: broken output, protected pictures, explicit pictures. {@link FrameCheck} is the class to read first. */
@NullMarked
package org.patchreel.policy.frames;

import org.jspecify.annotations.NullMarked;
