package org.patchreel.runtime.family.wan.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import org.junit.jupiter.api.Test;
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
}
