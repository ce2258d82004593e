/**
 * The invisible watermark: a 64-bit ID in the luma of every frame, found again without the original.
 *
 * <p>{@link org.patchreel.impl.watermark.WatermarkService} is what the rest of Patchreel uses. Read {@link
 * org.patchreel.impl.watermark.FrameMarker} for what is added to a frame, {@link
 * org.patchreel.impl.watermark.StrengthControl} for how much of it, {@link org.patchreel.impl.watermark.FileSearch} for how
 * a file is searched, and {@link org.patchreel.impl.watermark.MarkSearch} for how one place is.
 *
 * <h2>The mark</h2>
 *
 * Frames are brought to a working grid whose shorter side has 360 pixels; smaller frames keep their size, and below about
 * 200 lines the ID can no longer be expected to be read. A square tile of 128 pixels repeats over the grid. It is a sum of
 * 1778 cosines with secret phases: 240 have a known sign, from which the tile's place is found, the others carry the ID and a
 * message authentication code of 40 bits, coded and scrambled. The tile is the same in all frames of a clip, so nothing
 * flickers. Because it repeats, its spectrum is a lattice of lines, which shows how a copy was scaled, stretched and turned.
 *
 * <h2>False positives</h2>
 *
 * A mark is reported only if a decoded word's message authentication code is that of its ID. For pictures that were made
 * without the key, the code that HMAC-SHA-256 gives the decoded ID is one of 2⁴⁰ equally likely ones, whatever word was
 * decoded; so one attempt reads a mark with a chance of 2⁻⁴⁰. {@link org.patchreel.impl.watermark.MarkSearch} decodes at
 * most 800 words a file, all keys, geometries, regions and stretches of time together. By the union bound the chance for a
 * file is at most 800 · 2⁻⁴⁰ = 7.3 · 10⁻¹⁰.
 *
 * <p>Independently of that code: the signs that scramble the payload are independent and uniform, so by Hoeffding's
 * inequality the normalised correlation ρ of any one word with the carriers of an unmarked picture reaches r with a chance
 * of at most exp(−r²/2). There are 2⁶⁴ words with a right code; that any of them reaches ρ ≥ 13 has a chance of 2⁶⁴ ·
 * exp(−84.5) = 3.7 · 10⁻¹⁸ an attempt. Most marks are read at more than that.
 *
 * <h2>Known marks</h2>
 *
 * Where a file's pictures are those of a stored clip, the mark that it should have is known, and {@link
 * org.patchreel.impl.watermark.KnownMarkSearch} asks for it alone if nothing could be read. Then the sign of all carriers is
 * known and t is taken over all of them: t = Σ a·|z|·cos θ / √(Σ (a·|z|)² / 2), with the reading z of each carrier, its
 * weight times its known amplitude a, and the angle θ between the two. For pictures that were made without the key the
 * secret phases make the angles independent and uniform, whatever the readings, the weights and the shift are. Because E
 * exp(λ cos θ) = I₀(λ) ≤ exp(λ²/4), t reaches x at one shift with a chance of at most exp(−x²/2) (Chernoff's bound). There
 * are 2 · 2048² = 2²³ shifts and signs, and at most 2¹³ geometries, orientations, IDs and keys together are tried in a file,
 * those on the way to a better geometry among them. A mark is seen from t = 9.8 on: by the union bound the chance for a
 * file is at most 2³⁶ · exp(−48.02) = 9.6 · 10⁻¹¹.
 *
 * <p>Before that it is asked for at the very place where it was put, which an upright picture has that was encoded or scaled
 * and not cut: there are 81 shifts within a pixel of it, and at most 2⁷ geometries, IDs and keys are tried. There a mark is
 * seen from t = 8 on; the chance for a file is at most 2⁷ · 81 · exp(−32) = 1.3 · 10⁻¹⁰. The three together are below 10⁻⁹.
 *
 * <p>In a file with another mark of the same key the phases are not independent of the pictures. There the payload alone
 * must reach ρ = 8 too, or 7 at the place where the mark was put: the words of two random IDs agree in as many signs as they
 * differ in, give or take a twentieth (464 coded bits, pairwise independent), so a mark of ρ = 15, which would have been
 * read, gives another ID a ρ of 0 ± 1.2.
 *
 * <h2>What a detection proves</h2>
 *
 * That somewhere these pictures, or a part of them, took up a mark of this installation; no more. A static mark can be
 * carried over: whoever averages what forty marked frames have in common and adds it to other footage makes a file in which
 * the mark is read. So a mark alone is never called provenance: its ID leads to a stored manifest, and the pictures must
 * match that clip's stored fingerprint too. The statistics t and ρ stay in this package and its measurements: an oracle
 * that told them would show an attacker how to remove or move a mark. What may be said: the mark survives ordinary
 * processing by platforms, is read by chance with less than 10⁻⁹ a file, and leads to a signed manifest. It does not
 * withstand informed removal, and its absence says nothing about whether a picture was made by an AI system.
 *
 * <p>Whoever has the secret can make, move and remove marks. A new epoch limits what a lost secret can do; the old secrets
 * stay, or the old marks can no longer be read.
 */
@NullMarked
package org.patchreel.impl.watermark;

import org.jspecify.annotations.NullMarked;
