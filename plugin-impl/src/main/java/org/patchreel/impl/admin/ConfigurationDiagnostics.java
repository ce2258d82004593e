package org.patchreel.impl.admin;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ComponentStatus.Problem;

/** Finds configurations that are not in use, or whose component no longer exists. */
final class ConfigurationDiagnostics {

    private static final String CAUSE = "Caused by: ";

    /** Where Felix File Install notes the file of a configuration. */
    private static final String FILE = "felix.fileinstall.filename";

    private ConfigurationDiagnostics() {}

    /** {@return what is wrong with components that are there all the same, each problem once} */
    static List<Problem> problems(Collection<ComponentStatus> components) {
        return components.stream()
                .flatMap(component -> component.problem().stream())
                .distinct()
                .toList();
    }

    /** Names the key, its value and its file, for components that go on without a configuration they cannot use. */
    static List<Finding> refused(List<Problem> problems) {
        return problems.stream()
                .map(problem -> Finding.bad(problem.subject(), problem.description(), problem.remedy()))
                .toList();
    }

    /** {@return why a component cannot do anything, if its configuration is to blame} */
    static Optional<Problem> unusable(@Nullable Object component) {
        return component instanceof ComponentStatus status
                ? status.problem().filter(problem -> !problem.usable())
                : Optional.empty();
    }

    /** What a component that could not be activated complains of, in one line, without the exceptions around it. */
    static Finding failed(ComponentDescriptionDTO description, ComponentConfigurationDTO component) {
        List<String> lines = String.valueOf(component.failure).lines().toList();
        String reason = lines.stream()
                .filter(line -> line.startsWith(CAUSE))
                .reduce((first, second) -> second)
                .map(line -> line.substring(CAUSE.length()))
                .orElse(lines.isEmpty() ? "" : lines.get(0));
        // the class of the exception tells an operator nothing, unless there is nothing else
        String message = reason.replaceFirst("^[\\w.$]+: ", "");
        Optional<Path> file = file(component);
        Optional<String> pid = pid(component);
        return Finding.bad(
                "component " + description.name,
                pid.filter(name -> !message.contains(name))
                                .map(name -> name + ": ")
                                .orElse("")
                        + message,
                file.map(name -> "correct " + name)
                        .or(() -> pid.map(name -> "correct the configuration " + name))
                        .orElse("see the host's log"));
    }

    /** Configurations whose file is gone: they stay in force, and no folder shows them. */
    static List<Finding> withoutFile(
            ServiceComponentRuntime runtime, Collection<ComponentDescriptionDTO> descriptions) {
        List<Finding> findings = new ArrayList<>();
        for (ComponentDescriptionDTO description : descriptions) {
            for (ComponentConfigurationDTO component : runtime.getComponentConfigurationDTOs(description)) {
                Optional<Path> file = file(component).filter(Files::notExists);
                Optional<String> pid = pid(component);
                if (file.isPresent() && pid.isPresent()) {
                    findings.add(Finding.soon(
                            subject(pid.get()),
                            "is in force although its file " + file.get() + " is gone",
                            "write the file anew, or delete the configuration (in Karaf: config:delete " + pid.get()
                                    + ")"));
                }
            }
        }
        return findings.stream().distinct().toList();
    }

    private static String subject(String pid) {
        return "configuration " + pid;
    }

    /** The configuration's own PID: for a factory that of the instance. */
    private static Optional<String> pid(ComponentConfigurationDTO component) {
        Object pid = component.properties.get("service.pid");
        if (pid instanceof Object[] several) {
            return Stream.of(several).map(String::valueOf).reduce((first, second) -> second);
        }
        return pid == null ? Optional.empty() : Optional.of(pid.toString());
    }

    private static Optional<Path> file(ComponentConfigurationDTO component) {
        Object file = component.properties.get(FILE);
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(URI.create(file.toString())));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty(); // kept elsewhere than in a file
        }
    }
}
