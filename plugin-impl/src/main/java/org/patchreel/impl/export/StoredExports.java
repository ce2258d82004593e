package org.patchreel.impl.export;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetFile;
import org.patchreel.api.Exports;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.audit.Audit;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction;

/** Exports of what the asset store has, without mezzanines. */
@Component(service = Exports.class)
public final class StoredExports implements Exports {

    private final AssetStore store;
    private final Exporter exporter;
    private final Audit audit;

    /**
     * Creates the service.
     *
     * @param store keeps the clips
     * @param exporter does the work
     * @param audit keeps a record
     */
    @Activate
    public StoredExports(
            @Reference(policyOption = ReferencePolicyOption.GREEDY) AssetStore store,
            @Reference Exporter exporter,
            @Reference Audit audit) {
        this.store = store;
        this.exporter = exporter;
        this.audit = audit;
    }

    @Override
    public void write(List<String> ids, Set<String> formats, Path folder) throws IOException, InterruptedException {
        write(ids, formats, folder, Requester.UNKNOWN);
    }

    @Override
    public void write(List<String> ids, Set<String> formats, Path folder, Requester by)
            throws IOException, InterruptedException {
        Set<ExportFormat> known = EnumSet.noneOf(ExportFormat.class);
        for (String format : Objects.requireNonNull(formats, "formats")) {
            known.add(Arrays.stream(ExportFormat.values())
                    .filter(each -> each.label().equals(format))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the format must be one of "
                            + Arrays.stream(ExportFormat.values())
                                    .map(ExportFormat::label)
                                    .collect(Collectors.joining(", "))
                            + ": " + format)));
        }
        List<StoredAsset> assets = new ArrayList<>();
        for (String id : Objects.requireNonNull(ids, "ids")) {
            assets.add(store.find(id).orElseThrow(() -> new IllegalArgumentException("no such asset: " + id)));
        }
        for (StoredAsset asset : assets) {
            audit.record(asset.metadata().id(), by, new AuditAction.Exported(List.copyOf(new TreeSet<>(formats))));
        }
        exporter.write(
                new ExportRequest(assets, Objects.requireNonNull(folder, "folder"), known, Optional.empty()),
                (id, clip, clips, done, total) -> {});
    }

    @Override
    public SeekableByteChannel master(String id, Requester by) throws IOException {
        StoredAsset asset = store.find(Objects.requireNonNull(id, "id"))
                .orElseThrow(() -> new NoSuchFileException(id, null, "no such asset"));
        exporter.checkMaster(asset);
        SeekableByteChannel file = asset.open(AssetFile.MASTER);
        boolean recorded = false;
        try {
            audit.record(
                    id,
                    Objects.requireNonNull(by, "by"),
                    new AuditAction.Exported(List.of(AuditAction.Exported.MASTER)));
            recorded = true;
            return file;
        } finally {
            if (!recorded) {
                file.close();
            }
        }
    }
}
