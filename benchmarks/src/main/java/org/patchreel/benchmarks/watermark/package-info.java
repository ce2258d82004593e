/**
 * How well the watermark survives, how often it is seen where none is, and what it costs. {@link
 * org.patchreel.benchmarks.watermark.WatermarkBenchmark} is the program; read {@link
 * org.patchreel.benchmarks.watermark.Evaluation} first: it marks clips with the product's own code, has them attacked by
 * another program, and reads the marks again.
 */
@NullMarked
package org.patchreel.benchmarks.watermark;

import org.jspecify.annotations.NullMarked;
