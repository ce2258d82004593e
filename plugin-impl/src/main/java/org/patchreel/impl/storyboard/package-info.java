/** Reads storyboards: {@link org.patchreel.impl.storyboard.StoryboardText} is the class to read first. */
@NullMarked
package org.patchreel.impl.storyboard;

import org.jspecify.annotations.NullMarked;
