package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CameraTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pan left|pan left",
                "Pan-Left ,  dolly in|pan left, dolly in",
                "pan left and dolly in|pan left, dolly in",
                "pan left, tilt up, and dolly in|pan left, tilt up, dolly in",
                "pan left then pan right|pan left then pan right",
                "pan left, dolly in, and then tilt up|pan left, dolly in then tilt up",
                "push in|dolly in",
                "tracking shot|follow",
                "zoom in, dolly out|zoom in, dolly out",
                "STATIC|static",
            })
    void readsWhatPeopleWrite(String typed, String read) {
        Camera camera = Camera.parse("camera", typed);
        assertEquals(read, camera.toString());
        assertEquals(camera, Camera.parse("camera", read));
    }

    @ParameterizedTest
    @EnumSource(CameraMove.class)
    void knowsEachMoveByItsTerm(CameraMove move) {
        assertEquals(Camera.of(move), Camera.parse("camera", move.label()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pan left, pan right|--camera: a camera cannot make the moves pan left and pan right at once",
                "zoom out and zoom in|--camera: a camera cannot make the moves zoom out and zoom in at once",
                "static, crane up|--camera: a camera cannot make the moves static and crane up at once",
                "push in, dolly in|--camera: the camera move dolly in is given twice",
                "pan left then static then pan left then static then pan left|--camera: a camera makes at most 4 moves after"
                        + " one another, not 5",
            })
    void refusesWhatOneCameraCannotDo(String typed, String message) {
        assertEquals(message, refusal(typed));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spin|spin",
                "pan|pan",
                "pan left,|(empty)",
                "''|(empty)",
                "then pan left|then pan left",
                "pan left dolly in|pan left dolly in"
            })
    void listsTheMovesWhenOneIsUnknown(String typed, String named) {
        String all = Arrays.stream(CameraMove.values()).map(CameraMove::label).collect(Collectors.joining(", "));
        assertEquals("--camera: unknown move " + named + ", known: " + all, refusal(typed));
    }

    @Test
    void refusesAStepWithoutMoves() {
        assertThrows(IllegalArgumentException.class, () -> new Camera(List.of(List.of())));
        assertEquals("", Camera.UNSPECIFIED.toString());
    }

    private static String refusal(String typed) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> Camera.parse("--camera", typed))
                .getMessage());
    }
}
