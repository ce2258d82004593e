/**
 * For providers: models that make frames, sinks that take them, stores that keep the clips.
 *
 * <p>A {@link org.patchreel.spi.VideoModel} pushes {@link org.patchreel.spi.VideoFrame}s into a {@link
 * org.patchreel.spi.FrameSink} while it decodes them; an {@link org.patchreel.spi.AssetStore} takes the finished files.
 * A {@link org.patchreel.spi.Watermarker} marks the frames on their way, a {@link org.patchreel.spi.ClaimSigner} holds
 * the key for the manifest. A {@link org.patchreel.spi.PromptPolicy} judges each {@link org.patchreel.spi.Submission} and may
 * refuse it; an {@link org.patchreel.spi.OutputCheck} judges frames, with a {@link org.patchreel.spi.PictureClassifier} if there is
 * one. A {@link org.patchreel.spi.SoftBindingResolver} leads from marks to stored manifests. An {@link
 * org.patchreel.spi.AuditSink} keeps a record of all that.
 *
 * <p>A {@link org.patchreel.spi.RemoteModel} runs on other machines; there an {@link org.patchreel.spi.OrderProducer} makes the
 * files of whole clips.
 *
 * <p>A component that outlives a wrong configuration keeps {@link org.patchreel.spi.Settings} and tells of it as a {@link
 * org.patchreel.spi.ComponentStatus}. What it measures is a {@link org.patchreel.spi.MetricSource}.
 */
@NullMarked
@Export
@Version("2.0.0")
package org.patchreel.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
