package org.patchreel.runtime.model;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.ModelFamily;
import org.patchreel.runtime.family.ModelSummary;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.spi.CheckpointExaminer;
import org.patchreel.spi.CheckpointReport;
import org.patchreel.spi.CheckpointReport.Kind;
import org.patchreel.spi.CheckpointReport.Memory;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.VideoModel;

/** Says what folders and files are by configuration files and headers of weights. Has no state; may be used by any thread. */
@Component(service = CheckpointExaminer.class)
public final class CheckpointExamination implements CheckpointExaminer {
    private static final String INDEX = "model_index.json";
    private static final int MAX_FILES = 1000;

    /** Components that are files of their own kind, by these. */
    private static final Map<String, String> WITHOUT_WEIGHTS = Map.of(
            "scheduler_config.json", "scheduler",
            "tokenizer.json", "tokenizer",
            "preprocessor_config.json", "image processor");

    private static final List<Way> WAYS = List.of(new Way("cpu", Precision.FP32), new Way("cuda", Precision.BF16));

    private record Way(String device, Precision precision) {}

    private final ModelFamilies families;
    private final Supplier<List<CheckpointModel>> installed;

    /**
     * Creates one that knows the models of an installation.
     *
     * @param context of the bundle
     */
    @Activate
    public CheckpointExamination(BundleContext context) {
        this(ModelRuntime.FAMILIES, () -> models(context));
    }

    /**
     * Creates one.
     *
     * @param families that are known
     * @param installed models, which LoRAs may fit
     */
    CheckpointExamination(ModelFamilies families, Supplier<List<CheckpointModel>> installed) {
        this.families = families;
        this.installed = installed;
    }

    private static List<CheckpointModel> models(BundleContext context) {
        List<CheckpointModel> models = new ArrayList<>();
        try {
            for (ServiceReference<VideoModel> reference : context.getServiceReferences(VideoModel.class, null).stream()
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                if (context.getService(reference) instanceof CheckpointModel model) {
                    models.add(model);
                }
                context.ungetService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
        return models;
    }

    @Override
    public CheckpointReport examine(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw CheckpointException.absent(path);
        }
        if (!Files.isDirectory(path)) {
            return file(path);
        }
        return Files.exists(path.resolve(INDEX))
                ? checkpoint(path, Map.of(), RuntimeOptions.CPU, ModelLicense.UNKNOWN, models(path))
                : folder(path);
    }

    @Override
    public Optional<CheckpointReport> examineModel(String name) {
        return installed.get().stream()
                .filter(model -> model.descriptor().name().equals(name))
                .findFirst()
                .map(model -> checkpoint(
                        model.directory(), model.parts(), model.options(), model.configuredLicense(), List.of()));
    }

    /** {@return for people, the models that have parts elsewhere beside a checkpoint's folder} */
    private List<String> models(Path directory) {
        return installed.get().stream()
                .filter(model -> !model.parts().isEmpty() && isSame(model.directory(), directory))
                .map(model -> "the model " + model.descriptor().name() + " has parts elsewhere; its name examines it")
                .toList();
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // one of them does not exist
        }
    }

    private CheckpointReport checkpoint(
            Path directory,
            Map<String, Path> parts,
            RuntimeOptions options,
            ModelLicense license,
            List<String> remarks) {
        List<Memory> memory = new ArrayList<>();
        Optional<ModelCapabilities> capabilities = Optional.empty();
        List<String> problems = List.of();
        List<String> notes = new ArrayList<>(remarks);
        try {
            ModelIndex index = ModelIndex.read(directory, parts);
            ModelFamily family = families.of(index);
            for (Way way : WAYS) {
                ModelSummary summary = family.describe(index, options.on(way.device(), way.precision()));
                capabilities = Optional.of(capabilities(directory, summary, license));
                problems = summary.weights()
                        .fault()
                        .map(CheckpointException::problems)
                        .orElse(List.of());
                notes = new ArrayList<>(remarks);
                for (String file : summary.weights().unused()) {
                    notes.add("not used: " + file);
                }
                if (problems.isEmpty()) {
                    memory.add(new Memory(
                            way.device(),
                            way.precision().name().toLowerCase(Locale.ROOT),
                            summary.memory().weights(),
                            summary.memory().working()));
                }
            }
        } catch (CheckpointException e) {
            problems = e.problems();
        } catch (IOException e) {
            problems = List.of(CheckpointException.describe(e));
        }
        return new CheckpointReport(
                Kind.CHECKPOINT,
                capabilities.map(ModelCapabilities::family).orElse("a checkpoint in the diffusers layout"),
                capabilities,
                problems,
                notes,
                memory);
    }

