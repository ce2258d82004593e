package org.patchreel.runtime.family.wan.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * Cuts a prompt into tokens as a checkpoint's {@code tokenizer/tokenizer.json} says (Hugging Face's format: normalisation,
 * the vocabulary, {@code </s>} at the end). Holds native memory. May be used by any thread until it is closed.
 *
 * <p>DJL loads its native library on the first call, through the thread's context class loader: set that to this bundle's.
 */
public final class PromptTokenizer implements AutoCloseable {
    /** The text length, in tokens, that Wan models are trained and run with. */
    private static final int MAX_LENGTH = 512;

    /** Encoded once on opening: a vocabulary without a token for the unknown fails at the first character it lacks. */
    private static final String ANY_TEXT = "a \u4e00 \ud83d\udc09 \ue000";

    private final HuggingFaceTokenizer tokenizer;
    private final long endToken;
    private final int maxLength;

    private PromptTokenizer(HuggingFaceTokenizer tokenizer, long endToken, int maxLength) {
        this.tokenizer = tokenizer;
        this.endToken = endToken;
        this.maxLength = maxLength;
        tokenizer.encode(ANY_TEXT);
    }

    /**
     * Checks the tokenizer of a checkpoint as {@link #open(ComponentFiles)} does, short of handing it to the native library.
     *
     * @param component folder that holds {@code tokenizer.json}, or that file
     * @throws IOException if a file is missing, too large or damaged; the message names it
     */
    public static void check(ComponentFiles component) throws IOException {
        textLength(component.folder());
        TokenizerFile.read(json(component));
    }

    private static Path json(ComponentFiles component) throws CheckpointException {
        if (!component.single()) {
            return component.content().resolve("tokenizer.json");
        }
        if (component.content().toString().endsWith(".model")) {
            throw new CheckpointException(component.content() + " is SentencePiece's file, expected a tokenizer.json");
        }
        return component.content();
    }

    /**
     * Opens the tokenizer of a checkpoint for the text length that its {@code tokenizer_config.json} names as {@code
     * model_max_length}; 512 if that is absent or larger, as in most files, where it stands for no limit.
     *
     * @param component folder that holds {@code tokenizer.json}, or that file
     * @return to be closed by the caller
     * @throws IOException if a file is missing, too large or damaged; the message names it
     */
    public static PromptTokenizer open(ComponentFiles component) throws IOException {
        return open(component, textLength(component.folder()));
    }

    /**
     * The same of a folder.
     *
     * @param componentDirectory holds {@code tokenizer.json}
     * @return to be closed by the caller
     * @throws IOException if a file is missing, too large or damaged; the message names it
     */
    public static PromptTokenizer open(Path componentDirectory) throws IOException {
        return open(ComponentFiles.in(componentDirectory));
    }

    private static int textLength(Path componentDirectory) throws IOException {
        Path config = componentDirectory.resolve("tokenizer_config.json");
        double length = Files.exists(config)
                ? ConfigFile.read(config).number("model_max_length", MAX_LENGTH, 2, Double.MAX_VALUE)
                : MAX_LENGTH;
        return (int) Math.min(length, MAX_LENGTH);
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
        return open(ComponentFiles.in(componentDirectory), maxLength);
    }

    private static PromptTokenizer open(ComponentFiles component, int maxLength) throws IOException {
        if (maxLength < 2 || maxLength > MAX_LENGTH) {
            throw new IllegalArgumentException("text length must be 2 to " + MAX_LENGTH + " tokens: " + maxLength);
        }
        Path path = json(component);
        TokenizerFile file = TokenizerFile.read(path);
        // encode() appends the end token and cuts to the maximum length
        Map<String, String> options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(file.json().getBytes(UTF_8)), options);
            try {
                return new PromptTokenizer(tokenizer, file.endToken(), maxLength);
            } catch (RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        } catch (RuntimeException e) {
            throw new CheckpointException(path + " is not a usable tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * Cuts a prompt into tokens.
     *
     * @param prompt as {@link PromptCleaner} leaves it; the tokens past the maximum length are dropped,
     *     and counted
     * @return at least {@code </s>}, padded to the maximum length
     */
    public TokenIds encode(String prompt) {
        long[] words = tokenizer.encode(prompt).getIds();
        int length = Math.min(words.length, maxLength - 1);
        long[] tokens = Arrays.copyOf(words, length + 1);
        tokens[length] = endToken;
        return new TokenIds(tokens, maxLength, words.length - length);
    }

    /**
     * The length of all token lists.
     *
     * @return 2 to 512
     */
    public int maxLength() {
        return maxLength;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
