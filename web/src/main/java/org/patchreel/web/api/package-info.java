/**
 * Patchreel's API over HTTP, with JSON: jobs and their events, assets and their files, pictures and clips to make them of,
 * models, verification, usage, health. Off until it is configured. What it offers stands in {@code openapi.json}.
 *
 * <p>{@link org.patchreel.web.api.ApiService} is the component with the configuration, {@code Api} lists the routes, and a class
 * {@code …Resources} has the operations of each kind of resource, on the exchange of {@link org.patchreel.web.http}.
 */
@NullMarked
package org.patchreel.web.api;

import org.jspecify.annotations.NullMarked;
