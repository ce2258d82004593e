"""Descriptions of scenes in English, by chance: synonyms, orders of words, one to three sentences.

`vocabulary()` is closed: every word that can occur, so a tokenizer can know them all.
"""
import random
import re

from world.scene import Scene, Thing, sample_scene

NAMES = {
    "ball": ("ball", "ball", "sphere"),
    "cube": ("cube", "cube", "box", "block"),
    "cone": ("cone", "cone", "pyramid"),
    "cylinder": ("cylinder", "cylinder", "drum"),
}
GOES = {"ball": ("rolls", "rolls", "moves"), "cube": ("slides", "slides", "moves"), "cone": ("slides", "moves", "glides"), "cylinder": ("slides", "moves", "glides")}
HEADING = {
    "right": ("from left to right", "from left to right", "from the left to the right", "to the right"),
    "left": ("from right to left", "from right to left", "from the right to the left", "to the left"),
}
MOVES = {
    "bounce": ("bounces", "bounces up and down", "is bouncing", "jumps up and down"),
    "fall": ("falls", "falls from the sky", "drops from the sky", "is falling", "falls down"),
    "spin": ("spins", "spins around", "rotates", "is spinning", "turns around"),
    "still": ("stands still", "rests", "does not move", "stays still"),
}
FLIES = ("is thrown", "flies", "is tossed")
HITS = ("hits", "collides with", "bumps into", "crashes into")
GROUND = {
    "grass": ("on grass", "on the grass", "on a meadow", "over green grass", "on a lawn"),
    "sand": ("on sand", "on the beach", "in the desert", "on the sand"),
    "snow": ("on snow", "in the snow", "on the snow", "in winter"),
    "asphalt": ("on asphalt", "on the road", "on a road", "on the street"),
}
LIGHT = {
    "day": ("during the day", "in daylight", "on a sunny day", "under a blue sky", "by day"),
    "sunset": ("at sunset", "at sunset", "at dusk", "in the evening"),
    "night": ("at night", "at night", "in the dark", "under the moon"),
    "fog": ("in fog", "in the fog", "on a foggy day", "in mist"),
}
CAMERA = {
    "static": ("static camera", "fixed camera", "the camera is still", "static shot"),
    "pan left": ("the camera pans left", "camera pan to the left", "pan left", "the camera turns left"),
    "pan right": ("the camera pans right", "camera pan to the right", "pan right", "the camera turns right"),
    "tilt up": ("the camera tilts up", "camera tilt up", "tilt up", "the camera looks up"),
    "tilt down": ("the camera tilts down", "camera tilt down", "tilt down", "the camera looks down"),
    "zoom in": ("the camera zooms in", "zoom in", "the camera moves closer", "dolly in"),
    "zoom out": ("the camera zooms out", "zoom out", "the camera moves away", "dolly out"),
    "orbit left": ("the camera orbits to the left", "orbit left", "the camera circles to the left"),
    "orbit right": ("the camera orbits to the right", "orbit right", "the camera circles to the right"),
    "track": ("the camera follows it", "tracking shot", "the camera tracks the object", "the camera follows the object"),
}
RELATION = {
    "left of": ("to the left of", "left of"),
    "right of": ("to the right of", "right of"),
    "behind": ("behind",),
    "in front of": ("in front of",),
    "larger than": ("larger than", "bigger than"),
    "smaller than": ("smaller than",),
}
OPENINGS = ("a video of", "a clip of", "we see", "a shot of")


def caption(scene: Scene, chance: random.Random, whole: bool = False) -> str:
    """One description of `scene`. Unless `whole`, what a viewer would guess (ground, light, a camera at rest) is left out
    at times; everything that is said is true."""
    pick = chance.choice
    subject = _named(scene.first, chance)
    occluder = pick(_occlusion(scene))
    if scene.motion == "collide":
        deed = f"{pick(GOES[scene.first.shape])} {pick(HEADING[scene.direction])} and {pick(HITS)} {_named(scene.second, chance)}"
    elif scene.motion == "travel":
        deed = f"{pick(GOES[scene.first.shape])} {pick(HEADING[scene.direction])}"
    elif scene.motion == "throw":
        deed = f"{pick(FLIES)} {pick(HEADING[scene.direction])}"
    else:
        deed = pick(MOVES[scene.motion])
    related = ""
    if scene.relation:
        related = f"{pick(RELATION[scene.relation])} {_named(scene.second, chance)}"
        if scene.relation.endswith("than"):
            subject, related = f"{subject} {related}", ""
    said = [word for word in (related, occluder) if word]
    ground = pick(GROUND[scene.ground]) if whole or chance.random() < 0.85 else ""
    light = pick(LIGHT[scene.light]) if whole or chance.random() < 0.85 else ""
    surroundings = [word for word in (ground, light) if word]
    if chance.random() < 0.25:
        surroundings.reverse()
    camera = pick(CAMERA[scene.camera]) if scene.camera != "static" or (whole or chance.random() < 0.4) else ""
    form = chance.random()
    if form < 0.62:
        text = " ".join([subject, deed, *said, *surroundings])
        if chance.random() < 0.10:
            text = f"{pick(OPENINGS)} {text}"
        if camera:
            text = f"{text}, {camera}" if chance.random() < 0.8 else f"{camera}, {text}"
        return text + "." * (chance.random() < 0.4)
    if form < 0.80 and surroundings:
        text = " ".join([*surroundings]) + ", " + " ".join([subject, deed, *said])
        return text + (f". {camera}." if camera else "." * (chance.random() < 0.5))
    text = " ".join([subject, deed, *said]) + "."
    if surroundings:
        text += f" it is {' '.join(surroundings)}."
    return text + (f" {camera}." if camera else "")


def _named(thing: Thing, chance: random.Random) -> str:
    article = "an" if thing.colour == "orange" else "a"
    return f"{article} {thing.colour} {chance.choice(NAMES[thing.shape])}"


def _occlusion(scene: Scene) -> tuple[str, ...]:
    name = scene.occluder
    article = "an" if name == "arch" else "a"
    if name == "none":
        return ("",)
    if scene.place == "near":
        return (f"next to {article} {name}", f"near {article} {name}", f"beside {article} {name}")
    if scene.place == "behind":
        return (f"behind {article} {name}", f"behind {article} {name}", f"and passes behind {article} {name}")
    return (f"past {article} {name}", f"in front of {article} {name}", f"and passes {article} {name}")


def words(text: str) -> list[str]:
    """What the tokenizer makes of `text`: lower case, words and marks of punctuation."""
    return re.findall(r"\w+|[^\w\s]+", text.lower())


def vocabulary() -> list[str]:
    """Every word of the descriptions, sorted."""
    chance = random.Random(1)
    known = set()
    for _ in range(40000):
        known.update(words(caption(sample_scene(chance), chance)))
    return sorted(known)
