"""What the checkpoint's patchreel.json tells of prompts: the words of the tokenizer, what to write instead of others, and the words
for the moves of the camera.

`SYNONYMS`: by the words that the model knows, the phrases that they stand for. A phrase has at least one word that the model does
not know; of two phrases the longer one counts. `CAMERA`: film terms (those of CameraMove) and one of the captions' phrases for each.
"""
from starter.text import SPECIAL

SYNONYMS = {
    # colours
    "red": "crimson, scarlet, ruby, maroon, cherry, vermilion, burgundy, bright red, deep red, cherry red",
    "blue": "azure, navy, navy blue, cobalt, sapphire, cyan, turquoise, indigo, bright blue, light blue, royal blue",
    "green": "emerald, lime, lime green, olive, jade, mint, teal, bright green, light green",
    "yellow": "gold, golden, lemon, lemon yellow, mustard, bright yellow, light yellow",
    "orange": "amber, tangerine, apricot, bright orange",
    "purple": "violet, lilac, lavender, mauve, plum, light purple",
    "pink": "magenta, fuchsia, salmon, hot pink, light pink",
    "brown": "chocolate, tan, beige, bronze, wooden, rusty, light brown",
    "white": "ivory, cream, silver",
    "black": "ebony, charcoal, jet black, pitch black",
    # things
    "ball": "orb, globe, marble, football, soccer ball, balloon, bubble, bead",
    "orange ball": "basketball",
    "yellow ball": "tennis ball",
    "white ball": "snowball, pearl, golf ball",
    "black ball": "bowling ball, cannonball",
    "cube": "dice",
    "white cube": "ice cube, sugar cube",
    "box": "crate, carton, chest, parcel, package, suitcase",
    "block": "brick, cuboid, slab",
    "cone": "spike, funnel, party hat",
    "orange cone": "traffic cone",
    "pyramid": "tent, tepee",
    "cylinder": "tube, pipe, pillar, column, canister, bucket, tin can",
    "brown cylinder": "log",
    "drum": "barrel, keg",
    "object": "thing, item, shape, toy",
    "tree": "oak, oak tree, pine, pine tree, palm, palm tree, fir, fir tree, birch, apple tree, bush",
    "wall": "fence, barrier, hedge, brick wall, stone wall",
    "arch": "archway, gate, gateway, doorway, portal, tunnel, bridge",
    # motion
    "rolls": "roll, rolling, is rolling, rolled",
    "slides": "slide, sliding, is sliding, slips, skids, skidding",
    "moves": "moving, is moving, travels, travelling, traveling, goes, heads, shifts",
    "glides": "glide, gliding, is gliding, drifts, drifting, floats, floating",
    "bounces": "bounce, bounced",
    "jumps": "jump, jumping, is jumping, hops, hopping, leaps, leaping",
    "falls": "fall, falls downwards, dropping, dropped, plummets, tumbles, tumbling, descends, plunges",
    "drops": "drop",
    "spins": "spin, whirls, whirling, twirls, twirling, revolves, revolving, swivels",
    "rotates": "rotate, rotating, is rotating",
    "turns around": "turning around, is turning around",
    "stands still": "standing still, standing, is standing, stands motionless, stand still",
    "stays still": "stays put, remains still, stays in place",
    "rests": "rest, resting, is resting, sits, sitting, lies, lying",
    "still": "motionless, unmoving, stationary, immobile",
    "does not move": "doesn't move, never moves",
    "thrown": "hurled, flung, launched, lobbed",
    "flies": "fly, flying, is flying, soars, soaring",
    "hits": "hit, hitting, strikes, striking, rams",
    "collides": "collide, colliding, is colliding",
    "crashes": "crash, crashing, smashes, smashing",
    "bumps": "bump, bumping, is bumping",
    "bumps into": "runs into, knocks into",
    "passes": "pass, passing, is passing",
    "fast": "quickly, quick, rapidly, rapid, swiftly, speedy",
    "slow": "slowly, sluggishly",
    "gently": "softly, smoothly, calmly",
    # places
    "to the left": "leftwards, leftward, towards the left, toward the left",
    "to the right": "rightwards, rightward, towards the right, toward the right",
    "up": "upwards, upward",
    "down": "downwards, downward",
    "behind": "in back of, beyond, at the rear of",
    "in front of": "ahead of",
    "next to": "adjacent to, close beside",
    "near": "nearby, close to, not far from",
    "beside": "alongside",
    "larger than": "taller than, greater than",
    "smaller than": "shorter than, tinier than, littler than",
    "under": "underneath, beneath, below",
    "over": "above",
    "on": "onto, upon, atop, along",
    "in": "inside, within",
    "to": "towards, toward",
    # ground
    "grass": "turf, grassy ground, green turf",
    "meadow": "field, grassland, pasture, prairie, grassy field, grassy meadow, green field",
    "lawn": "garden, park, backyard",
    "sand": "sandy ground, sandy soil",
    "beach": "sandy beach, shore, seashore, seaside, coast",
    "desert": "dunes, dune, sand dunes, sandy desert",
    "snow": "snowy ground, snowy field, snowy landscape, ice, frost, fresh snow",
    "winter": "wintertime",
    "asphalt": "tarmac, concrete, pavement, parking lot",
    "road": "highway, roadway, lane, path",
    "street": "avenue, alley, city street",
    # light
    "sunset": "sundown, sunrise, golden hour, the golden hour",
    "dusk": "twilight, dawn",
    "night": "nightfall, midnight, nighttime, starry night, moonlit night",
    "day": "daytime, noon, midday, morning, afternoon",
    "daylight": "sunlight, sunshine, bright daylight",
    "sunny": "bright",
    "a blue sky": "clear sky, a clear sky, blue skies, clear skies",
    "under the moon": "in moonlight, by moonlight, in the moonlight, under the stars",
    "in the dark": "in darkness, in the darkness",
    "foggy": "misty, hazy",
    "a foggy day": "a foggy morning, a misty morning",
    "fog": "smog",
    "mist": "haze",
    # the camera
    "pans": "panning",
    "tilts": "tilting",
    "zooms": "zooming",
    "orbits": "orbiting",
    "circles": "circling",
    "follows": "following",
    "zooms in": "pushes in",
    "zooms out": "pulls back, pulls out",
    "zoom in": "push in",
    "zoom out": "pull back, pull out",
    "static camera": "stationary camera, steady camera, camera on a tripod",
    "fixed camera": "locked camera, locked-off camera",
    "static shot": "tripod shot, locked shot",
    # the clip
    "video": "movie, film, footage, animation",
    "we see": "there is, there's",
}

CAMERA = {
    "static": "the camera is still",
    "pan left": "the camera pans left",
    "pan right": "the camera pans right",
    "tilt up": "the camera tilts up",
    "tilt down": "the camera tilts down",
    "zoom in": "the camera zooms in",
    "zoom out": "the camera zooms out",
    "dolly in": "the camera moves closer",
    "dolly out": "the camera moves away",
    "orbit left": "the camera orbits to the left",
    "orbit right": "the camera orbits to the right",
    "follow": "the camera follows the object",
}


def language(vocabulary: list[str]) -> dict:
    """The entries of patchreel.json for a tokenizer's words."""
    known = [word for word in vocabulary if word not in SPECIAL and word[0].isalnum()]
    synonyms = {}
    for replacement, phrases in SYNONYMS.items():
        for phrase in phrases.split(", "):
            if phrase in synonyms:
                raise ValueError(f"“{phrase}” stands for “{synonyms[phrase]}” and for “{replacement}”")
            synonyms[phrase] = replacement
    return {"vocabulary": known, "synonyms": synonyms, "camera": CAMERA}
