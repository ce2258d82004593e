package org.patchreel.aem;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.StoredAsset;
import org.patchreel.contract.SampleAsset;

/**
 * A clip of zeros, of any size, whose pictures are real.
 *
 * @param id of the asset
 * @param title of the asset
 * @param size in bytes
 * @param failsAt position at which reading fails; none if it is past the end
 * @param pictures gives poster and contact sheet
 */
record SampleClip(String id, Optional<String> title, long size, long failsAt, StoredAsset pictures)
        implements StoredAsset {

    @Override
    public AssetReference reference() {
        return new AssetReference(id, URI.create("remote:/" + id));
    }

    @Override
    public AssetMetadata metadata() {
        return SampleAsset.metadata(id, title);
    }

    @Override
    public SeekableByteChannel open(AssetFile file) throws IOException {
        return file == AssetFile.CLIP ? new Zeros() : pictures.open(file);
    }

    private final class Zeros implements SeekableByteChannel {
        private long position;

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (position >= failsAt) {
                throw new IOException("the connection to the generator broke");
            }
            int length = (int) Math.min(target.remaining(), size - position);
            target.put(new byte[length]);
            position += length;
            return length == 0 ? -1 : length;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public SeekableByteChannel position(long to) {
            position = to;
            return this;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public SeekableByteChannel truncate(long to) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Reads a stream to its end in small pieces. */
    static long count(InputStream stream) throws IOException {
        byte[] piece = new byte[65_536];
        long count = 0;
        for (int n = stream.read(piece); n >= 0; n = stream.read(piece)) {
            count += n;
        }
        return count;
    }
}
