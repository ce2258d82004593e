package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.GenerationException;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;

/** Records what it signs until the record is taken back; may fail at its beginning or when it signs. */
final class FakeProvenance implements ClipProvenance {

    static final Provenance SIGNED = new Provenance(
            Optional.of("0123456789abcdef"), Optional.of(new SignedManifest("urn:c2pa:1", "CN=Signer", false)));

    /** IDs of the signed assets whose records stand. */
    final List<String> records = new ArrayList<>();

    @Nullable
    Exception beginFailure;

    @Nullable
    Exception signFailure;

    int open;

    private static void fail(@Nullable Exception failure) throws GenerationException {
        if (failure instanceof GenerationException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    @Override
    public Draft begin(VideoFormat format) throws GenerationException {
        fail(beginFailure);
        open++;
        return new Draft() {
            private String signed = "";
            private boolean kept;

            @Override
            public FrameSink mark(FrameSink next) {
                return next;
            }

            @Override
            public Provenance sign(Path directory, AssetMetadata made) throws GenerationException {
                assertTrue(Files.isRegularFile(directory.resolve(AssetFile.CLIP.fileName())));
                fail(signFailure);
                signed = made.id();
                records.add(signed);
                return SIGNED;
            }

            @Override
            public void keep() {
                kept = true;
            }

            @Override
            public void close() {
                open--;
                if (!kept) {
                    records.remove(signed);
                }
            }
        };
    }
}
