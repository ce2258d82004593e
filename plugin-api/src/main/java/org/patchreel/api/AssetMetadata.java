package org.patchreel.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a clip was made: enough to make it again and to answer for it. Of who asked for it nothing is here.
 *
 * @param id the asset's ID
 * @param created when generation ended
 * @param title what people call the clip; empty if the request named none
 * @param prompt as given
 * @param negativePrompt as used
 * @param model what made it
 * @param sampling seed, steps, guidance scale as used
 * @param format the clip's size and timing
 * @param generated size, number and rate of the frames as the model made them, before they were scaled and brought to the
 *     clip's rate and length
 * @param frameInterpolation what stands between the model's frames if the rates differ
 * @param codec the encoder's name, for example {@code libopenh264}; {@value #STILL_CODEC} of a still
 * @param timings how long each stage took, keyed by the stage's label; for how long decoded frames waited to be scaled and
 *     encoded, which runs beside decoding, stands apart as {@code encoding}
 * @param notes for the requester, a sentence each
 * @param sourceType what the pictures come from
 * @param provenance the clip's mark and manifest
 * @param version of Patchreel
 * @param expandedPrompt what the model read in place of the prompt, if that was another text: synonyms replaced, details added,
 *     the camera's moves in words
 * @param sources pictures and clips that it was made of
 */
public record AssetMetadata(
        String id,
        Instant created,
        Optional<String> title,
        String prompt,
        String negativePrompt,
        Model model,
        SamplingParameters sampling,
        VideoFormat format,
        VideoFormat generated,
        FrameInterpolation frameInterpolation,
        String codec,
        Map<String, Duration> timings,
        List<String> notes,
        DigitalSourceType sourceType,
        Provenance provenance,
        String version,
        Optional<String> expandedPrompt,
        List<SourceUse> sources) {

    /** The {@link #codec} of stills, which tells them from clips. */
    public static final String STILL_CODEC = "png";

    /** {@return whether the asset is a clip or a still} */
    public OutputKind kind() {
        return codec.equals(STILL_CODEC) ? OutputKind.STILL : OutputKind.CLIP;
    }

    /**
     * A picture or clip that went into a clip.
     *
     * @param use what it was for, for people: {@code picture 0}, with the index of the model's frame; {@code continued after};
     *     {@code continued before}; {@code restyled 0.6}
     * @param sha256 of its content, 64 hexadecimal digits
     * @param asset whose clip it was, if it was one's
     * @param name what people called the file
     */
    public record SourceUse(String use, String sha256, Optional<String> asset, String name) {

        private static final String NO_ASSET = "-";
        private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+) ([^:]+): (.+)", Pattern.DOTALL);

        /**
         * Reads a line.
         *
         * @param line as {@link #toString} writes it
         * @return what it says
         * @throws IllegalArgumentException if it is no such line; the message has it
         */
        public static SourceUse parse(String line) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException("a source is SHA256 ASSET USE: NAME, not " + line);
            }
            return new SourceUse(
                    parts.group(3),
                    parts.group(1),
                    Optional.of(parts.group(2)).filter(asset -> !asset.equals(NO_ASSET)),
                    parts.group(4));
        }

        /** {@return one line: digest, asset or {@code -}, use, a colon, name} */
        @Override
        public String toString() {
            return sha256 + " " + asset.orElse(NO_ASSET) + " " + use + ": " + name;
        }
    }

    /**
     * The model that made a clip.
     *
     * @param name its name in the installation
     * @param family its architecture
     * @param device what ran it
     * @param precision in which
     * @param weights the SHA-256 of each weight file
     */
    public record Model(String name, String family, String device, String precision, List<WeightFile> weights) {}

    /**
     * A file of a model's weights.
     *
     * @param path relative to the checkpoint's directory, with {@code /}
     * @param sha256 of its bytes, 64 hexadecimal digits
     */
    public record WeightFile(String path, String sha256) {}

    /**
     * What the clip's origin can be proved with.
     *
     * @param watermarkId 16 hexadecimal digits; empty if the operator has switched marking off
     * @param manifest empty if the operator has switched signing off
     */
    public record Provenance(Optional<String> watermarkId, Optional<SignedManifest> manifest) {}

    /**
     * The C2PA manifest in the clip.
     *
     * @param label {@code urn:c2pa:…}
     * @param signer subject of the signing certificate
     * @param timestamped whether a time stamping authority confirmed the time
     */
    public record SignedManifest(String label, String signer, boolean timestamped) {}
}
