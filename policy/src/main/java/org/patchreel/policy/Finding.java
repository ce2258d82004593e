package org.patchreel.policy;

import java.util.Optional;

/**
 * Why a text is refused.
 *
 * @param rule ID of the rule that it breaks
 * @param category the kind of content; empty of a text that cannot be judged
 * @param explanation one line for the person who asked, without the words that were found
 */
record Finding(String rule, Optional<Category> category, String explanation) {

    static Finding of(String rule, Category category) {
        return new Finding(
                rule, Optional.of(category), "this installation makes no clips of " + category.description());
    }

    static Finding of(String rule, String explanation) {
        return new Finding(rule, Optional.empty(), explanation);
    }
}
