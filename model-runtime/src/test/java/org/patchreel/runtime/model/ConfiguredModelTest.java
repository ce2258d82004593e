package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.patchreel.api.GuidanceMode;
import org.patchreel.runtime.family.GuidanceOptions;
import org.patchreel.runtime.family.SamplingChoice;
import org.patchreel.runtime.family.StepCaching;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.VideoModel;

/** What an operator writes of a model, and what becomes of the registered model when it changes. */
class ConfiguredModelTest {
    private static final Map<String, Object> STARTER =
            Map.of("name", "mine", "directory", "../models/starter/checkpoint", "service.pid", "org.patchreel.model~a");

    /** A model in the service registry. */
    private static final class Registered {
        final VideoModel model;
        Dictionary<?, ?> properties;
        boolean gone;

        Registered(VideoModel model, Dictionary<?, ?> properties) {
            this.model = model;
            this.properties = properties;
        }
    }

    private final List<Registered> registry = new ArrayList<>();

    @TempDir
    Path directory;

    private final BundleContext context = proxy(
            BundleContext.class,
            (method, arguments) -> method.equals("getProperty")
                    ? directory.toString()
                    : register((VideoModel) arguments[1], (Dictionary<?, ?>) arguments[2]));

    @Test
    void requestsChooseAdaptersOfTheHomeFolderUnlessAnotherIsConfigured() throws Exception {
        Files.createDirectories(directory.resolve("adapters"));
        Files.writeString(directory.resolve("adapters/ball.safetensors"), "x");
        Files.createDirectories(directory.resolve("styles"));
        Files.writeString(directory.resolve("styles/snow.safetensors"), "x");
        ConfiguredModel configured = configured(STARTER);
        assertEquals(List.of("ball"), adapters(0));
        Map<String, Object> other = new HashMap<>(STARTER);
        other.put("adapters", "styles");
        configured.modified(config(other), other);
        assertEquals(List.of("snow"), adapters(1));
    }

    private List<String> adapters(int model) {
        return registry.get(model)
                .model
                .descriptor()
                .capabilities()
                .orElseThrow()
                .adapters();
    }

    @Test
    void theConfigurationSaysWhatTheLicenceIsAndWhoStandsForIt() {
        Map<String, Object> limited = new HashMap<>(STARTER);
        limited.put("license", "some-community-license");
        limited.put("license.excluded.territories", "EU, GB");
        ConfiguredModel configured = configured(limited);
        assertEquals(
                ModelHealth.Status.UNAVAILABLE, registry.get(0).model.health().status());
        limited.put("license.acknowledged.by", " Jane Doe ");
        configured.modified(config(limited), limited);
        assertEquals(ModelHealth.Status.READY, registry.get(1).model.health().status());
        assertEquals(
                new ModelLicense(Optional.of("some-community-license"), List.of("EU", "GB"), Optional.of("Jane Doe")),
                registry.get(1).model.descriptor().capabilities().orElseThrow().license());
    }

    @Test
    void touchingTheFileChangesNothing() {
        ConfiguredModel configured = configured(STARTER);
        configured.modified(config(STARTER), STARTER);
        assertEquals(1, registry.size());
        assertTrue(!registry.get(0).gone);
    }

    @Test
    void aChangedModelIsRegisteredBeforeTheOldOneGoesAndTheOldOneStillWorks() {
        ConfiguredModel configured = configured(STARTER);
        Map<String, Object> tiled = with("vae.tile", "128");
        configured.modified(config(tiled), tiled);
        assertEquals(2, registry.size());
        assertTrue(registry.get(0).gone);
        assertEquals(true, registry.get(0).properties.get(VideoModel.REPLACED), "its jobs would be cancelled");
        assertTrue(!registry.get(1).gone);
        assertNotSame(registry.get(0).model, registry.get(1).model);
        assertEquals(ModelHealth.Status.READY, registry.get(0).model.health().status());
    }

    @Test
    void aChangedRankingKeepsTheModelThatIsLoaded() {
        ConfiguredModel configured = configured(STARTER);
        Map<String, Object> higher = with("service.ranking", "5");
        configured.modified(config(higher), higher);
        assertSame(registry.get(0).model, registry.get(1).model);
        assertEquals(5, registry.get(1).properties.get("service.ranking"));
        assertTrue(registry.get(0).gone);
    }

