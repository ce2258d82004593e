package org.patchreel.runtime.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * Cuts a prompt into tokens as a checkpoint's {@code tokenizer/tokenizer.json} says (Hugging Face's format: normalisation,
 * the vocabulary, {@code </s>} at the end). Holds native memory. May be used by any thread until it is closed.
 *
 * <p>DJL loads its native library on the first call, through the thread's context class loader: set that to this bundle's.
 */
public final class PromptTokenizer implements AutoCloseable {
    /** The text length that Wan models are trained and run with. */
    private static final int LONGEST = 512;

    private static final int MAX_BYTES = 64 << 20;

    private final HuggingFaceTokenizer tokenizer;
    private final int maxLength;

    private PromptTokenizer(HuggingFaceTokenizer tokenizer, int maxLength) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
    }

    /**
     * Opens the tokenizer of a checkpoint for the text length that its {@code tokenizer_config.json} names as {@code
     * model_max_length}; 512 if that is absent or larger, as in most files, where it stands for no limit.
     *
     * @param componentDirectory holds {@code tokenizer.json}
     * @return to be closed by the caller
     * @throws IOException if a file is missing, too large or damaged; the message names it
     */
    public static PromptTokenizer open(Path componentDirectory) throws IOException {
        Path config = componentDirectory.resolve("tokenizer_config.json");
        double length = Files.exists(config)
                ? ConfigFile.read(config).number("model_max_length", LONGEST, 2, Double.MAX_VALUE)
                : LONGEST;
        return open(componentDirectory, (int) Math.min(length, LONGEST));
    }

    /**
     * Opens the tokenizer of a checkpoint.
     *
     * @param componentDirectory holds {@code tokenizer.json}
     * @param maxLength how many tokens a prompt is cut or padded to, 2 to 512. It changes the clip: the transformer
     *     attends to the padding, too
     * @return to be closed by the caller
     * @throws IOException if the file is missing, too large or damaged; the message names it
     */
    public static PromptTokenizer open(Path componentDirectory, int maxLength) throws IOException {
        if (maxLength < 2 || maxLength > LONGEST) {
            throw new IllegalArgumentException("text length must be 2 to " + LONGEST + " tokens: " + maxLength);
        }
        Path file = componentDirectory.resolve("tokenizer.json");
        byte[] json = bytes(file);
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "true",
                "padding", "false",
                "maxLength", String.valueOf(maxLength),
                "modelMaxLength", String.valueOf(maxLength),
                "stride", "0");
        try {
            return checked(
                    new PromptTokenizer(
                            HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options), maxLength),
                    file);
        } catch (RuntimeException e) {
            throw new CheckpointException(file + " is no usable tokenizer: " + e.getMessage(), e);
        }
    }

    /** Finds out now, not in the middle of a generation, whether it gives tokens. */
    private static PromptTokenizer checked(PromptTokenizer tokenizer, Path file) throws IOException {
        try {
            tokenizer.encode("a cat");
            if (tokenizer.encode("").length() > 0) {
                return tokenizer;
            }
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
        tokenizer.close();
        throw new CheckpointException(file + " is no usable tokenizer: it puts no end token after a prompt");
    }

    /**
     * Cuts a prompt into tokens.
     *
     * @param prompt as {@link PromptCleaner} leaves it; the tokens past the maximum length are dropped
     * @return at least {@code </s>}, padded to the maximum length
     */
    public TokenIds encode(String prompt) {
        return new TokenIds(tokenizer.encode(prompt).getIds(), maxLength);
    }

    /**
     * The length of all token lists.
     *
     * @return 2 to 512
     */
    public int maxLength() {
        return maxLength;
    }

    private static byte[] bytes(Path file) throws IOException {
        // a pipe or device would block
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file + (Files.exists(file) ? " is not a regular file" : " does not exist"));
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CheckpointException(file + " is larger than the limit of " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
