"""Draws scenes: analytic ray casting of quadrics and boxes, with analytic coverage at edges, on any device.

All scenes of a call are drawn at once; every field is [clips, frames, rows, columns].
"""
import dataclasses
import random

import torch

from world.camera import Camera
from world.motion import Motion
from world.scene import COLOURS, OCCLUDERS, SHAPES, Scene

SKY = {  # horizon, zenith
    "day": ((0.72, 0.86, 0.97), (0.25, 0.50, 0.90)),
    "sunset": ((0.99, 0.62, 0.30), (0.42, 0.25, 0.50)),
    "night": ((0.10, 0.13, 0.27), (0.02, 0.03, 0.10)),
    "fog": ((0.80, 0.81, 0.83), (0.70, 0.72, 0.76)),
}
SUN = {  # direction towards it, colour, ambient share, diffuse share
    "day": ((-0.45, 0.80, -0.40), (1.00, 1.00, 0.97), 0.48, 0.62),
    "sunset": ((0.62, 0.42, -0.66), (1.05, 0.80, 0.60), 0.44, 0.62),
    "night": ((-0.40, 0.75, -0.50), (0.50, 0.58, 0.80), 0.42, 0.50),
    "fog": ((0.10, 0.95, -0.30), (0.98, 0.99, 1.00), 0.66, 0.26),
}
GROUND = {  # colour, strength of its texture
    "grass": ((0.27, 0.52, 0.16), 0.20),
    "sand": ((0.86, 0.74, 0.48), 0.09),
    "snow": ((0.93, 0.95, 0.98), 0.05),
    "asphalt": ((0.33, 0.33, 0.35), 0.10),
}
DEPTH = {"near": 0.9, "behind": -1.7, "in front of": 2.0}
"""Where the occluder stands, in units behind the object."""


@dataclasses.dataclass(frozen=True)
class Clips:
    """`pixels` uint8 [B, T, H, W, 3]; `coverage` float16 [B, T, H, W], the visible share of the first object in each
    pixel; `visible` [B, T], the share of the first object that no other thing hides; `labels` uint8 [B, T, H, W], what covers
    more than half of a pixel: 0 nothing, 1 the first object, 2 the second, 3 the occluder; `whole` [B, 2, T], the pixels
    that each object would cover so if nothing hid it; `position` [B, 2, T, 3] and
    `velocity` of both objects in units and units/s; `screen` [B, 2, T, 2], column and row of the objects' centres in
    pixels; `heading`, `pitch` [B, T] and `camera` [B, T, 3]."""

    pixels: torch.Tensor
    coverage: torch.Tensor
    visible: torch.Tensor
    labels: torch.Tensor
    whole: torch.Tensor
    position: torch.Tensor
    velocity: torch.Tensor
    screen: torch.Tensor
    heading: torch.Tensor
    pitch: torch.Tensor
    camera: torch.Tensor


def render(scenes: list[Scene], frames: int, rate: float, height: int, width: int, device="cpu", only=None) -> Clips:
    """Draws `frames` pictures of each scene at `rate` frames a second. `only` draws a single frame of each scene: one
    index for each. Equal scenes give equal pixels on one device."""
    with torch.no_grad():
        return _Picture(scenes, frames, rate, height, width, device, only).draw()


