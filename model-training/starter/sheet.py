"""Pictures to look at while a model is trained."""
import matplotlib

matplotlib.use("Agg")
import numpy
from matplotlib import pyplot
from PIL import Image


def sheet(clips, path, frames=(0, 4, 8, 12, 16)):
    """A row for each clip of `clips` (uint8 [B, T, H, W, 3]), two clips side by side."""
    shown = [index for index in frames if index < clips.shape[1]]
    rows = [numpy.concatenate([clip[index] for index in shown], 1) for clip in clips.numpy()]
    half = (len(rows) + 1) // 2
    columns = [numpy.concatenate(part) for part in (rows[:half], rows[half:]) if part]
    if len(columns) == 2 and len(columns[0]) == len(columns[1]):
        columns = [numpy.concatenate(columns, 1)]
    Image.fromarray(columns[0]).save(path)


def losses(history, path):
    """The curves of the numbers in `history` against the samples seen, or the steps where there are none."""
    figure, axes = pyplot.subplots(figsize=(7, 4))
    for name in ("pictures", "clips", "held out", "shown", "told", "PSNR"):
        points = [(line.get("samples", line["step"]), line[name]) for line in history if name in line]
        if points:
            axes.plot(*zip(*points), label=name)
    axes.set_xlabel("samples or steps")
    if axes.lines:
        axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=100)
    pyplot.close(figure)
