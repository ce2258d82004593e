"""How the camera moves: position, heading and pitch of each frame."""
import torch

FOCAL_LENGTH = 1.85
"""Of a square picture, in half widths of it."""
REACH = {"pan left": 0.34, "pan right": 0.34, "tilt up": 0.24, "tilt down": 0.24, "orbit left": 0.75, "orbit right": 0.75}
"""Radians in the time of a whole clip."""


class Camera:
    """Ground truth of one scene: `position` [T, 3], `heading` [T] (positive to the right) and `pitch` [T] (positive up), in
    radians, `focal` (a number). The mirrored scene is mirrored in its pixels, so its camera is the original's."""

    def __init__(self, scene, chance, progress: torch.Tensor, followed: torch.Tensor):
        draw = chance.uniform
        kind = scene.mirrored().camera if scene.mirror else scene.camera
        reach = REACH.get(kind, 0.0) * draw(0.85, 1.15)
        sign = -1.0 if kind.endswith("left") or kind.endswith("down") else 1.0
        swing = sign * reach * (progress - 0.5)
        height, distance = draw(1.55, 1.85), torch.full_like(progress, draw(6.0, 6.4))
        self.focal = FOCAL_LENGTH
        self.heading = torch.zeros_like(progress)
        self.pitch = torch.full_like(progress, -draw(0.10, 0.13))
        aside = torch.zeros_like(progress)
        if kind.startswith("pan"):
            self.heading = swing
        elif kind.startswith("tilt"):
            self.pitch = self.pitch + swing + 0.02
        elif kind == "zoom in":
            distance = distance + 1.0 - 2.8 * progress
        elif kind == "zoom out":
            distance = distance - 1.8 + 2.8 * progress
        elif kind.startswith("orbit"):
            self.heading = -swing
        elif kind == "track":
            aside = followed
        self.position = torch.stack(
            [aside - distance * self.heading.sin() * kind.startswith("orbit"), torch.full_like(progress, height),
             -distance * (self.heading.cos() if kind.startswith("orbit") else 1.0)], -1)