    private static ModelCapabilities capabilities(Path directory, ModelSummary summary, ModelLicense license)
            throws IOException {
        long bytes = 0;
        for (Path file : summary.weights().used()) {
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        return new ModelCapabilities(
                summary.family(),
                bytes,
                CheckpointModel.license(directory, license),
                summary.grid(),
                summary.defaults(),
                summary.imageConditioning(),
                summary.abilities(),
                summary.language());
    }

    /** A component's folder, or one of files of several kinds. */
    private CheckpointReport folder(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        Map<String, TensorInfo> tensors = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, WeightFiles::isWeightFile)) {
            for (Path file : files) {
                if (found.size() == MAX_FILES) {
                    break;
                }
                String name = String.valueOf(file.getFileName());
                try (WeightFiles weights = WeightFiles.ofFile(file)) {
                    tensors.putAll(weights.tensors());
                    found.add(name + ": " + (WeightFiles.isLora(file) ? "a LoRA" : what(weights.tensors())));
                } catch (IOException e) {
                    found.add(CheckpointException.describe(e));
                }
            }
        }
        found.sort(null);
        Optional<String> part = identify(tensors);
        if (found.isEmpty()) {
            for (Map.Entry<String, String> component : WITHOUT_WEIGHTS.entrySet()) {
                if (Files.exists(directory.resolve(component.getKey()))) {
                    return new CheckpointReport(
                            Kind.PART,
                            component.getValue(),
                            Optional.empty(),
                            List.of(partOf(directory)),
                            List.of(),
                            List.of());
                }
            }
            return unknown("a folder without weights", directory + " has no " + INDEX + " and no file of weights");
        }
        return new CheckpointReport(
                part.isPresent() ? Kind.PART : Kind.UNKNOWN,
                part.orElse("a folder with weights"),
                Optional.empty(),
                List.of(
                        part.isPresent()
                                ? partOf(directory)
                                : directory + " is not a checkpoint in the diffusers layout: it has no " + INDEX),
                found,
                List.of());
    }

    private static String partOf(Path part) {
        return part + " is a part of a checkpoint: a model may have it in the place of its own";
    }

    private CheckpointReport file(Path file) throws IOException {
        if (!WeightFiles.isWeightFile(file)) {
            return unknown("a file of another kind", file + " ends with none of .safetensors, .gguf, .pth");
        }
        Map<String, TensorInfo> tensors;
        try (WeightFiles weights = WeightFiles.ofFile(file)) {
            tensors = Map.copyOf(weights.tensors());
        } catch (CheckpointException e) {
            return unknown("a damaged file, or one of another kind", CheckpointException.describe(e));
        }
        if (WeightFiles.isLora(file)) {
            return lora(file, tensors.size());
        }
        Optional<String> part = identify(tensors);
        return part.isPresent()
                ? new CheckpointReport(
                        Kind.PART, part.get(), Optional.empty(), List.of(partOf(file)), List.of(), List.of())
                : unknown(
                        "weights of an unknown network",
                        file + " has " + tensors.size() + " tensors of no known network");
    }

    private CheckpointReport lora(Path file, int tensors) {
        List<String> problems = new ArrayList<>();
        List<String> fits = new ArrayList<>();
        for (CheckpointModel model : installed.get()) {
            String name = model.descriptor().name();
            try {
                Optional<String> foreign = model.fits(file);
                fits.add("fits the model " + name
                        + foreign.map(line -> "; " + line).orElse(""));
            } catch (IOException e) {
                problems.add("does not fit the model " + name + ": " + CheckpointException.describe(e));
            }
        }
        if (fits.isEmpty() && problems.isEmpty()) {
            problems.add("no model is installed that it could be tried with");
        }
        return new CheckpointReport(
                Kind.ADAPTER,
                "a LoRA of " + tensors + " tensors",
                Optional.empty(),
                fits.isEmpty() ? problems : List.of(),
                fits.isEmpty() ? List.of() : concat(fits, problems),
                List.of());
    }

    private static List<String> concat(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private String what(Map<String, TensorInfo> tensors) {
        return identify(tensors).orElse("weights of an unknown network, or a part of some");
    }

    private Optional<String> identify(Map<String, TensorInfo> tensors) {
        return families.families().stream()
                .flatMap(family -> family.identify(tensors).stream())
                .findFirst();
    }

    private static CheckpointReport unknown(String what, String problem) {
        return new CheckpointReport(Kind.UNKNOWN, what, Optional.empty(), List.of(problem), List.of(), List.of());
    }
}
