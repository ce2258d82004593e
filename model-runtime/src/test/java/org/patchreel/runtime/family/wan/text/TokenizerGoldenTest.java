package org.patchreel.runtime.family.wan.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.runtime.golden.Golden;

/** Against tokens made by Hugging Face's {@code tokenizers} for the same {@code tokenizer.json}: equal, without tolerance. */
class TokenizerGoldenTest {
    private static PromptTokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = PromptTokenizer.open(Golden.root().resolve("tokenizer"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    static Stream<JsonNode> cases() throws IOException {
        Path file = Golden.root().resolve("tokenizer/golden_tokens.json");
        JsonNode cases = new ObjectMapper().readTree(Files.readAllBytes(file)).path("cases");
        return StreamSupport.stream(cases.spliterator(), false);
    }

    @Test
    void takesAnAbsurdModelMaxLengthForTheProductionLength() {
        assertEquals(512, tokenizer.maxLength());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheReferencesTokens(JsonNode golden) {
        long[] expected = StreamSupport.stream(golden.path("ids_tokenizers").spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
        TokenIds tokens = tokenizer.encode(golden.path("text").textValue());
        assertEquals(expected.length, tokens.length());
        assertArrayEquals(Arrays.copyOf(expected, 512), tokens.ids());
        assertEquals(512, tokens.attentionMask().length);
        assertEquals(expected.length, LongStream.of(tokens.attentionMask()).sum());
    }

    @Test
    void givesTheTokensAndMasksThatThePipelineStartsFrom() throws IOException {
        try (Golden pipeline = Golden.open("pipeline_t2v_unipc")) {
            int length = pipeline.meta().path("max_sequence_length").intValue();
            try (PromptTokenizer its = PromptTokenizer.open(pipeline.folder().resolve("tokenizer"), length)) {
                for (String name : new String[] {"prompt", "negative"}) {
                    String key = name.equals("prompt") ? "prompt" : "negative_prompt";
                    String prompt = pipeline.meta().path(key).textValue();
                    TokenIds tokens = its.encode(PromptCleaner.clean(prompt));
                    assertArrayEquals(pipeline.tensor("in." + name + "_ids").toLongArray(), tokens.ids());
                    assertArrayEquals(pipeline.tensor("in." + name + "_mask").toLongArray(), tokens.attentionMask());
                }
            }
        }
    }

    @Test
    void cutsALongPromptAndKeepsTheEndToken() throws IOException {
        long[] all = tokenizer
                .encode("A red cat walks over the misty river, slow pan left.")
                .ids();
        try (PromptTokenizer shorter = PromptTokenizer.open(Golden.root().resolve("tokenizer"), 6)) {
            TokenIds cut = shorter.encode("A red cat walks over the misty river, slow pan left.");
            assertArrayEquals(new long[] {all[0], all[1], all[2], all[3], all[4], 1}, cut.ids());
            assertArrayEquals(new long[] {1, 1, 1, 1, 1, 1}, cut.attentionMask());
        }
    }

    @Test
    void readsTheLongestPromptsThatACallerMaySend() {
        for (String piece : new String[] {"a", "\ud83d\udc09", "cat ", "\u732b", "\u0301"}) {
            TokenIds tokens = tokenizer.encode(piece.repeat(10_000 / piece.length()));
            assertEquals(512, tokens.ids().length);
            assertTrue(tokens.length() >= 2);
        }
    }

    @Test
    void opensTheStarterModelsWordTokenizer() throws IOException {
        try (PromptTokenizer starter = PromptTokenizer.open(Path.of("../models/starter/checkpoint/tokenizer"))) {
            assertEquals(48, starter.maxLength());
            TokenIds empty = starter.encode("");
            assertArrayEquals(Arrays.copyOf(new long[] {1}, 48), empty.ids());
            TokenIds red = starter.encode("a RED ball");
            assertEquals(4, red.length());
            assertArrayEquals(starter.encode("A red  ball").ids(), red.ids());
        }
    }
}
