package org.patchreel.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The manifests of docs/workers have what Kubernetes and KEDA require, nothing that they do not know, and refer to each other. */
class KubernetesTest {

    private static final Path FOLDER = Documentation.ROOT.resolve("docs/workers");

    private static List<JsonNode> read(String name) throws IOException {
        ObjectMapper yaml = new ObjectMapper(YAMLFactory.builder().build());
        try (YAMLParser parser = ((YAMLFactory) yaml.getFactory())
                        .createParser(FOLDER.resolve(name).toFile());
                MappingIterator<JsonNode> documents =
                        yaml.readerFor(JsonNode.class).readValues(parser)) {
            return documents.readAll();
        }
    }

    private static List<JsonNode> all() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String name : List.of("host.yaml", "workers.yaml", "keda.yaml")) {
            all.addAll(read(name));
        }
        return all;
    }

    private static JsonNode only(String kind) throws IOException {
        List<JsonNode> found = all().stream()
                .filter(each -> each.path("kind").asText().equals(kind))
                .toList();
        assertEquals(1, found.size(), kind);
        return found.get(0);
    }

    @Test
    void everyObjectHasAVersionAKindANameAndWhatItSpecifies() throws IOException {
        Set<String> names = new HashSet<>();
        for (JsonNode object : all()) {
            String name = object.path("kind").asText() + " "
                    + object.at("/metadata/name").asText();
            assertTrue(object.path("apiVersion").asText().matches("([a-z0-9.]+/)?v\\d[a-z0-9]*"), name);
            assertTrue(object.at("/metadata/name").asText().matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?"), name);
            assertTrue(object.path("spec").isObject(), name);
            assertTrue(names.add(name), name + " is there twice");
        }
        assertEquals(6, names.size());
    }

    /** The classes are generated from the schemas of Kubernetes' API. */
    @Test
    void objectsOfKubernetesHaveNoFieldsOrValuesThatItsSchemasDoNotHave() throws IOException {
        Map<String, Class<?>> schemas = Map.of(
                "Service", Service.class,
                "StatefulSet", StatefulSet.class,
                "Deployment", Deployment.class,
                "NetworkPolicy", NetworkPolicy.class);
        ObjectMapper strict = new ObjectMapper();
        strict.setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
            private static final long serialVersionUID = 1;

            /** Otherwise they would keep what they do not know. */
            @Override
            public Boolean hasAnySetter(Annotated member) {
                return false;
            }
        });
        for (Map.Entry<String, Class<?>> schema : schemas.entrySet()) {
            JsonNode object = only(schema.getKey());
            strict.treeToValue(object, schema.getValue());
            ObjectNode wrong = object.deepCopy();
            ((ObjectNode) wrong.path("spec")).put("replica", 2);
            assertThrows(JsonMappingException.class, () -> strict.treeToValue(wrong, schema.getValue()));
        }
    }

    @Test
    void podsHaveTheLabelsThatAreSelected() throws IOException {
        for (String kind : List.of("StatefulSet", "Deployment")) {
            JsonNode object = only(kind);
            JsonNode labels = object.at("/spec/template/metadata/labels");
            assertFalse(labels.isEmpty());
            assertEquals(labels, object.at("/spec/selector/matchLabels"), kind);
        }
        assertEquals(
                only("StatefulSet").at("/spec/template/metadata/labels"),
                only("Service").at("/spec/selector"));
        JsonNode policy = only("NetworkPolicy");
        assertEquals(
                only("StatefulSet").at("/spec/template/metadata/labels"), policy.at("/spec/podSelector/matchLabels"));
        assertEquals(
                only("Deployment").at("/spec/template/metadata/labels"),
                policy.at("/spec/ingress/0/from/0/podSelector/matchLabels"));
    }

    @Test
    void containersMountVolumesThatAreThere() throws IOException {
        for (String kind : List.of("StatefulSet", "Deployment")) {
            JsonNode pod = only(kind).at("/spec/template/spec");
            Set<String> volumes = new HashSet<>();
            pod.path("volumes")
                    .forEach(volume -> volumes.add(volume.path("name").asText()));
            only(kind)
                    .at("/spec/volumeClaimTemplates")
                    .forEach(claim -> volumes.add(claim.at("/metadata/name").asText()));
            int containers = 0;
            for (String list : List.of("initContainers", "containers")) {
                for (JsonNode container : pod.path(list)) {
                    containers++;
                    assertFalse(container.path("image").asText().isEmpty());
                    assertFalse(container.path("command").isEmpty());
                    for (JsonNode mount : container.path("volumeMounts")) {
                        assertTrue(volumes.contains(mount.path("name").asText()), kind + ": " + mount);
                        assertTrue(mount.path("mountPath").asText().startsWith("/"), kind + ": " + mount);
                    }
                }
            }
            assertEquals(2, containers);
        }
    }

    @Test
    void aWorkerIsGivenLongerThanItDrainsAndReachesTheHost() throws IOException {
        JsonNode pod = only("Deployment").at("/spec/template/spec");
        List<String> arguments = new ArrayList<>();
        pod.at("/containers/0/args").forEach(each -> arguments.add(each.asText()));
        assertEquals("worker", arguments.get(0));
        int drain = arguments.stream()
                .filter(each -> each.startsWith("--drain="))
                .mapToInt(each -> Integer.parseInt(each.substring("--drain=".length())))
                .findFirst()
                .orElseThrow();
        assertTrue(pod.path("terminationGracePeriodSeconds").intValue() > drain);
        JsonNode service = only("Service");
        int port = service.at("/spec/ports/0/port").intValue();
        assertTrue(arguments.contains(
                "--broker=ssl://" + service.at("/metadata/name").asText() + ":" + port));
        assertEquals(
                port,
                only("StatefulSet")
                        .at("/spec/template/spec/containers/0/ports/0/containerPort")
                        .intValue());
        assertEquals(
                port, only("NetworkPolicy").at("/spec/ingress/0/ports/0/port").intValue());
    }

    @Test
    void theAutoscalerScalesTheWorkersByTheQueueOfOrders() throws IOException {
        JsonNode scaled = only("ScaledObject");
        assertEquals(only("Deployment").at("/metadata/name"), scaled.at("/spec/scaleTargetRef/name"));
        JsonNode trigger = scaled.at("/spec/triggers/0");
        assertEquals("activemq", trigger.path("type").asText());
        assertEquals("patchreel.orders", trigger.at("/metadata/destinationName").asText());
        for (String required : List.of("managementEndpoint", "brokerName", "targetQueueSize")) {
            assertTrue(trigger.path("metadata").path(required).isTextual(), required);
        }
        assertEquals(only("TriggerAuthentication").at("/metadata/name"), trigger.at("/authenticationRef/name"));
    }
}