    @Test
    void aWrongValueKeepsTheModelAsItWasAndIsNamed() {
        ConfiguredModel configured = configured(STARTER);
        Map<String, Object> wrong = with("device", "gpu");
        configured.modified(config(wrong), wrong);
        assertEquals(1, registry.size());
        assertEquals(
                "device = gpu, expected cpu or cuda; the values before it stay in use",
                configured.problem().orElseThrow().description());
    }

    @Test
    void aModelThatIsWrongFromTheBeginningIsListedAndSaysWhy() {
        Map<String, Object> wrong = with("precision", "fp16");
        ConfiguredModel configured = configured(wrong);
        VideoModel model = registry.get(0).model;
        assertEquals("mine", model.descriptor().name());
        assertEquals(ModelHealth.Status.UNAVAILABLE, model.health().status());
        assertEquals(
                Optional.of("configuration org.patchreel.model~a: precision = fp16, expected fp32 or int8 or bf16"),
                model.health().lastError());

        configured.modified(config(STARTER), STARTER);
        assertTrue(registry.get(0).gone);
        assertEquals(ModelHealth.Status.READY, registry.get(1).model.health().status());
    }

    @Test
    void aModelWithoutAUsableNameHasThatOfItsFile() {
        Map<String, Object> wrong = new HashMap<>(with("name", "a b"));
        wrong.put("felix.fileinstall.filename", "file:/etc/org.patchreel.model-wan-1.3b.cfg");
        configured(wrong);
        assertEquals("wan-1.3b", registry.get(0).model.descriptor().name());
    }

    @Test
    void goingAwayClosesWhatWasReplacedToo() {
        ConfiguredModel configured = configured(STARTER);
        Map<String, Object> tiled = with("vae.tile", "128");
        configured.modified(config(tiled), tiled);
        configured.deactivate();
        assertTrue(registry.get(1).gone);
    }

    @Test
    void integersAreForTheProcessor() {
        assertEquals(Precision.INT8, read(with("precision", "int8")).options().precision());
        Map<String, Object> cuda = with("precision", "int8");
        cuda.put("device", "cuda");
        assertEquals(
                "org.patchreel.model~a: precision = int8, which is for device = cpu",
                assertThrows(ConfigurationException.class, () -> read(cuda)).getMessage());
    }

    @Test
    void stepsAreCachedWhereTheOperatorWantsThat() {
        assertEquals(StepCaching.OFF, read(STARTER).options().denoising().stepCaching());
        assertEquals(
                StepCaching.SAFE,
                read(with("step.cache", "safe")).options().denoising().stepCaching());
        assertEquals(
                "org.patchreel.model~a: step.cache = slow, expected off or safe or fast",
                assertThrows(ConfigurationException.class, () -> read(with("step.cache", "slow")))
                        .getMessage());
    }

    @Test
    void clipsAreGuidedAsTheOperatorWants() {
        assertEquals(
                GuidanceOptions.AUTHORS, read(STARTER).options().denoising().guidance());
        Map<String, Object> apg = with("guidance.mode", "apg");
        apg.put("guidance.from", "10");
        apg.put("guidance.until", "80");
        assertEquals(
                new GuidanceOptions(GuidanceMode.APG, 10, 80),
                read(apg).options().denoising().guidance());
        apg.put("guidance.until", "10");
        String message =
                assertThrows(ConfigurationException.class, () -> read(apg)).getMessage();
        assertTrue(message.startsWith("org.patchreel.model~a: guidance.until = 10, expected"), message);
    }

    @Test
    void findsTheUsersHomeFolder() {
        assertEquals(Path.of("/home/me/wan"), read(with("directory", "~/wan")).directory());
        assertEquals(Path.of("/home/me"), read(with("directory", "~")).directory());
        assertEquals(Path.of("~you/wan"), read(with("directory", "~you/wan")).directory());
    }

