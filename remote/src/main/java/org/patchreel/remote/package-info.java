/**
 * A generator on another machine as the services of this one: jobs, assets, sources and verification, over the JSON API of the
 * bundle {@code web}. For hosts that can hold neither native code nor state on their disk.
 *
 * <p>{@link org.patchreel.remote.RemoteConnection} is the component that is configured, {@code RemoteApi} sends the requests, and
 * {@code RemoteGenerator} is the class to read first.
 */
@NullMarked
package org.patchreel.remote;

import org.jspecify.annotations.NullMarked;
