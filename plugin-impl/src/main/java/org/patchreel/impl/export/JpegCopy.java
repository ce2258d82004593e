package org.patchreel.impl.export;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.media.JpegFile;
import org.patchreel.impl.provenance.ClipSigner.Signed;

/**
 * Makes JPEG files of stored stills.
 *
 * @param signer signs them, with the still as their parent; empty if they are not signed
 * @param originals refuses damaged stills
 */
record JpegCopy(Optional<MezzanineSigner> signer, Originals originals) {

    /**
     * Writes a file, which appears whole or not at all; one that is there is replaced.
     *
     * @throws IOException if the still cannot be read, or the file cannot be signed or written
     */
    void write(StoredAsset asset, Path target) throws IOException {
        AssetMetadata still = asset.metadata();
        String name = "." + UUID.randomUUID();
        Path png = target.resolveSibling(name + ".png");
        Path jpeg = target.resolveSibling(name + ".jpg");
        try {
            try (SeekableByteChannel from = asset.open(AssetFile.STILL)) {
                Files.copy(Channels.newInputStream(from), png);
            }
            originals.check(png, AssetFile.STILL, still);
            @Nullable BufferedImage image = ImageIO.read(png.toFile());
            if (image == null) {
                throw new IOException("asset " + still.id() + ": " + AssetFile.STILL.fileName() + " is no PNG file");
            }
            JpegFile.write(image, jpeg);
            publish(still, png, jpeg, target);
        } finally {
            Files.deleteIfExists(png);
            Files.deleteIfExists(jpeg);
        }
    }

    private void publish(AssetMetadata still, Path png, Path jpeg, Path target) throws IOException {
        if (signer.isEmpty()) {
            Files.move(jpeg, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Signed signed = signer.get().sign(jpeg, still, png, Optional.empty());
        signer.get().record(signed);
        try {
            Files.move(jpeg, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            signer.get().forget(signed);
            throw e;
        }
    }
}
