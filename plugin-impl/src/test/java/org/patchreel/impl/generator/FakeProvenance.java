package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.GenerationException;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.Watermarker;

/** Marks nothing, and records what it signs until the record is taken back; may fail at each of its steps. */
final class FakeProvenance implements Marking, Signing {

    private static final String MARK = "0123456789abcdef";

    private static final SignedManifest MANIFEST = new SignedManifest("urn:c2pa:1", "CN=Signer", false);

    static final Provenance SIGNED = new Provenance(Optional.of(MARK), Optional.of(MANIFEST));

    /** IDs of the signed assets whose records stand. */
    final List<String> records = new ArrayList<>();

    @Nullable
    Exception markFailure;

    @Nullable
    Exception checkFailure;

    @Nullable
    Exception signFailure;

    boolean signs = true;

    Optional<AssetMetadata.Provider> provider = Optional.empty();

    Runnable whileSigning = () -> {};

    /** Whether clips are marked. */
    boolean marks = true;

    /** The IDs that are read in any clip. */
    List<String> read = List.of(MARK);

    /** Signatures that are not closed. */
    int open;

    private static void fail(@Nullable Exception failure) throws GenerationException {
        if (failure instanceof GenerationException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    @Override
    public Optional<Watermarker> watermarker() throws GenerationException {
        fail(markFailure);
        return marks ? Optional.of(new UnchangingWatermarker()) : Optional.empty();
    }

    @Override
    public Optional<AssetMetadata.Provider> provider() {
        return provider;
    }

    @Override
    public boolean signs() {
        return signs;
    }

    @Override
    public void check() throws GenerationException {
        fail(checkFailure);
    }

    @Override
    public Signature sign(ClipSigner.Unsigned clip) throws GenerationException {
        assertTrue(Files.isRegularFile(clip.path()));
        assertTrue(clip.fingerprint().toBytes().length > 0);
        assertTrue(clip.watermark().isPresent());
        whileSigning.run();
        fail(signFailure);
        String id = clip.clip().id() + (clip.master() ? " master" : "");
        records.add(id);
        open++;
        return new Signature() {
            private boolean kept;

            @Override
            public SignedManifest manifest() {
                return MANIFEST;
            }

            @Override
            public void keep() {
                kept = true;
            }

            @Override
            public void close() {
                open--;
                if (!kept) {
                    records.remove(id);
                }
            }
        };
    }

    private final class UnchangingWatermarker implements Watermarker {

        @Override
        public String algorithm() {
            return "org.patchreel.none";
        }

        @Override
        public MarkingSink mark(VideoFormat format, FrameSink next) {
            return new MarkingSink() {
                @Override
                public byte[] id() {
                    return HexFormat.of().parseHex(MARK);
                }

                @Override
                public void accept(VideoFrame frame) throws IOException {
                    next.accept(frame);
                }

                @Override
                public void close() throws IOException {
                    next.close();
                }
            };
        }

        @Override
        public List<Mark> detect(Path clip) {
            return read.stream()
                    .map(id -> new Mark(id, new TimeRange(Duration.ZERO, Duration.ofSeconds(2))))
                    .toList();
        }
    }
}
