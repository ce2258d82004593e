package org.patchreel.api;

import java.net.URI;

/**
 * Names a stored clip.
 *
 * @param id the asset's ID within its store, see {@link AssetId}
 * @param location where the host keeps the clip: a {@code file:} URI for the file store, a repository path elsewhere
 */
public record AssetReference(String id, URI location) {}
