/**
 * An adapter to start from. {@link org.patchreel.example.OperationHandler}, {@link org.patchreel.example.Operation}, {@link
 * org.patchreel.example.MediaPackage} and {@link org.patchreel.example.OperationException} are the workflow API of an
 * imaginary host, in the manner of Opencast's; {@link org.patchreel.example.GenerateClipHandler} is the adapter: put your
 * host's API in the place of the four and change the adapter until it compiles.
 */
@NullMarked
package org.patchreel.example;

import org.jspecify.annotations.NullMarked;
