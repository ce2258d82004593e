"""Where objects are at each moment: rolling and sliding with friction, falling, bouncing with restitution, collisions.

Units: an object is about 1.7 units wide; seconds. Gravity is 6 units/s², chosen so that a fall can be followed by eye.
"""
import math

import torch

GRAVITY = 6.0


def height_of_fall(height: float, restitution: float, rise: float, seconds: torch.Tensor) -> torch.Tensor:
    """Height above the ground at `seconds` of what starts at `height` with upward speed `rise` and bounces; each bounce
    keeps the share `restitution` of the speed."""
    result = torch.zeros_like(seconds)
    begin, low, speed = 0.0, height, rise
    for _ in range(12):
        flight = (speed + math.sqrt(speed * speed + 2 * GRAVITY * low)) / GRAVITY
        at = seconds - begin
        arc = low + speed * at - 0.5 * GRAVITY * at * at
        result = torch.where((at >= 0) & (at < flight), arc, result)
        speed, low, begin = restitution * (GRAVITY * flight - speed), 0.0, begin + flight
        if speed < 0.3:
            break
    return result.clamp(min=0)


def way_with_friction(speed: float, friction: float, seconds: torch.Tensor) -> torch.Tensor:
    """Distance covered by what starts with `speed` and is slowed by `friction` units/s² until it rests."""
    moving = seconds.clamp(min=0, max=speed / friction)
    return speed * moving - 0.5 * friction * moving * moving


class Motion:
    """Ground truth of one scene: `position` [2, T, 3] (x right, y up from the ground to the object's foot, z away from the
    camera), `turn` [2, T] about the vertical, `roll` [2, T] about the depth axis, in radians; the second object's are
    meaningless where there is none. `size` [2] is half the width."""

    def __init__(self, scene, chance, seconds: torch.Tensor):
        count = len(seconds)
        self.position = torch.zeros(2, count, 3)
        self.turn = torch.zeros(2, count)
        self.roll = torch.zeros(2, count)
        draw = chance.uniform
        self.size = [draw(0.78, 0.92), draw(0.78, 0.92)]
        self.turn[0] += draw(0.2, 0.9)
        self.turn[1] += draw(0.2, 0.9)
        sign = -1.0 if scene.direction == "left" else 1.0
        if scene.mirror:
            sign = -sign
        x, y, z = self.position[0].unbind(-1)
        rest = draw(-0.7, 0.7) if scene.occluder == "none" else draw(-0.35, 0.35)
        z += draw(-0.15, 0.15)
        if scene.second:
            self._place(scene, chance)
        elif scene.motion not in ("travel", "throw"):
            x += rest
        friction = 0.25 if scene.first.shape == "ball" else 0.6
        if scene.motion == "travel":
            x += sign * (-draw(2.1, 2.6) + way_with_friction(draw(1.95, 2.3) + friction, friction, seconds))
        elif scene.motion == "throw":
            x += sign * (-draw(2.2, 2.6) + draw(2.1, 2.5) * seconds)
            y += height_of_fall(draw(0.2, 0.5), 0.55, draw(3.6, 4.3), seconds)
        elif scene.motion == "bounce":
            y += height_of_fall(draw(1.5, 2.1), draw(0.78, 0.86), 0.0, seconds)
        elif scene.motion == "fall":
            y += height_of_fall(draw(3.6, 4.2), draw(0.25, 0.35), 0.0, seconds)
        elif scene.motion == "spin":
            self.turn[0] += chance.choice((1, -1)) * draw(2.6, 3.6) * seconds
        elif scene.motion == "collide":
            self._collide(scene, chance, sign, friction, seconds)
        for index, thing in enumerate((scene.first, scene.second)):
            if thing and thing.shape == "ball":
                self.roll[index] -= self.position[index, :, 0] / self.size[index]

    def _place(self, scene, chance):
        """Puts two objects where their relation says; `left` and `right` are the picture's."""
        draw = chance.uniform
        (x, _, z), (x2, _, z2) = self.position[0].unbind(-1), self.position[1].unbind(-1)
        relation = scene.mirrored().relation if scene.mirror else scene.relation
        half = draw(1.0, 1.25)
        if relation in ("behind", "in front of"):
            side = chance.choice((1, -1)) * draw(0.45, 0.6)
            depth = draw(1.3, 1.5) * (1 if relation == "behind" else -1)
            x += side
            x2 -= side
            z += depth
            z2 -= depth
        else:
            side = {"left of": -1, "right of": 1}.get(relation) or chance.choice((1, -1))
            x += side * half
            x2 -= side * half
        if relation == "larger than":
            self.size = [1.05, 0.55]
        elif relation == "smaller than":
            self.size = [0.55, 1.05]
        else:
            self.size = [size * 0.88 for size in self.size]

    def _collide(self, scene, chance, sign, friction, seconds):
        """One dimension, equal masses: the second object takes the share (1 + e) / 2 of the speed."""
        draw = chance.uniform
        self.size = [size * 0.88 for size in self.size]
        start, speed, rest, restitution = -2.5, draw(2.4, 2.8), draw(0.0, 0.3), draw(0.6, 0.9)
        gap = rest - start - self.size[0] - self.size[1]
        when = (speed - math.sqrt(max(speed * speed - 2 * friction * gap, 0.01))) / friction
        arrival = max(speed - friction * when, 0.2)
        after = seconds - when
        self.position[0, :, 0] = sign * (
            start + way_with_friction(speed, friction, seconds.clamp(max=when))
            + way_with_friction(arrival * (1 - restitution) / 2, friction, after)
        )
        self.position[1, :, 0] = sign * (rest + way_with_friction(arrival * (1 + restitution) / 2, friction, after))
