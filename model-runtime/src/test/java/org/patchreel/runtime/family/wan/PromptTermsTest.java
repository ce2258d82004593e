package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.CameraMove;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.PromptLanguage;

class PromptTermsTest {
    private static final Path STARTER = Path.of("../models/starter/checkpoint");

    @TempDir
    Path directory;

    @Test
    void saysEveryCameraMoveInTheWordsOfWan() throws IOException {
        PromptLanguage language = read();
        assertEquals(EnumSet.allOf(CameraMove.class), language.camera().keySet());
        assertEquals("the camera pushes in", language.camera().get(CameraMove.DOLLY_IN));
        assertEquals(Optional.empty(), language.vocabulary());
    }

    @Test
    void letsACheckpointSayAMoveInWordsOfItsOwn() throws IOException {
        PromptLanguage language = read("{\"camera\": {\"pan left\": \"panorama\"}}");
        assertEquals("panorama", language.camera().get(CameraMove.PAN_LEFT));
        assertEquals("the camera pans right", language.camera().get(CameraMove.PAN_RIGHT));
    }

    @Test
    void givesAClosedVocabularyNoMovesButItsOwn() throws IOException {
        PromptLanguage language = read("{\"vocabulary\": [\"Pan\", \"left\", \"ball\"],"
                + " \"synonyms\": {\"orb\": \"ball\"}, \"camera\": {\"pan left\": \"pan left\"}}");
        assertEquals(Set.of(CameraMove.PAN_LEFT), language.camera().keySet());
        ClosedVocabulary vocabulary = language.vocabulary().orElseThrow();
        assertTrue(vocabulary.knows("pan"));
        assertEquals("ball", vocabulary.synonyms().get("orb"));
    }

    /** Reading it checks that each synonym and each move stands for words that are known. */
    @Test
    void readsTheStartersWordsWhichAreThoseOfItsTokenizer() throws IOException {
        PromptLanguage language = PromptTerms.read(WanIndex.read(STARTER));
        Set<String> tokens = new HashSet<>();
        JsonNode tokenizer = new ObjectMapper()
                .readTree(STARTER.resolve("tokenizer/tokenizer.json").toFile());
        tokenizer.at("/model/vocab").fieldNames().forEachRemaining(tokens::add);
        tokens.removeAll(Set.of("<pad>", "</s>", "<unk>", ",", "."));
        ClosedVocabulary vocabulary = language.vocabulary().orElseThrow();
        assertEquals(tokens, vocabulary.words());
        assertEquals("red", vocabulary.synonyms().get("crimson"));
        assertTrue(
                vocabulary.synonyms().size() > 150,
                "synonyms: " + vocabulary.synonyms().size());
        assertEquals(12, language.camera().size());
        assertEquals("the camera moves closer", language.camera().get(CameraMove.DOLLY_IN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"camera\": {\"spin\": \"x\"}}|camera has a move that is not known: spin",
                "{\"camera\": {\"pan left\": 1}}|camera is {\"pan left\":1}, expected an object of texts",
                "{\"camera\": []}|camera is [], expected an object of at most 4096 texts",
                "{\"camera\": {\"pan left\": \"\"}}|the camera move pan left has no words",
                "{\"synonyms\": {\"orb\": \"ball\"}}|synonyms are given without a vocabulary",
                "{\"vocabulary\": [null]}|vocabulary is [null], expected words without null",
                "{\"vocabulary\": [\"red\"], \"synonyms\": {\"orb\": \"ball\"}}|the synonym \"orb\" stands for \"ball\", whose"
                        + " words ball are unknown",
                "{\"vocabulary\": [\"pan\"], \"camera\": {\"pan left\": \"pan left\"}}|the camera move pan left stands for"
                        + " \"pan left\", whose words left are unknown",
            })
    void namesTheFileAndWhatIsWrongInIt(String json, String reason) {
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> read(json));
        assertEquals(directory.resolve("patchreel.json") + ": " + reason, refusal.getMessage());
    }

    private PromptLanguage read(String json) throws IOException {
        Files.writeString(directory.resolve("patchreel.json"), json);
        return read();
    }

    private PromptLanguage read() throws IOException {
        Files.writeString(directory.resolve("model_index.json"), "{\"_class_name\": \"WanPipeline\"}");
        return PromptTerms.read(WanIndex.read(directory));
    }
}
