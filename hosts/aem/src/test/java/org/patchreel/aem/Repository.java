package org.patchreel.aem;

import com.day.cq.dam.api.Asset;
import com.day.cq.dam.api.AssetManager;
import com.day.cq.dam.api.DamConstants;
import io.wcm.testing.mock.aem.junit5.AemContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import javax.jcr.SimpleCredentials;
import javax.jcr.security.Privilege;
import org.apache.jackrabbit.api.JackrabbitSession;
import org.apache.jackrabbit.commons.jackrabbit.authorization.AccessControlUtils;
import org.apache.sling.api.resource.LoginException;
import org.apache.sling.api.resource.ModifiableValueMap;
import org.apache.sling.api.resource.Resource;
import org.apache.sling.api.resource.ResourceResolver;
import org.apache.sling.api.resource.ResourceResolverFactory;

/** A DAM with folders, and a user for workflows who may write to some of them. */
final class Repository {

    static final String FOLDER = "/content/dam/clips";
    static final String FORBIDDEN = "/content/dam/archive";
    static final String BRIEFS = "/content/dam/briefs";
    static final String USER = "workflow-process-service";

    private final AemContext context;

    Repository(AemContext context) throws RepositoryException {
        this.context = context;
        context.create().resource(FOLDER, Map.of("jcr:primaryType", "sling:OrderedFolder"));
        context.create().resource(BRIEFS, Map.of("jcr:primaryType", "sling:OrderedFolder"));
        context.create().resource(FORBIDDEN, Map.of("jcr:primaryType", "sling:OrderedFolder"));
        JackrabbitSession session = (JackrabbitSession) admin();
        Principal user = session.getUserManager().createUser(USER, "secret").getPrincipal();
        session.save();
        AccessControlUtils.addAccessControlEntry(
                session,
                "/content/dam",
                user,
                new String[] {Privilege.JCR_READ, Privilege.JCR_WRITE, Privilege.JCR_NODE_TYPE_MANAGEMENT},
                true);
        AccessControlUtils.addAccessControlEntry(session, FORBIDDEN, user, new String[] {Privilege.JCR_WRITE}, false);
        session.save();
    }

    /** As the content package does. */
    void registerNamespaces() throws RepositoryException {
        for (Map.Entry<String, String> namespace : DamFolder.NAMESPACES.entrySet()) {
            admin().getWorkspace().getNamespaceRegistry().registerNamespace(namespace.getKey(), namespace.getValue());
        }
    }

    Session admin() {
        return Optional.ofNullable(context.resourceResolver().adaptTo(Session.class))
                .orElseThrow();
    }

    /** {@return a new session of the workflow's user} */
    ResourceResolver login() throws RepositoryException, LoginException {
        Session session = admin().impersonate(new SimpleCredentials(USER, new char[0]));
        ResourceResolverFactory factory = Optional.ofNullable(context.getService(ResourceResolverFactory.class))
                .orElseThrow();
        return factory.getResourceResolver(Map.of("user.jcr.session", session));
    }

    /** Makes an asset in {@link #BRIEFS}. */
    String payload(String name, String mediaType, String content, Map<String, Object> metadata) throws IOException {
        String path = BRIEFS + "/" + name;
        createAsset(path, mediaType, content.getBytes(StandardCharsets.UTF_8));
        Resource node = Optional.ofNullable(context.resourceResolver().getResource(path + "/jcr:content/metadata"))
                .orElseThrow();
        Optional.ofNullable(node.adaptTo(ModifiableValueMap.class))
                .orElseThrow()
                .putAll(metadata);
        context.resourceResolver().commit();
        return path;
    }

    @SuppressWarnings("deprecation")
    void createAsset(String path, String mediaType, byte[] content) {
        Optional.ofNullable(context.resourceResolver().adaptTo(AssetManager.class))
                .orElseThrow()
                .createAsset(path, new ByteArrayInputStream(content), mediaType, true);
    }

    Asset asset(String path) {
        context.resourceResolver().refresh();
        return Optional.ofNullable(context.resourceResolver().getResource(path))
                .map(resource -> resource.adaptTo(Asset.class))
                .orElseThrow();
    }

    byte[] rendition(String path, String name) throws IOException {
        try (InputStream bytes = asset(path).getRendition(name).getStream()) {
            return bytes.readAllBytes();
        }
    }

    Map<String, Object> metadata(String path) {
        return properties(path + "/jcr:content/metadata");
    }

    Map<String, Object> properties(String path) {
        context.resourceResolver().refresh();
        return Optional.ofNullable(context.resourceResolver().getResource(path))
                .orElseThrow()
                .getValueMap();
    }

    int clips() {
        context.resourceResolver().refresh();
        int count = 0;
        for (Resource child : Optional.ofNullable(context.resourceResolver().getResource(FOLDER))
                .orElseThrow()
                .getChildren()) {
            count += child.isResourceType(DamConstants.NT_DAM_ASSET) ? 1 : 0;
        }
        return count;
    }
}
