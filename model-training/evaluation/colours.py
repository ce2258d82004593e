"""Which pixels show an object of which colour, by tables of the colours that objects and backgrounds have in each light."""
import cv2
import numpy

from world.scene import COLOURS, GROUNDS, LIGHTS

BINS = 24
NAMES = tuple(COLOURS)
LEAST = 10
"""Pixels below which nothing is called an object, at 96×96."""


class ColourTables:
    """Densities of RGB (24 bins a side, smoothed by a Gaussian of 1.3 bins) of objects of each colour in each light, and
    of all else in each light on each ground."""

    def __init__(self):
        self.objects = numpy.zeros((len(LIGHTS), len(NAMES), BINS, BINS, BINS), numpy.float32)
        self.others = numpy.zeros((len(LIGHTS), len(GROUNDS), BINS, BINS, BINS), numpy.float32)

    def count(self, scene, pixels, labels):
        light, ground = LIGHTS.index(scene.light), GROUNDS.index(scene.ground)
        bins = _bins(pixels)
        for label, thing in ((1, scene.first), (2, scene.second)):
            if thing:
                _add(self.objects[light, NAMES.index(thing.colour)], bins[labels == label])
        _add(self.others[light, ground], bins[(labels == 0) | (labels == 3)])

    def finish(self):
        at = numpy.arange(BINS)
        blur = numpy.exp(-0.5 * ((at[:, None] - at) / 1.3) ** 2)
        blur = (blur / blur.sum(0)).astype(numpy.float32)
        for tables in (self.objects, self.others):
            for index in numpy.ndindex(tables.shape[:2]):
                table = numpy.einsum("ai,bj,ck,ijk->abc", blur, blur, blur, tables[index], optimize=True)
                tables[index] = table / max(table.sum(), 1) + 1e-9

    def chances(self, pixels, light: int, ground: int):
        """The probability of each colour, [colours, T, H, W]; an object is taken to cover 4 % of a frame."""
        bins = _bins(pixels)
        index = bins[..., 0], bins[..., 1], bins[..., 2]
        objects = numpy.stack([table[index] for table in self.objects[light]]) * (0.04 / len(NAMES))
        return objects / (objects.sum(0) + 0.96 * self.others[light, ground][index])


def _bins(pixels):
    return pixels.astype(numpy.uint16) * BINS // 256


def _add(table, bins):
    numpy.add.at(table, (bins[:, 0], bins[:, 1], bins[:, 2]), 1)


def largest(mask, least):
    """The largest connected part of a mask, or None where it has fewer than `least` pixels."""
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(numpy.uint8), connectivity=8)
    if count < 2:
        return None
    best = 1 + int(statistics[1:, cv2.CC_STAT_AREA].argmax())
    return parts == best if statistics[best, cv2.CC_STAT_AREA] >= least else None
