package org.patchreel.runtime.family.wan.text;

import java.util.regex.Pattern;

/**
 * What the reference does to a prompt before it is tokenised (<a
 * href="https://github.com/huggingface/diffusers/blob/main/src/diffusers/pipelines/wan/pipeline_wan.py">diffusers' {@code
 * WanPipeline}</a>): character references of HTML are resolved, twice since prompts often come escaped twice; runs of
 * whitespace become one space. The reference mends wrongly decoded text with the package ftfy first if that happens to be
 * installed; it is optional there and left out here.
 */
public final class PromptCleaner {
    private static final Pattern WHITESPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private PromptCleaner() {}

    /**
     * Cleans a prompt. Cleaning twice may change it again, as in the reference.
     *
     * @param prompt any text
     * @return the text to tokenise; empty if nothing is left
     */
    public static String clean(String prompt) {
        String text = HtmlEntities.unescape(HtmlEntities.unescape(prompt));
        return strip(WHITESPACE.matcher(strip(text)).replaceAll(" "));
    }

    /** As Python's {@code str.strip}, which unlike {@link String#strip} takes no-break spaces off, too. */
    private static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isPythonSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isPythonSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isPythonSpace(char c) {
        return (c >= 0x1c && c <= 0x1f) || WHITESPACE.matcher(String.valueOf(c)).matches();
    }
}
