package org.patchreel.runtime.family.wan.vae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.runtime.weights.CheckpointException;

class VaeConfigTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void fillsInTheDimensionsOfTheFirstRelease() throws IOException {
        VaeConfig config = read("\"patch_size\": null");
        assertEquals(96, config.baseDim());
        assertEquals(96, config.decoderBaseDim());
        assertEquals(16, config.zDim());
        assertEquals(List.of(1, 2, 4, 4), config.dimMult());
        assertEquals(2, config.numResBlocks());
        assertEquals(List.of(false, true, true), config.temporalDownsample());
        assertEquals(16, config.latentsMean().size());
        assertEquals(2.8184, config.latentsStd().get(0));
        assertFalse(config.isResidual());
        assertEquals(3, config.inChannels());
        assertEquals(3, config.outChannels());
        assertEquals(1, config.patchSize());
        assertEquals(4, config.scaleFactorTemporal());
        assertEquals(8, config.scaleFactorSpatial());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"attn_scales\": [0.5] | attn_scales is [0.5], expected none",
                "\"dim_mult\": [] | dim_mult is [], expected 1 to 8 numbers",
                "\"dim_mult\": [1, 2, 0, 4] | dim_mult is [1,2,0,4], expected a whole number from 1",
                "\"temperal_downsample\": [true] | temperal_downsample is [true], expected 3 values",
                "\"z_dim\": 4 | latents_mean is absent, expected z_dim = 4 numbers",
                "\"latents_std\": [1.0] | latents_std is [1.0], expected z_dim = 16 numbers",
                "\"latents_std\": [0.0] | latents_std is [0.0], expected a number from 1.0E-6",
                "\"in_channels\": 12 | in_channels is 12, expected 3 for patch_size 1",
                "\"out_channels\": 12 | out_channels is 12, expected 3 for patch_size 1",
                "\"scale_factor_temporal\": 8 | scale_factor_temporal is 8, expected 4",
                "\"scale_factor_spatial\": 16 | scale_factor_spatial is 16, expected 8",
                "\"is_residual\": true, \"dim_mult\": [1, 2, 3, 4] | dim_mult is [1,2,3,4], which the shortcuts",
                "\"base_dim\": 1000000 | base_dim is 1000000, expected a whole number from 1 to 16384",
            })
    void refusesAValueByFileKeyAndValue(String keys, String complaint) {
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> read(keys));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("config.json"), refusal.getMessage());
    }

    @Test
    void refusesAnotherClassByName() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"_class_name\": \"AutoencoderKL\"}");
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> VaeConfig.read(directory));
        assertTrue(
                refusal.getMessage().endsWith("_class_name is \"AutoencoderKL\", expected AutoencoderKLWan"),
                refusal.getMessage());
    }

    private VaeConfig read(String keys) throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"_class_name\": \"AutoencoderKLWan\", " + keys + "}");
        return VaeConfig.read(directory);
    }
}
