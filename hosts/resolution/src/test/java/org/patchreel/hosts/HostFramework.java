package org.patchreel.hosts;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Domain;
import aQute.bnd.osgi.resource.CapReqBuilder;
import aQute.bnd.osgi.resource.ResourceBuilder;
import aQute.bnd.osgi.resource.ResourceUtils;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.resolver.Logger;
import org.apache.felix.resolver.ResolverImpl;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.resource.Wire;
import org.osgi.resource.Wiring;
import org.osgi.service.resolver.HostedCapability;
import org.osgi.service.resolver.ResolutionException;
import org.osgi.service.resolver.ResolveContext;

/** A host as the OSGi resolver sees it: one resource that exports all its packages, on Java 17 and Linux x86-64. */
final class HostFramework {

    private final Resource host;

    private HostFramework(Resource host) {
        this.host = host;
    }

    /**
     * Reads what a host exports.
     *
     * @param lists names of resource files
     * @param java whether to add the packages of the Java runtime, where no list names them
     */
    static HostFramework of(List<String> lists, boolean java) throws IOException {
        ResourceBuilder builder = new ResourceBuilder();
        builder.addCapability(identity());
        for (String list : lists) {
            exports(builder, text(list));
        }
        if (java) {
            Set<String> packages = new TreeSet<>();
            ModuleFinder.ofSystem()
                    .findAll()
                    .forEach(module -> module.descriptor().exports().stream()
                            .filter(each -> !each.isQualified())
                            .forEach(each -> packages.add(each.source())));
            exports(builder, String.join("\n", packages));
        }
        Parameters capabilities = new Parameters("""
                osgi.ee;osgi.ee=JavaSE;version:List<Version>="1.8,9,10,11,12,13,14,15,16,17",
                osgi.extender;osgi.extender=osgi.component;version:Version=1.5,
                osgi.native;osgi.native.osname:List<String>="Linux,linux";osgi.native.processor:List<String>="x86-64,amd64,x86_64"
                """.replace("\n", ""));
        builder.addProvideCapabilities(capabilities);
        return new HostFramework(builder.build());
    }

    private static CapReqBuilder identity() {
        return new CapReqBuilder(IdentityNamespace.IDENTITY_NAMESPACE)
                .addAttribute(IdentityNamespace.IDENTITY_NAMESPACE, "host")
                .addAttribute(IdentityNamespace.CAPABILITY_VERSION_ATTRIBUTE, new org.osgi.framework.Version(1, 0, 0));
    }

    private static String text(String list) throws IOException {
        try (InputStream in = HostFramework.class.getResourceAsStream(list)) {
            return new String(Objects.requireNonNull(in, list).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void exports(ResourceBuilder builder, String list) {
        for (String line : list.lines().filter(each -> !each.startsWith("#")).toList()) {
            for (Map.Entry<String, Attrs> each : new Parameters(line).entrySet()) {
                builder.addExportPackage(each.getKey(), each.getValue());
            }
        }
    }

    /** {@return a bundle as the resolver sees it} */
    static Resource bundle(Domain manifest) {
        ResourceBuilder builder = new ResourceBuilder();
        builder.addManifest(manifest);
        return builder.build();
    }

    /**
     * Resolves bundles together in this host.
     *
     * @return the packages that each gets, with the bundle that it gets them from
     * @throws ResolutionException if one of them cannot be resolved; the message says what it lacks
     */
    Map<String, Map<String, String>> resolve(Collection<Resource> bundles) throws ResolutionException {
        Map<Resource, List<Wire>> wires =
                new ResolverImpl(new Logger(Logger.LOG_ERROR), null).resolve(new Context(host, bundles));
        Map<String, Map<String, String>> packages = new HashMap<>();
        for (Map.Entry<Resource, List<Wire>> each : wires.entrySet()) {
            Map<String, String> imported = packages.computeIfAbsent(name(each.getKey()), name -> new HashMap<>());
            for (Wire wire : each.getValue()) {
                if (wire.getCapability().getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)) {
                    imported.put(
                            String.valueOf(
                                    wire.getCapability().getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)),
                            name(wire.getProvider()));
                }
            }
        }
        return packages;
    }

    private static String name(Resource resource) {
        return ResourceUtils.getIdentity(resource);
    }

    /** Offers the host before the bundles. */
    private static final class Context extends ResolveContext {

        private final Collection<Resource> bundles;
        private final List<Resource> all = new ArrayList<>();

        Context(Resource host, Collection<Resource> bundles) {
            this.bundles = bundles;
            all.add(host);
            all.addAll(bundles);
        }

        @Override
        public Collection<Resource> getMandatoryResources() {
            return bundles;
        }

        @Override
        public List<Capability> findProviders(Requirement requirement) {
            return new ArrayList<>(all.stream()
                    .flatMap(resource -> resource.getCapabilities(requirement.getNamespace()).stream())
                    .filter(ResourceUtils.matcher(requirement))
                    .toList());
        }

        @Override
        public int insertHostedCapability(List<Capability> capabilities, HostedCapability hosted) {
            capabilities.add(hosted);
            return capabilities.size() - 1;
        }

        @Override
        public boolean isEffective(Requirement requirement) {
            String effective = requirement.getDirectives().get(Constants.EFFECTIVE_DIRECTIVE.replace(":", ""));
            return effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE);
        }

        @Override
        public Map<Resource, Wiring> getWirings() {
            return Map.of();
        }
    }
}
