"""Clips as H.264 and back: what is estimated passes through the losses of a file, the renderer's clips like a model's."""
import pathlib
import subprocess
import tempfile

import cv2
import numpy as np


def read(file, size):
    """The frames of a video in the model's own size, uint8 [T, size, size, 3]; the matrix of its colours is the file's."""
    command = ["ffmpeg", "-v", "error", "-threads", "1", "-i", file, "-vf", f"scale={size}:{size}:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    if not raw:
        raise SystemExit(f"{file} has no frames")
    return np.frombuffer(raw, np.uint8).reshape(-1, size, size, 3)


def encoded(clips, rate, side):
    """What a lossy video, `side` pixels large as the product makes it, leaves of each of `clips`, uint8 [T, H, W, 3] of one
    length. They are encoded one after the other in one file, each from a key frame of its own: a process for each takes longer
    than its pictures do."""
    frames, size = clips[0].shape[:2]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "clips.mp4"
        command = [
            "ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{side}x{side}", "-r", str(rate), "-i", "-", "-threads", "1",
            "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18",
            "-x264-params", f"keyint={frames}:min-keyint={frames}:scenecut=0", "-pix_fmt", "yuv420p", file]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            for clip in clips:
                for frame in clip:
                    process.stdin.write(cv2.resize(frame, (side, side), interpolation=cv2.INTER_CUBIC).tobytes())
        if process.returncode != 0:
            raise SystemExit(f"ffmpeg ended with status {process.returncode}")
        return list(read(file, size).reshape(len(clips), frames, size, size, 3))
