"""What one clip shows, as attributes; positions, sizes and other chance of a clip follow from its seed."""
import dataclasses
import random

COLOURS = {
    "red": (0.86, 0.08, 0.08),
    "green": (0.10, 0.66, 0.14),
    "blue": (0.10, 0.25, 0.90),
    "yellow": (0.95, 0.84, 0.08),
    "orange": (0.97, 0.46, 0.05),
    "purple": (0.50, 0.12, 0.70),
    "pink": (0.98, 0.52, 0.72),
    "brown": (0.42, 0.22, 0.09),
    "white": (0.95, 0.95, 0.95),
    "black": (0.06, 0.06, 0.07),
}
SHAPES = ("ball", "cube", "cone", "cylinder")
MOTIONS = ("travel", "bounce", "fall", "throw", "spin", "still", "collide")
"""`travel` rolls or slides across the picture, `throw` flies across it, `collide` hits the second object."""
DIRECTIONS = ("right", "left")
"""Where `travel`, `throw` and `collide` go to, seen in the picture."""
CAMERAS = ("static", "pan left", "pan right", "tilt up", "tilt down", "zoom in", "zoom out", "orbit left", "orbit right", "track")
LIGHTS = ("day", "sunset", "night", "fog")
GROUNDS = ("grass", "sand", "snow", "asphalt")
OCCLUDERS = ("none", "tree", "wall", "arch")
PLACES = ("near", "behind", "in front of")
"""Where the object is, seen from the camera: beside the occluder, farther away than it, or nearer."""
RELATIONS = ("left of", "right of", "behind", "in front of", "larger than", "smaller than")
"""What the first object is to the second."""
DIRECTED = ("travel", "throw", "collide")
MIRRORED = {"left": "right", "right": "left"}


@dataclasses.dataclass(frozen=True)
class Thing:
    shape: str
    colour: str


@dataclasses.dataclass(frozen=True)
class Scene:
    """`relation` is None with one object and where two collide; `direction` is None for motions that go nowhere."""

    first: Thing
    second: Thing | None
    relation: str | None
    motion: str
    direction: str | None
    camera: str
    light: str
    ground: str
    occluder: str
    place: str
    seed: int
    mirror: bool = False

    def mirrored(self):
        """The same scene as a mirror shows it: left and right change places in the picture and in the description."""

        def turn(words):
            return words and " ".join(MIRRORED.get(word, word) for word in words.split())

        return dataclasses.replace(
            self,
            relation=turn(self.relation),
            direction=turn(self.direction),
            camera=turn(self.camera),
            mirror=not self.mirror,
        )


def sample_scene(chance: random.Random) -> Scene:
    """A scene by chance. One object is five times as frequent as two, a camera at rest as any three movements."""
    motion = chance.choices(MOTIONS, (0.40, 0.13, 0.11, 0.09, 0.10, 0.10, 0.07))[0]
    first = Thing(chance.choice(SHAPES), chance.choice(tuple(COLOURS)))
    second = relation = None
    if motion == "collide" or (motion in ("still", "spin", "bounce") and chance.random() < 0.25):
        colours = [colour for colour in COLOURS if colour != first.colour]
        second = Thing(chance.choice(SHAPES), chance.choice(colours))
        relation = None if motion == "collide" else chance.choice(RELATIONS)
    occluder = "none" if second else chance.choices(OCCLUDERS, (0.40, 0.25, 0.20, 0.15))[0]
    place = "near"
    if occluder != "none" and motion == "travel":
        place = chance.choice(("behind", "behind", "in front of"))
    camera = chance.choices(CAMERAS, (0.36, 0.09, 0.09, 0.06, 0.06, 0.10, 0.10, 0.04, 0.04, 0.06))[0]
    if camera == "track" and motion not in ("travel", "throw"):
        camera = "static"
    return Scene(
        first=first,
        second=second,
        relation=relation,
        motion=motion,
        direction=chance.choice(DIRECTIONS) if motion in DIRECTED else None,
        camera=camera,
        light=chance.choices(LIGHTS, (0.36, 0.26, 0.22, 0.16))[0],
        ground=chance.choice(GROUNDS),
        occluder=occluder,
        place=place,
        seed=chance.randrange(1 << 30),
    )


def sample_scenes(seed: int, count: int) -> list[Scene]:
    """The first `count` scenes of `seed`."""
    chance = random.Random(seed)
    return [sample_scene(chance) for _ in range(count)]
