package org.patchreel.api;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
 * @param shots of which it consists; empty for a clip of one shot, of which all of the above tells. Of several, {@code prompt}
 *     and {@code expandedPrompt} have all texts, each on a line of its own, {@code negativePrompt} each once, {@code sampling}
 *     has the seed of the first, and {@code generated} the number of frames of all
 * @param deviceUse how long it kept the device busy; empty for clips of earlier versions
 * @param label what is written into its pictures for people to see; empty if nothing is
 * @param provider who provides the system that made it; empty if nobody was configured
 * @param review what somebody decided who has looked at it; empty until then
 * @param rights what the requester has stated of its rights
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
        List<SourceUse> sources,
        List<ShotUse> shots,
        Optional<DeviceUse> deviceUse,
        Optional<Label> label,
        Optional<Provider> provider,
        Optional<Review> review,
        Rights rights) {

    /**
     * Metadata of an asset without a label, of a provider that is not named, which nobody has reviewed, and of whose rights nothing is
     * stated; see above.
     *
     * @param id see above
     * @param created see above
     * @param title see above
     * @param prompt see above
     * @param negativePrompt see above
     * @param model see above
     * @param sampling see above
     * @param format see above
     * @param generated see above
     * @param frameInterpolation see above
     * @param codec see above
     * @param timings see above
     * @param notes see above
     * @param sourceType see above
     * @param provenance see above
     * @param version see above
     * @param expandedPrompt see above
     * @param sources see above
     * @param shots see above
     * @param deviceUse see above
     */
    public AssetMetadata(
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
            List<SourceUse> sources,
            List<ShotUse> shots,
            Optional<DeviceUse> deviceUse) {
        this(
                id,
                created,
                title,
                prompt,
                negativePrompt,
                model,
                sampling,
                format,
                generated,
                frameInterpolation,
                codec,
                timings,
                notes,
                sourceType,
                provenance,
                version,
                expandedPrompt,
                sources,
                shots,
                deviceUse,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Rights.NONE);
    }

    /**
     * The same asset after a review.
     *
     * @param made what somebody decided
     * @param manifest the one that the file carries since; that before it if nothing was signed
     * @return its metadata
     */
    public AssetMetadata reviewed(Review made, Optional<SignedManifest> manifest) {
        return new AssetMetadata(
                id,
                created,
                title,
                prompt,
                negativePrompt,
                model,
                sampling,
                format,
                generated,
                frameInterpolation,
                codec,
                timings,
                notes,
                sourceType,
                new Provenance(provenance.watermarkId(), manifest.or(provenance::manifest)),
                version,
                expandedPrompt,
                sources,
                shots,
                deviceUse,
                label,
                provider,
                Optional.of(made),
                rights);
    }

    /**
     * What a person decided who has looked at an asset.
     *
     * @param decision whether it may be published
     * @param by who decided, as the host calls them; not blank, one line
     * @param at when
     * @param reason in their words; of a rejection always
     */
    public record Review(Decision decision, String by, Instant at, Optional<String> reason) {

        /** The longest reason and name, in UTF-16 units. */
        public static final int MAX_TEXT = 1000;

        /** Whether an asset may be published. */
        public enum Decision {
            /** It may. */
            APPROVED,
            /** It may not. */
            REJECTED;

            /** {@return the name in lower case} */
            public String label() {
                return name().toLowerCase(Locale.ROOT);
            }

            static Decision parse(String label) {
                return Arrays.stream(values())
                        .filter(decision -> decision.label().equals(label))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("review must be approved or rejected, not " + label));
            }
        }

        /**
         * Checks the texts.
         *
         * @throws IllegalArgumentException if one is blank, too long or of several lines, or a rejection has no reason; the message
         *     names it
         */
        public Review {
            check("by", by);
            reason.ifPresent(text -> check("reason", text));
            if (decision == Decision.REJECTED && reason.isEmpty()) {
                throw new IllegalArgumentException("reason is missing: a rejection needs one");
            }
        }

        private static void check(String name, String text) {
            if (text.isBlank()) {
                throw new IllegalArgumentException(name + " is empty");
            }
            if (text.length() > MAX_TEXT) {
                throw new IllegalArgumentException(
                        name + " has " + text.length() + " characters, at most " + MAX_TEXT + " are kept");
            }
            if (text.codePoints().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(name + " has a line end or another control character");
            }
        }
    }

    /**
     * Who provides the system that makes clips, for the disclosures that laws want of them.
     *
     * @param name for people, 1 to {@value #MAX_NAME} characters in one line
     * @param detector address of a tool that tells whether a file is from that system, http or https
     */
    public record Provider(String name, Optional<String> detector) {
        /** Maximum length of a name in characters. */
        public static final int MAX_NAME = 200;

        private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]{1," + MAX_NAME + "}");
        private static final Pattern ADDRESS = Pattern.compile("https?://[!-~]{1,1000}");

        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if one is not of that form; the message names it
         */
        public Provider {
            if (name.isBlank() || !LINE.matcher(name).matches()) {
                throw new IllegalArgumentException("provider is no name of 1 to " + MAX_NAME + " characters: " + name);
            }
            if (detector.filter(address -> !ADDRESS.matcher(address).matches()).isPresent()) {
                throw new IllegalArgumentException("detector is no address of http or https: " + detector.get());
            }
        }
    }

    /**
     * A text in the pictures that says that they were made by a model.
     *
     * @param text as it is drawn
     * @param profile whose rules it follows, for example {@code eu}
     */
    public record Label(String text, String profile) {}

    /** The {@link #codec} of stills, which tells them from clips. */
    public static final String STILL_CODEC = "png";

    /** {@return whether the asset is a clip or a still} */
    public OutputKind kind() {
        return codec.equals(STILL_CODEC) ? OutputKind.STILL : OutputKind.CLIP;
    }

    /** The longest {@link #altText}, in UTF-16 units. */
    public static final int MAX_ALT_TEXT = 250;

    /**
     * {@return what a picture of the asset was asked to show, for people who do not see it: that it is generated, and the prompt, which is
     * cut where it is long}
     */
    public String altText() {
        String text = (kind() == OutputKind.STILL ? "Generated picture: " : "Generated video: ")
                + prompt.strip().replaceAll("\\s+", " ");
        if (text.length() <= MAX_ALT_TEXT) {
            return text;
        }
        int end = MAX_ALT_TEXT - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /**
     * How long a clip kept the device busy, that of earlier tries included: from loading the model to the last frame.
     *
     * @param time 0 or more
     * @param cost of that time; empty if no price was configured
     */
    public record DeviceUse(Duration time, Optional<Cost> cost) {

        /**
         * Checks the time.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public DeviceUse {
            if (time.isNegative()) {
                throw new IllegalArgumentException("a device cannot be busy for a negative time: " + time);
            }
        }
    }

    /**
     * What something cost.
     *
     * @param amount of money
     * @param currency as the operator calls it, for example {@code EUR}
     */
    public record Cost(BigDecimal amount, String currency) {

        /** Drops zeros at the end of the amount: amounts that are equal are equal records. */
        public Cost {
            amount = amount.stripTrailingZeros();
            amount = amount.setScale(Math.max(0, amount.scale()));
        }
    }

    /**
     * A picture or clip that went into a clip.
     *
     * @param use what it was for, for people: {@code picture 0}, with the index of the model's frame; {@code continued after};
     *     {@code continued before}; {@code restyled 0.6}; {@code interpolated 2}; {@code reference anna}; {@code control}; {@code
     *     inpainted}; {@code mask}
     * @param sha256 of its content, 64 hexadecimal digits
     * @param asset whose clip it was, if it was one's
     * @param name what people called the file
     * @param trace what the file itself says of where it is from
     */
    public record SourceUse(String use, String sha256, Optional<String> asset, String name, Trace trace) {

        private static final String NO_ASSET = "-";
        private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+) ([^:]+): (.+)", Pattern.DOTALL);

        /**
         * A file that says nothing of where it is from.
         *
         * @param use see above
         * @param sha256 see above
         * @param asset see above
         * @param name see above
         */
        public SourceUse(String use, String sha256, Optional<String> asset, String name) {
            this(use, sha256, asset, name, Trace.NONE);
        }

        /**
         * What was read of a file.
         *
         * @param watermark ID of a mark of this installation in it, 16 hexadecimal digits
         * @param asset of this installation whose clip or still it is proved to be a copy of
         * @param manifest label of the C2PA manifest that it carries
         */
        public record Trace(Optional<String> watermark, Optional<String> asset, Optional<String> manifest) {

            /** Nothing was found. */
            public static final Trace NONE = new Trace(Optional.empty(), Optional.empty(), Optional.empty());

            private static final Pattern WORD = Pattern.compile("[!-~&&[^;]]{1,300}");
            private static final List<String> NAMES = List.of("watermark", "copy-of", "manifest");

            /**
             * Checks the values.
             *
             * @throws IllegalArgumentException if one is not one word; the message has it
             */
            public Trace {
                for (Optional<String> value : List.of(watermark, asset, manifest)) {
                    if (value.filter(text -> !WORD.matcher(text).matches()).isPresent()) {
                        throw new IllegalArgumentException("not a word of a trace: " + value.get());
                    }
                }
            }

            /** {@return whether a value can stand in a trace: one of up to 300 visible characters without a semicolon} */
            public static boolean takes(String value) {
                return WORD.matcher(value).matches();
            }

            private static Trace parse(List<String> fields) {
                Map<String, String> values = new HashMap<>();
                for (String field : fields) {
                    int equals = field.indexOf('=');
                    if (equals < 0 || !NAMES.contains(field.substring(0, equals))) {
                        throw new IllegalArgumentException("a trace is NAME=VALUE, of " + NAMES + ", not " + field);
                    }
                    values.put(field.substring(0, equals), field.substring(equals + 1));
                }
                return new Trace(
                        Optional.ofNullable(values.get(NAMES.get(0))),
                        Optional.ofNullable(values.get(NAMES.get(1))),
                        Optional.ofNullable(values.get(NAMES.get(2))));
            }

            private String fields() {
                StringBuilder fields = new StringBuilder();
                watermark.ifPresent(value -> fields.append(";watermark=").append(value));
                asset.ifPresent(value -> fields.append(";copy-of=").append(value));
                manifest.ifPresent(value -> fields.append(";manifest=").append(value));
                return fields.toString();
            }
        }

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
            List<String> fields = List.of(parts.group(2).split(";"));
            return new SourceUse(
                    parts.group(3),
                    parts.group(1),
                    Optional.of(fields.get(0)).filter(asset -> !asset.equals(NO_ASSET)),
                    parts.group(4),
                    Trace.parse(fields.subList(1, fields.size())));
        }

        /** {@return one line: digest, asset or {@code -} and what there is of the trace, use, a colon, name} */
        @Override
        public String toString() {
            return sha256 + " " + asset.orElse(NO_ASSET) + trace.fields() + " " + use + ": " + name;
        }
    }

    /**
     * A shot of a clip.
     *
     * @param start of its first frame in the clip, from 0
     * @param frames of the clip, those that are mixed with frames of other shots among them
     * @param opening how the shot before passes into it; a cut for the first one
     * @param seed of its noise
     * @param prompt as given
     * @param expandedPrompt what the model read in place of the prompt, if that was another text
     * @param negativePrompt as used
     */
    public record ShotUse(
            int start,
            int frames,
            Transition opening,
            long seed,
            String prompt,
            Optional<String> expandedPrompt,
            String negativePrompt) {

        private static final Pattern FIRST = Pattern.compile("([0-9]{1,9}) ([0-9]{1,9}) (\\S+) (-?[0-9]{1,19}): (.*)");
        private static final Pattern ESCAPE = Pattern.compile("\\\\(.)", Pattern.DOTALL);
        private static final String EXPANDED = "expanded: ";
        private static final String NEGATIVE = "negative: ";

        /**
         * Reads lines.
         *
         * @param lines as {@link #toString} writes them
         * @return what they say
         * @throws IllegalArgumentException if they say no shot; the message has them
         */
        public static ShotUse parse(String lines) {
            String[] line = lines.split("\n", -1);
            Matcher first = FIRST.matcher(line[0]);
            int last = line.length - 1;
            boolean whole = first.matches()
                    && (last == 1 || (last == 2 && line[1].startsWith(EXPANDED)))
                    && line[last].startsWith(NEGATIVE);
            if (!whole) {
                throw new IllegalArgumentException("a shot is START FRAMES OPENING SEED: PROMPT, not " + lines);
            }
            return new ShotUse(
                    Integer.parseInt(first.group(1)),
                    Integer.parseInt(first.group(2)),
                    Transition.parse("the opening of a shot", first.group(3)),
                    Long.parseLong(first.group(4)),
                    unescaped(first.group(5)),
                    last == 2 ? Optional.of(unescaped(line[1].substring(EXPANDED.length()))) : Optional.empty(),
                    unescaped(line[last].substring(NEGATIVE.length())));
        }

        /**
         * {@return lines: start, frames, opening, seed, a colon, the prompt; {@code expanded:} and the expanded prompt if there is
         * one; {@code negative:} and the negative prompt. Backslashes and line ends within a text are escaped as in Java}
         */
        @Override
        public String toString() {
            return start + " " + frames + " " + opening.label() + " " + seed + ": " + escaped(prompt) + "\n"
                    + expandedPrompt
                            .map(text -> EXPANDED + escaped(text) + "\n")
                            .orElse("")
                    + NEGATIVE + escaped(negativePrompt);
        }

        private static String escaped(String text) {
            return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        }

        private static String unescaped(String text) {
            return ESCAPE.matcher(text).replaceAll(escape -> switch (escape.group(1)) {
                case "n" -> "\n";
                case "r" -> "\r";
                default -> Matcher.quoteReplacement(escape.group(1));
            });
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
     * @param adapters the files of the LoRAs that changed it for this clip, in the order in which they were chosen
     */
    public record Model(
            String name,
            String family,
            String device,
            String precision,
            List<WeightFile> weights,
            List<AdapterFile> adapters) {

        /**
         * A model that no LoRA changed; see above.
         *
         * @param name see above
         * @param family see above
         * @param device see above
         * @param precision see above
         * @param weights see above
         */
        public Model(String name, String family, String device, String precision, List<WeightFile> weights) {
            this(name, family, device, precision, weights, List.of());
        }
    }

    /**
     * A file of a LoRA, as it was used. One for two experts has a file for each.
     *
     * @param adapter its name and strength
     * @param file path relative to the folder of adapters, with {@code /}, and SHA-256
     */
    public record AdapterFile(Adapter adapter, WeightFile file) {

        private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+) (.+)");

        /**
         * Reads a line.
         *
         * @param line as {@link #toString} writes it
         * @return what it says
         * @throws IllegalArgumentException if it is no such line; the message has it
         */
        public static AdapterFile parse(String line) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException("an adapter is SHA256 NAME:STRENGTH PATH, not " + line);
            }
            return new AdapterFile(
                    Adapter.parse("adapter", parts.group(2)), new WeightFile(parts.group(3), parts.group(1)));
        }

        /** {@return one line: digest, name and strength, path} */
        @Override
        public String toString() {
            return file.sha256() + " " + adapter + " " + file.path();
        }
    }

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