    @Test
    void tellsHowToWriteAFolderWhoseFileWasReadInAnotherEncoding() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("Größe"));
        String misread = new String(folder.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        ConfigurationException refusal =
                assertThrows(ConfigurationException.class, () -> read(with("directory", misread)));
        assertTrue(refusal.getMessage().contains("Gr\\u00f6\\u00dfe"), refusal.getMessage());
        assertEquals(folder, read(with("directory", folder.toString())).directory());
    }

    @Test
    void readsFewStepsAndPartsInOtherFolders() {
        Map<String, Object> properties = new HashMap<>(STARTER);
        properties.put("steps", "4");
        properties.put("guidance.scale", "1");
        properties.put("shift", "5");
        properties.put("scheduler", "euler");
        properties.put("timesteps", "1000, 750, 500,250");
        properties.put("text.encoder", "/shared/umt5");
        properties.put("transformer.2", "~/low");
        ModelSettings settings = read(properties);
        assertEquals(
                new SamplingChoice(
                        OptionalInt.of(4),
                        OptionalDouble.of(1),
                        new SchedulerChoice(
                                Optional.of(SchedulerChoice.Kind.EULER),
                                OptionalDouble.of(5),
                                List.of(1000.0, 750.0, 500.0, 250.0))),
                settings.options().sampling());
        assertEquals(
                Map.of("text_encoder", Path.of("/shared/umt5"), "transformer_2", Path.of("/home/me/low")),
                settings.parts());
        assertEquals(SamplingChoice.NONE, read(STARTER).options().sampling());
        assertEquals(Map.of(), read(STARTER).parts());
    }

    @Test
    void refusesEachValueByItsKey() {
        for (Map.Entry<String, String> wrong : Map.ofEntries(
                        Map.entry("name", "a/b"),
                        Map.entry("directory", " "),
                        Map.entry("vae.tile", "100"),
                        Map.entry("batched.guidance", "maybe"),
                        Map.entry("timestep.grid", "old"),
                        Map.entry("service.ranking", "top"),
                        Map.entry("steps", "1001"),
                        Map.entry("guidance.scale", "0.5"),
                        Map.entry("scheduler", "lcm"),
                        Map.entry("shift", "-1"),
                        Map.entry("timesteps", "500, 750"))
                .entrySet()) {
            ConfigurationException refusal = assertThrows(
                    ConfigurationException.class, () -> read(with(wrong.getKey(), wrong.getValue())), wrong.getKey());
            assertTrue(
                    refusal.getMessage().startsWith("org.patchreel.model~a: " + wrong.getKey() + " = "),
                    refusal.getMessage());
        }
    }

    private static ModelSettings read(Map<String, Object> properties) {
        return ModelSettings.read(
                new ConfigurationValues(ConfiguredModel.PID, properties), config(properties), "/home/me");
    }

    private static Map<String, Object> with(String key, Object value) {
        Map<String, Object> properties = new HashMap<>(STARTER);
        properties.put(key, value);
        return properties;
    }

    private ConfiguredModel configured(Map<String, Object> properties) {
        return new ConfiguredModel(context, new ResidentSlot(), config(properties), properties);
    }

    private ServiceRegistration<?> register(VideoModel model, Dictionary<?, ?> properties) {
        Registered registered = new Registered(model, properties);
        registry.add(registered);
        return proxy(ServiceRegistration.class, (method, arguments) -> {
            if (registered.gone) {
                throw new IllegalStateException("unregistered");
            }
            if (method.equals("setProperties")) {
                registered.properties = (Dictionary<?, ?>) arguments[0];
            } else {
                registered.gone = true;
            }
            return null;
        });
    }

    /** As Declarative Services do it: a value of another type fails when it is read. */
    private static ConfiguredModel.Config config(Map<String, Object> properties) {
        return (ConfiguredModel.Config) Proxy.newProxyInstance(
                Objects.requireNonNull(ConfiguredModel.Config.class.getClassLoader()),
                new Class<?>[] {ConfiguredModel.Config.class},
                (proxy, method, arguments) -> {
                    Object value = properties.get(method.getName().replace('_', '.'));
                    if (value == null) {
                        return method.getDefaultValue();
                    }
                    String text = value.toString();
                    return switch (method.getReturnType().getName()) {
                        case "int" -> Integer.valueOf(text);
                        case "double" -> Double.valueOf(text);
                        case "boolean" -> Boolean.valueOf(text);
                        default -> text;
                    };
                });
    }

    /** Answers a call of an interface. */
    private interface Answer {
        @Nullable
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                Objects.requireNonNull(type.getClassLoader()),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        answer.to(method.getName(), arguments == null ? new Object[0] : arguments)));
    }
}
