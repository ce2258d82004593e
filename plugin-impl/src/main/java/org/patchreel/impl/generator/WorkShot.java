package org.patchreel.impl.generator;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Transition;
import org.patchreel.spi.ModelTask;

/**
 * One shot of a clip to make, with every choice made.
 *
 * @param task for the model, in the size, length and rate in which it makes the frames
 * @param sources pictures and clips that go into it
 * @param given the prompt as it was given; the task has the one that the model reads
 * @param opening how it begins
 * @param used how many of the model's frames become frames of the clip: those that follow the {@link #skipped} ones
 * @param frames of the clip that are made of them, those that are mixed with frames of other shots among them
 */
record WorkShot(ModelTask task, List<WorkSource> sources, GivenPrompt given, Opening opening, int used, int frames) {

    /**
     * How a shot begins.
     *
     * @param transition from the shot before; a cut for the first one
     * @param frames 0 for a cut; of a dissolve, the clip's frames that are mixed; of a shot that continues the one before, the
     *     last ones of those of the model's frames that are used there, which are the first of this shot's
     */
    record Opening(Transition transition, int frames) {

        /** Of the first shot, and of each that follows a cut. */
        static final Opening CUT = new Opening(Transition.CUT, 0);
    }

    /**
     * A prompt as it was given.
     *
     * @param text of the prompt
     * @param notes what was said of it, as when it was expanded, a sentence each
     */
    record GivenPrompt(String text, List<String> notes) {

        GivenPrompt {
            notes = List.copyOf(notes);
        }

        GivenPrompt with(List<String> more) {
            return new GivenPrompt(
                    text, Stream.of(notes, more).flatMap(List::stream).toList());
        }
    }

    WorkShot {
        sources = List.copyOf(sources);
    }

    /** {@return this shot, whose model reads another prompt} */
    WorkShot expanded(String prompt, List<String> notes) {
        return new WorkShot(task.withPrompt(prompt), sources, given.with(notes), opening, used, frames);
    }

    /** {@return this shot, of which something more is to be said} */
    WorkShot noted(String note) {
        return new WorkShot(task, sources, given.with(List.of(note)), opening, used, frames);
    }

    /** {@return this shot, of which another number of the model's frames is used} */
    WorkShot using(int count) {
        return new WorkShot(task, sources, given, opening, count, frames);
    }

    /** {@return the prompt that the model reads, if it is not the one that was given} */
    Optional<String> expandedPrompt() {
        return Optional.of(task.prompt()).filter(prompt -> !prompt.equals(given.text()));
    }

    /** {@return the clips that the result continues, in their order} */
    List<WorkSource.Continued> continued() {
        return sources.stream()
                .flatMap(source -> source.<Stream<WorkSource.Continued>, RuntimeException>fold(
                        picture -> Stream.empty(),
                        Stream::of,
                        restyled -> Stream.empty(),
                        interpolated -> Stream.empty(),
                        guide -> Stream.empty()))
                .toList();
    }

    /** {@return the clip that is restyled, if there is one} */
    Optional<WorkSource.Restyled> restyled() {
        return sources.stream()
                .flatMap(source -> source.<Stream<WorkSource.Restyled>, RuntimeException>fold(
                        picture -> Stream.empty(),
                        continued -> Stream.empty(),
                        Stream::of,
                        interpolated -> Stream.empty(),
                        guide -> Stream.empty()))
                .findFirst();
    }

    /** {@return the clip between whose frames others are made, if there is one} */
    Optional<WorkSource.Interpolated> interpolated() {
        return sources.stream()
                .flatMap(source -> source.<Stream<WorkSource.Interpolated>, RuntimeException>fold(
                        picture -> Stream.empty(),
                        continued -> Stream.empty(),
                        restyled -> Stream.empty(),
                        Stream::of,
                        guide -> Stream.empty()))
                .findFirst();
    }

    /** {@return what the model follows in a role, in their order} */
    List<WorkSource.Guide> guides(WorkSource.Guide.Role role) {
        return sources.stream()
                .flatMap(source -> source.<Stream<WorkSource.Guide>, RuntimeException>fold(
                        picture -> Stream.empty(),
                        continued -> Stream.empty(),
                        restyled -> Stream.empty(),
                        interpolated -> Stream.empty(),
                        Stream::of))
                .filter(guide -> guide.role() == role)
                .toList();
    }

    /** {@return how many of the model's first frames the clip does not show, as a continued clip's or shot's own stand there} */
    int skipped() {
        int clips = continued().stream()
                .filter(clip -> clip.side() == Side.AFTER)
                .mapToInt(clip -> clip.known() - 1)
                .sum();
        return clips + (continuesShot() ? opening.frames() : 0);
    }

    /** {@return whether the first frame after those is a continued clip's last one} */
    boolean beginsWithKnownFrame() {
        return continued().stream().anyMatch(clip -> clip.side() == Side.AFTER);
    }

    /** {@return whether the model knows the last frames of the shot before} */
    boolean continuesShot() {
        return opening.transition() == Transition.CONTINUE;
    }

    /** {@return how many of its first frames are mixed with the last ones of the shot before} */
    int dissolved() {
        return opening.transition() == Transition.DISSOLVE ? opening.frames() : 0;
    }
}
