package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.fingerprint.Fingerprint;

/**
 * What is known of a clip whose files have been made. They are not signed.
 *
 * @param model what made the frames
 * @param codec the encoder's name
 * @param timings how long each stage took, see {@link AssetMetadata#timings()}
 * @param notes for the requester, a sentence each
 * @param watermark in the frames; empty if marking is switched off
 * @param fingerprint of the frames
 * @param master fingerprint of the frames without the label; empty if they are not kept
 */
record Produced(
        AssetMetadata.Model model,
        String codec,
        Map<String, Duration> timings,
        List<String> notes,
        Optional<SoftBinding> watermark,
        Fingerprint fingerprint,
        Optional<Fingerprint> master) {

    /** {@return how long the device was busy with it, by what its maker has measured} */
    Duration deviceTime() {
        return timings.values().stream().reduce(Duration.ZERO, Duration::plus);
    }
}
