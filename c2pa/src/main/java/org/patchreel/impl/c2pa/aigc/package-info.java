/**
 * The label that China's GB 45438-2025 wants in the metadata of files of generated content: a value {@code AIGC} of JSON, in MP4 files
 * under a key of that name, in others in XMP. It is bound by the manifest like all of the file, and proves nothing without one.
 */
@NullMarked
package org.patchreel.impl.c2pa.aigc;

import org.jspecify.annotations.NullMarked;
