package org.patchreel.runtime.family.wan.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;

/** The text encoder against transformers' UMT5EncoderModel. Tolerance: the one of the vectors' authors. */
class TextEncoderGoldenTest {

    @Test
    void agreesWithTheReferenceAtEveryStage() throws IOException {
        try (Golden golden = Golden.open("umt5");
                TextEncoder encoder = TextEncoder.load(golden.folder().resolve("text_encoder"), Placement.CPU)) {
            NDArray ids = golden.tensor("in.input_ids");
            NDArray mask = golden.tensor("in.attention_mask");

            NDArray buckets = encoder.script()
                    .call("buckets")
                    .with(ids.getShape().get(1))
                    .with(encoder.config().relativeAttentionNumBuckets())
                    .with(encoder.config().relativeAttentionMaxDistance())
                    .with(ids)
                    .tensor(golden.manager());
            assertArrayEquals(
                    golden.tensor("mid.layer0_relative_buckets").toLongArray(), buckets.toLongArray(), "buckets");

            assertClose(
                    "states",
                    golden.tensor("out.last_hidden_state"),
                    encoder.run("states", ids, mask, golden.manager()),
                    golden.tolerance());
            assertClose(
                    "states without padding",
                    golden.tensor("out.prompt_embeds_zero_padded"),
                    encoder.run("forward", ids, mask, golden.manager()),
                    golden.tolerance());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"models_t5_umt5-xxl-enc.pth", "umt5_comfy.safetensors"})
    void takesTheFilesOfTheOriginalReleaseAndOfComfyUi(String file, @TempDir Path directory) throws Exception {
        Path folder = Golden.root().resolve("single_file");
        Files.copy(folder.resolve("text_encoder/config.json"), directory.resolve("config.json"));
        Files.copy(folder.resolve(file), directory.resolve(file));
        try (Golden golden = Golden.open("single_file");
                TextEncoder encoder = TextEncoder.load(directory, Placement.CPU)) {
            NDArray states = encoder.run(
                    "forward", golden.tensor("umt5.in.ids"), golden.tensor("umt5.in.mask"), golden.manager());
            assertClose(file, golden.tensor("umt5.out.hidden"), states, 2e-4);
        }
    }
}
