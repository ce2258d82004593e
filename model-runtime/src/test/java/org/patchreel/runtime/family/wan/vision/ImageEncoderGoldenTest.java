package org.patchreel.runtime.family.wan.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.weights.CheckpointException;

/** The image encoder against transformers' CLIPVisionModel and CLIPImageProcessor. */
class ImageEncoderGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"small", "square", "tall", "wide"})
    void seesPicturesOfEveryShapeAsTheReferenceDoes(String name) throws Exception {
        try (Golden golden = Golden.open("clip_vision");
                ImageEncoder encoder = load(golden.folder())) {
            NDArray picture = golden.tensor(name + ".in.picture")
                    .toType(DataType.FLOAT32, true)
                    .transpose(2, 0, 1)
                    .expandDims(0)
                    .duplicate();
            NDArray pixels = encoder.pixels(picture, golden.manager());
            assertClose("pixels", golden.tensor(name + ".mid.pixel_values"), pixels, 1e-5);
            NDArray expected = golden.tensor(name + ".out.hidden_minus2");
            assertClose(
                    "states",
                    expected,
                    encoder.states(golden.tensor(name + ".mid.pixel_values"), golden.manager()),
                    1e-4);
            assertEquals(
                    expected.getShape(),
                    encoder.encode(picture, golden.manager()).getShape());
        }
    }

    @Test
    void takesTheFileOfTheAuthorsRelease(@TempDir Path directory) throws Exception {
        try (Golden golden = Golden.open("single_file")) {
            Golden.copyCheckpoint(Golden.root().resolve("clip_vision/image_processor"), directory);
            Files.copy(golden.folder().resolve("image_encoder/config.json"), directory.resolve("config.json"));
            Files.copy(golden.folder().resolve("models_clip.pth"), directory.resolve("models_clip.pth"));
            try (ImageEncoder encoder = ImageEncoder.load(directory, directory, Placement.CPU)) {
                assertClose(
                        "states",
                        golden.tensor("clip.out.hidden_minus2"),
                        encoder.states(golden.tensor("clip.in.pixel_values"), golden.manager()),
                        2e-4);
            }
        }
    }

    private static ImageEncoder load(Path folder) throws Exception {
        return ImageEncoder.load(folder.resolve("image_encoder"), folder.resolve("image_processor"), Placement.CPU);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image_encoder/config.json | \"hidden_act\": \"gelu\" | \"hidden_act\": \"quick_gelu\" | hidden_act is \"quick_gelu\", expected gelu",
                "image_encoder/config.json | \"patch_size\": 7 | \"patch_size\": 5 | patch_size is 5, expected a divisor of image_size 28",
                "image_encoder/config.json | \"num_attention_heads\": 3 | \"num_attention_heads\": 5 | num_attention_heads is 5, expected a divisor of hidden_size 24",
                "image_encoder/config.json | clip_vision_model | siglip_vision_model | model_type is \"siglip_vision_model\", expected clip_vision_model",
                "image_processor/preprocessor_config.json | \"resample\": 3 | \"resample\": 2 | resample is 2, expected 3 (bicubic)",
                "image_processor/preprocessor_config.json | \"do_center_crop\": true | \"do_center_crop\": false | do_center_crop is false, expected true",
                "image_processor/preprocessor_config.json | \"shortest_edge\": 28 | \"shortest_edge\": 224 | size is {\"shortest_edge\":224}, expected shortest_edge 28, the image encoder's image_size",
                "image_processor/preprocessor_config.json | 0.26862954 | 0 | expected three numbers",
            })
    void namesWhatItCannotDo(String file, String text, String instead, String message, @TempDir Path directory)
            throws Exception {
        Golden.copyCheckpoint(Golden.root().resolve("clip_vision"), directory);
        Path changed = directory.resolve(file);
        String config = Files.readString(changed);
        assertEquals(true, config.contains(text), config);
        Files.writeString(changed, config.replace(text, instead));
        String fault =
                assertThrows(CheckpointException.class, () -> load(directory)).getMessage();
        assertEquals(true, fault.contains(message), fault);
    }
}
