package org.patchreel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

class BrokerSettingsTest {

    /** As Declarative Services read properties through the component property type. */
    private static RemoteWorkers.Config config(Map<String, Object> properties) {
        return (RemoteWorkers.Config) Proxy.newProxyInstance(
                RemoteWorkers.Config.class.getClassLoader(),
                new Class<?>[] {RemoteWorkers.Config.class},
                (proxy, method, arguments) -> value(method, properties));
    }

    private static Object value(Method method, Map<String, Object> properties) {
        if (method.getDeclaringClass() == Annotation.class) {
            throw new UnsupportedOperationException();
        }
        Object value = properties.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue());
        return method.getReturnType() == int.class && value instanceof String text
                ? (Object) Integer.valueOf(text)
                : value;
    }

    private static BrokerSettings read(Object... pairs) {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put((String) pairs[i], pairs[i + 1]);
        }
        return BrokerSettings.read(
                new ConfigurationValues(RemoteWorkers.PID, properties),
                new HomeFolder(Optional.of(Path.of("/home/x"))),
                config(properties));
    }

    private static String refusal(Object... pairs) {
        return assertThrows(ConfigurationException.class, () -> read(pairs)).getMessage();
    }

    @Test
    void nothingIsOnUnlessItIsConfigured() {
        BrokerSettings settings = read();
        assertTrue(settings.embedded().isEmpty());
        assertTrue(settings.external().isEmpty());
        assertEquals(3, settings.tries());
    }

    @Test
    void anEmbeddedBrokerListensToThisMachineAlone() {
        BrokerSettings settings = read("embedded", "true", ".password", "correct horse");
        assertEquals(
                "tcp://127.0.0.1:61616",
                settings.embedded().orElseThrow().address().toString());
        assertEquals(
                Path.of("/home/x/broker"), settings.embedded().orElseThrow().folder());
        assertEquals("worker", settings.embedded().orElseThrow().workers().user());
    }

    @Test
    void whatCannotBeUsedIsNamedAndNoPasswordIsShown() {
        assertEquals(
                "org.patchreel.broker: .password, expected a password of at least 12 characters",
                refusal("embedded", true, ".password", "secret"));
        assertEquals(
                "org.patchreel.broker: .hosts.password, expected a password of at least 12 characters",
                refusal("embedded", true, ".password", "correct horse", ".hosts.password", "x"));
        assertEquals(
                "org.patchreel.broker: address: ssl://0.0.0.0:1 needs a keystore and a truststore: both sides show"
                        + " certificates",
                refusal("embedded", true, ".password", "correct horse", "address", "ssl://0.0.0.0:1"));
        assertTrue(refusal("embedded", true, ".password", "correct horse", "address", "tcp://0.0.0.0:1")
                .contains("is not on this machine"));
        assertTrue(
                refusal("url", "broker").startsWith("org.patchreel.broker: url: not the address of a broker: broker"));
        assertEquals(
                "org.patchreel.broker: embedded and url are both set: a host has one broker",
                refusal("embedded", true, "url", "ssl://a:1"));
        assertEquals("org.patchreel.broker: name = a-b, expected 1 to 64 letters and digits", refusal("name", "a-b"));
        assertEquals("org.patchreel.broker: tries = 0, expected a whole number from 1 to 100", refusal("tries", "0"));
        assertEquals("org.patchreel.broker: embedded = yes, expected true or false", refusal("embedded", "yes"));
    }
}