class _Picture:
    def __init__(self, scenes, frames, rate, height, width, device, only):
        self.scenes, self.device, self.height, self.width = scenes, device, height, width
        seconds = torch.arange(frames, dtype=torch.float32) / rate
        progress = torch.arange(frames, dtype=torch.float32) / max(1, frames - 1)
        chances = [random.Random(scene.seed) for scene in scenes]
        motions = [Motion(scene, chance, seconds) for scene, chance in zip(scenes, chances)]
        cameras = [Camera(s, c, progress, m.position[0, :, 0]) for s, c, m in zip(scenes, chances, motions)]
        self.chances = chances

        def gather(values, axis):
            """All scenes' values; `axis` is that of the frames."""
            stacked = torch.stack(values)
            if only is not None:
                index = torch.tensor(only).view([-1] + [1] * (stacked.dim() - 1))
                stacked = torch.take_along_dim(stacked, index.expand([*stacked.shape[:axis], 1, *stacked.shape[axis + 1:]]), axis)
            return stacked.to(device)

        self.position = gather([m.position for m in motions], 2)
        self.velocity = gather([torch.gradient(m.position, dim=1)[0] * rate if frames > 1 else m.position * 0 for m in motions], 2)
        self.turn, self.roll = gather([m.turn for m in motions], 2), gather([m.roll for m in motions], 2)
        self.size = torch.tensor([m.size for m in motions], device=device)
        self.heading, self.pitch = gather([c.heading for c in cameras], 1), gather([c.pitch for c in cameras], 1)
        self.eye = gather([c.position for c in cameras], 1)
        self.focal = cameras[0].focal
        self.mirror = torch.tensor([s.mirror for s in scenes], device=device)
        self.frames = self.position.shape[2]

    def _each(self, values):
        """One number or colour for each scene, as [B, 1, 1, 1] or [B, 1, 1, 1, 3]."""
        tensor = torch.tensor(values, dtype=torch.float32, device=self.device)
        return tensor.view(len(values), 1, 1, 1, *tensor.shape[1:])

    def _draws(self, low, high):
        return self._each([chance.uniform(low, high) for chance in self.chances])

    def draw(self) -> Clips:
        self._rays()
        sun = [SUN[s.light] for s in self.scenes]
        towards = torch.nn.functional.normalize(self._each([s[0] for s in sun]), dim=-1)
        self.sun = towards.unbind(-1)
        self.tint, self.ambient, self.diffuse = self._each([s[1] for s in sun]), self._each([s[2] for s in sun]), self._each([s[3] for s in sun])
        self.horizon = self._each([SKY[s.light][0] for s in self.scenes])
        image = self._sky_and_ground()
        layers = [self._object(0), self._object(1), self._occluder()]
        away = self.position - self.eye.unsqueeze(1)
        distance = torch.stack([away[:, 0].norm(dim=-1), away[:, 1].norm(dim=-1), self._occluder_distance()])
        order = distance.argsort(0, descending=True)
        colours, covers = torch.stack([c for c, _ in layers]), torch.stack([a for _, a in layers])
        seen = torch.zeros_like(covers[0])
        labels = torch.zeros_like(seen, dtype=torch.uint8)
        fog = self._each([0.055 if s.light == "fog" else 0.0 for s in self.scenes])
        for rank in range(3):
            index = order[rank].view(1, *order.shape[1:], 1, 1)
            alpha = torch.take_along_dim(covers, index.expand(1, *covers.shape[1:]), 0)[0]
            colour = torch.take_along_dim(colours, index.unsqueeze(-1).expand(1, *colours.shape[1:]), 0)[0]
            far = torch.take_along_dim(distance, order[rank : rank + 1], 0)[0].view(*order.shape[1:], 1, 1)
            haze = (1 - torch.exp(-far * fog)).unsqueeze(-1)
            colour = colour + (self.horizon - colour) * haze
            image = image + (colour - image) * alpha.unsqueeze(-1)
            first = (order[rank] == 0).view(*order.shape[1:], 1, 1)
            seen = torch.where(first, alpha, seen * (1 - alpha))
            labels = torch.where(alpha > 0.5, (index[0] + 1).to(torch.uint8), labels)
        pixels = (image.clamp(0, 1) * 255 + 0.5).to(torch.uint8)
        visible = seen.sum((2, 3)) / covers[0].sum((2, 3)).clamp(min=1e-3)
        screen = self._project()
        flip = self.mirror.view(-1, 1, 1, 1)
        pixels = torch.where(flip.unsqueeze(-1), pixels.flip(3), pixels)
        seen, labels = torch.where(flip, seen.flip(3), seen), torch.where(flip, labels.flip(3), labels)
        screen[..., 0] = torch.where(self.mirror.view(-1, 1, 1), self.width - screen[..., 0], screen[..., 0])
        whole = (covers[:2] > 0.5).sum((3, 4)).transpose(0, 1)
        return Clips(pixels, seen.half(), visible, labels, whole, self.position, self.velocity, screen, self.heading, self.pitch, self.eye)

    def _rays(self):
        device, height, width = self.device, self.height, self.width
        short = min(height, width)
        u = (torch.arange(width, device=device) + 0.5 - width / 2) / (short / 2) / self.focal
        v = (height / 2 - torch.arange(height, device=device) - 0.5) / (short / 2) / self.focal
        x, y = u.view(1, 1, 1, -1), v.view(1, 1, -1, 1)
        cos, sin = self.pitch.cos()[..., None, None], self.pitch.sin()[..., None, None]
        y, z = y * cos + sin, cos - y * sin
        cos, sin = self.heading.cos()[..., None, None], self.heading.sin()[..., None, None]
        x, y, z = torch.broadcast_tensors(x * cos + z * sin, y, z * cos - x * sin)
        norm = (x * x + y * y + z * z).rsqrt()
        self.ray = (x * norm, y * norm, z * norm)
        self.pixels_per_radian = self.focal * short / 2

    def _project(self):
        centre = self.position.clone()
        centre[..., 1] += self.size[:, :, None]
        x, y, z = (centre - self.eye.unsqueeze(1)).unbind(-1)
        cos, sin = self.heading.cos().unsqueeze(1), self.heading.sin().unsqueeze(1)
        x, z = x * cos - z * sin, z * cos + x * sin
        cos, sin = self.pitch.cos().unsqueeze(1), self.pitch.sin().unsqueeze(1)
        y, z = y * cos - z * sin, z * cos + y * sin
        scale = self.pixels_per_radian / z.clamp(min=0.1)
        return torch.stack([self.width / 2 + x * scale, self.height / 2 - y * scale], -1)

    def _sky_and_ground(self):
        dx, dy, dz = self.ray
        scenes, per_radian = self.scenes, self.pixels_per_radian
        elevation, azimuth = dy / (dx * dx + dz * dz).sqrt(), torch.atan2(dx, dz)
        zenith = self._each([SKY[s.light][1] for s in scenes])
        image = self.horizon + (zenith - self.horizon) * (elevation * 2.2).clamp(0, 1).sqrt().unsqueeze(-1)
        # the sun or the moon
        disc = {"sunset": (0.16, 0.075, 1.0), "night": (0.30, 0.05, 1.0)}
        up, radius, shown = (self._each([disc.get(s.light, (0, 0.01, 0.0))[i] for s in scenes]) for i in range(3))
        away = ((azimuth - self._draws(-0.35, 0.35)) ** 2 + (elevation - up) ** 2).sqrt()
        colour = self._each([(1.0, 0.93, 0.70) if s.light == "sunset" else (0.93, 0.93, 0.86) for s in scenes])
        image = image + (colour - image) * (((radius - away) * per_radian + 0.5).clamp(0, 1) * shown).unsqueeze(-1)
        glow = self._each([0.25 if s.light == "sunset" else 0.0 for s in scenes])
        image = image + (torch.exp(-((away / 0.22) ** 2)) * glow).unsqueeze(-1) * torch.tensor([1.0, 0.7, 0.35], device=self.device)
        # hills
        ground = self._each([GROUND[s.ground][0] for s in scenes])
        crest = 0.045 + 0.03 * torch.sin(5 * azimuth + self._draws(0, 6.28)) + 0.018 * torch.sin(11 * azimuth + self._draws(0, 6.28))
        hill = (0.45 * ground + 0.55 * torch.tensor([0.30, 0.42, 0.45], device=self.device)) * self.tint * (self.ambient + 0.25).unsqueeze(-1)
        thick = self._each([0.75 if s.light == "fog" else 0.0 for s in scenes]).unsqueeze(-1)
        hill = hill + (self.horizon - hill) * thick
        image = image + (hill - image) * ((crest - elevation) * per_radian + 0.5).clamp(0, 1).unsqueeze(-1)
        # the ground
        far = self.eye[..., 1][..., None, None] / -dy.clamp(max=-1e-3)
        x, z = self.eye[..., 0][..., None, None] + dx * far, self.eye[..., 2][..., None, None] + dz * far
        one, two = self._draws(0, 6.28), self._draws(0, 6.28)
        strength = self._each([GROUND[s.ground][1] for s in scenes])
        wave = torch.sin(1.9 * x + 1.1 * z + one) + torch.sin(1.3 * x - 2.3 * z + two) + 0.6 * torch.sin(3.7 * x + 2.9 * z + one + two)
        colour = ground * (1 + wave * torch.exp(-far / 14) * (strength / 1.6)).unsqueeze(-1)
        width = (far * far / (self.eye[..., 1][..., None, None] * per_radian)).clamp(min=0.02)
        line = ((0.16 - (z - 2.6).abs()) / width + 0.5).clamp(0, 1) * self._each([0.8 if s.ground == "asphalt" else 0.0 for s in scenes])
        colour = colour + (torch.tensor([0.85, 0.85, 0.80], device=self.device) - colour) * line.unsqueeze(-1)
        colour = colour * self.tint * (self.ambient + self.diffuse * self.sun[1] * 0.95).unsqueeze(-1) * (1 - self._shadow(x, z)).unsqueeze(-1)
        reach = self._each([7.0 if s.light == "fog" else 38.0 for s in scenes])
        haze = (1 - torch.exp(-(far - 5).clamp(min=0) / reach)).unsqueeze(-1)
        colour = colour + (self.horizon * 0.8 + hill * 0.2 - colour) * haze
        return image + (colour - image) * ((-dy) * per_radian + 0.5).clamp(0, 1).unsqueeze(-1)

    def _shadow(self, x, z):
        """Soft shadows: ellipses that widen and fade with the height of what throws them."""
        east, south = -self.sun[0] * 0.5, -self.sun[2] * 0.5
        shadow = torch.zeros_like(x)
        soft = self._each([0.45 if s.light == "fog" else 1.0 for s in self.scenes])
        for index in range(2):
            there = self._each([1.0 if index == 0 or s.second else 0.0 for s in self.scenes])
            px, py, pz = (self.position[:, index, :, axis][..., None, None] for axis in range(3))
            radius = self.size[:, index].view(-1, 1, 1, 1) * (1.15 + 0.25 * py)
            away = ((x - px - east * (0.5 + py)) ** 2 + (z - pz - south * (0.5 + py)) ** 2) / (radius * radius)
            shadow = torch.maximum(shadow, 0.62 * soft * there / (1 + 0.55 * py) * torch.exp(-(away**1.5)))
        wide = self._each([{"tree": 0.95, "wall": 1.25, "arch": 1.5}.get(s.occluder, 0.1) for s in self.scenes])
        there = self._each([0.0 if s.occluder == "none" else 0.5 for s in self.scenes])
        ox, oz = self._occluder_place()
        away = ((x - ox - east) / wide) ** 2 + ((z - oz - south) / 0.65) ** 2
        return torch.maximum(shadow, soft * there * torch.exp(-(away**1.5)))

    def _occluder_place(self):
        if not hasattr(self, "_place"):
            first = self.position[:, 0, 0, 0].tolist()
            x = []
            for scene, chance, start in zip(self.scenes, self.chances, first):
                side, near, middle = chance.choice((-1, 1)), chance.uniform(1.9, 2.3), chance.uniform(-0.45, 0.45)
                if scene.motion != "travel" and scene.motion != "throw" and start:
                    side = -1 if start > 0 else 1
                x.append(side * near if scene.place == "near" else middle)
            self._place = self._each(x), self._each([DEPTH[s.place] for s in self.scenes])
        return self._place

    def _occluder_distance(self):
        x, z = (value.view(-1, 1) for value in self._occluder_place())
        far = ((self.eye[..., 0] - x) ** 2 + (self.eye[..., 2] - z) ** 2).sqrt()
        return far

    def _of(self, chosen):
        """Rays, eye and light of some of the scenes."""
        part = object.__new__(_Picture)
        part.ray = tuple(axis[chosen] for axis in self.ray)
        part.eye, part.device = self.eye[chosen], self.device
        part.tint, part.ambient, part.diffuse = self.tint[chosen], self.ambient[chosen], self.diffuse[chosen]
        part.sun = tuple(axis[chosen] for axis in self.sun)
        return part

    def _object(self, index):
        things = [(s.first, s.second)[index] for s in self.scenes]
        cover = torch.zeros_like(self.ray[0])
        colour = torch.zeros(*cover.shape, 3, device=self.device)
        for shape in SHAPES:
            chosen = [i for i, thing in enumerate(things) if thing and thing.shape == shape]
            if not chosen:
                continue
            part = self._of(chosen)
            base = torch.tensor([COLOURS[things[i].colour] for i in chosen], device=self.device).view(-1, 1, 1, 1, 3)
            x, foot, z = (self.position[chosen, index, :, axis][..., None, None] for axis in range(3))
            size = self.size[chosen, index].view(-1, 1, 1, 1)
            turn, roll = self.turn[chosen, index][..., None, None], self.roll[chosen, index][..., None, None]
            if shape == "ball":
                result = part.ball(x, foot + size, z, size, base, turn, roll)
            elif shape == "cube":
                half = size * 0.82
                result = part.box(x, foot + half, z, half, half, half, turn, base)
            else:
                tall = size * (2.15 if shape == "cone" else 1.75)
                result = part.frustum(x, foot, z, size * 0.95, tall, shape == "cone", base, turn)
            colour[chosen], cover[chosen] = result
        return colour, cover

    def _occluder(self):
        cover = torch.zeros_like(self.ray[0])
        colour = torch.zeros(*cover.shape, 3, device=self.device)
        place = self._occluder_place()
        for kind in OCCLUDERS[1:]:
            chosen = [i for i, s in enumerate(self.scenes) if s.occluder == kind]
            if not chosen:
                continue
            part = self._of(chosen)
            x, z = place[0][chosen], place[1][chosen]
            colour[chosen], cover[chosen] = getattr(part, kind)(x, z, [self.scenes[i].ground for i in chosen])
        return colour, cover

    def tree(self, x, z, grounds):
        turn = torch.full_like(x, 0.5)
        layers = [self.box(x, x * 0 + 0.75, z, 0.17, 0.75, 0.17, turn, torch.tensor([0.40, 0.26, 0.14], device=self.device))]
        leaves = torch.tensor([(0.20, 0.42, 0.28) if g == "snow" else (0.13, 0.42, 0.13) for g in grounds], device=self.device).view(-1, 1, 1, 1, 3)
        for aside, up, radius in ((-0.35, 1.75, 0.62), (0.38, 1.80, 0.58), (0.0, 2.30, 0.66)):
            layers.append(self.ball(x + aside, x * 0 + up, z, x * 0 + radius, leaves))
        return _over(layers)

    def wall(self, x, z, grounds):
        colour, cover = self.box(x, x * 0 + 0.75, z, 1.0, 0.75, 0.16, torch.full_like(x, 0.12), torch.tensor([0.62, 0.36, 0.28], device=self.device), 0.10)
        return colour, cover

    def arch(self, x, z, grounds):
        stone, turn = torch.tensor([0.66, 0.64, 0.60], device=self.device), torch.full_like(x, 0.05)
        pillars = [self.box(x + side, x * 0 + 1.1, z, 0.26, 1.1, 0.26, turn, stone) for side in (-1.05, 1.05)]
        return _over([*pillars, self.box(x, x * 0 + 2.4, z, 1.45, 0.26, 0.30, turn, stone)])

    def _shade(self, normal, base, gloss=0.0):
        x, y, z = normal
        sx, sy, sz = self.sun
        lit = (x * sx + y * sy + z * sz).clamp(min=0)
        colour = base * self.tint * (self.ambient + self.diffuse * lit + 0.10 * y).unsqueeze(-1)
        if gloss:
            hx, hy, hz = sx, sy, sz - 1.0
            shine = ((x * hx + y * hy + z * hz) / (hx * hx + hy * hy + hz * hz).sqrt()).clamp(min=0) ** 24
            colour = colour + (shine * gloss).unsqueeze(-1) * self.tint
        return colour

    def _from_eye(self, x, y, z):
        return tuple(self.eye[..., axis][..., None, None] - value for axis, value in enumerate((x, y, z)))

    def ball(self, x, y, z, radius, base, turn=None, roll=None):
        dx, dy, dz = self.ray
        mx, my, mz = self._from_eye(x, y, z)
        b = mx * dx + my * dy + mz * dz
        inside = b * b - (mx * mx + my * my + mz * mz - radius * radius)
        far = -b - inside.clamp(min=0).sqrt()
        nx, ny, nz = (mx + dx * far) / radius, (my + dy * far) / radius, (mz + dz * far) / radius
        if turn is None:
            return self._shade((nx, ny, nz), base), _edge(inside)
        cos, sin = roll.cos(), roll.sin()
        ax, ay = nx * cos + ny * sin, ny * cos - nx * sin
        cos, sin = turn.cos(), turn.sin()
        bx, bz = ax * cos - nz * sin, ax * sin + nz * cos
        band = ((0.24 - (bx * 0.62 + ay * 0.40 + bz * 0.67).abs()) * 9 + 0.5).clamp(0, 1).unsqueeze(-1)
        return self._shade((nx, ny, nz), base + (_trim(base) - base) * band * 0.6, 0.35), _edge(inside)

    def box(self, x, y, z, half_x, half_y, half_z, turn, base, courses=0.0):
        dx, dy, dz = self.ray
        mx, my, mz = self._from_eye(x, y, z)
        cos, sin = turn.cos(), turn.sin()
        ex, ez, qx, qz = dx * cos - dz * sin, dx * sin + dz * cos, mx * cos - mz * sin, mx * sin + mz * cos

        def slab(offset, direction, half):
            direction = torch.where(direction.abs() < 1e-4, torch.full_like(direction, 1e-4), direction)
            inverse = 1 / direction
            return -offset * inverse - half * inverse.abs(), -offset * inverse + half * inverse.abs(), direction

        slabs = slab(qx, ex, half_x), slab(my, dy, half_y), slab(qz, ez, half_z)
        near = torch.maximum(torch.maximum(slabs[0][0], slabs[1][0]), slabs[2][0])
        far = torch.minimum(torch.minimum(slabs[0][1], slabs[1][1]), slabs[2][1])
        first = (slabs[0][0] >= near).float()
        second = (slabs[1][0] >= near).float() * (1 - first)
        third = (1 - first) * (1 - second)
        lx, ly, lz = -slabs[0][2].sign() * first, -slabs[1][2].sign() * second, -slabs[2][2].sign() * third
        normal = lx * cos + lz * sin, ly, lz * cos - lx * sin
        if courses:
            base = base * (1 + courses * torch.sin((my + dy * near + y) * 16.7)).unsqueeze(-1)
        return self._shade(normal, base), _edge(far - near) * (far - near > -1.0)

    def frustum(self, x, foot, z, radius, tall, pointed, base, turn):
        """A cone with its point up, or a cylinder."""
        dx, dy, dz = self.ray
        slope = radius / tall if pointed else 0 * tall
        mx, my, mz = self._from_eye(x, foot + tall, z)
        start = 0.0 if pointed else radius
        # radius at height y below the top: start - slope * y
        a = dx * dx + dz * dz - slope * slope * dy * dy
        a = torch.where(a.abs() < 1e-5, torch.full_like(a, 1e-5), a)
        edge = start - slope * my
        b = mx * dx + mz * dz + slope * dy * edge
        c = mx * mx + mz * mz - edge * edge
        inside = b * b - a * c
        root = inside.clamp(min=0).sqrt()
        enter, leave = (-b - root) / a, (-b + root) / a
        down = torch.where(dy.abs() < 1e-4, torch.full_like(dy, -1e-4), dy)
        top, bottom = -my / down, (-tall - my) / down
        first, last = torch.minimum(top, bottom), torch.maximum(top, bottom)
        near, far = torch.maximum(enter, first), torch.minimum(leave, last)
        cover = torch.where(inside > 0, _edge(inside) * _edge(far - near), torch.zeros_like(inside))
        hx, hz = mx + dx * near, mz + dz * near
        out = (hx * hx + hz * hz).sqrt() + 1e-6
        lid = (first > enter).float()
        upright = (1 + slope * slope).rsqrt()
        normal = hx / out * upright * (1 - lid), slope * upright * (1 - lid) - lid * down.sign(), hz / out * upright * (1 - lid)
        cos, sin = turn.cos(), turn.sin()
        bx, bz = (hx * cos - hz * sin) / out, (hx * sin + hz * cos) / out
        band = (bx * bz * 8 + 0.5).clamp(0, 1).unsqueeze(-1)
        return self._shade(normal, base + (_trim(base) - base) * band * 0.45 * (1 - lid).unsqueeze(-1), 0.1), cover


def _trim(base):
    """The colour of an object's stripes: towards white, or for a white object towards grey."""
    white = (base.min(-1, keepdim=True).values > 0.9).float()
    return base * 0.5 + 0.5 * (1 - white) + 0.05 * white


def _over(layers):
    """Several things in one layer, the later before the earlier."""
    colour, cover = layers[0]
    for next_colour, alpha in layers[1:]:
        union = alpha + cover * (1 - alpha)
        share = (alpha / union.clamp(min=1e-6)).unsqueeze(-1)
        colour = colour + (next_colour - colour) * share
        cover = union
    return colour, cover


def _edge(field):
    """Coverage of a pixel by what is inside (`field` above 0): a ramp one pixel wide."""
    down = torch.nn.functional.pad(field[:, :, 2:] - field[:, :, :-2], (0, 0, 1, 1)) * 0.5
    across = torch.nn.functional.pad(field[..., 2:] - field[..., :-2], (1, 1)) * 0.5
    return (field * (down * down + across * across + 1e-12).rsqrt() + 0.5).clamp(0, 1)
