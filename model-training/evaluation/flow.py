"""How the camera moves: four numbers for each pair of neighbouring frames, by direct alignment of what is not an object.

The model of the flow at column x and row y from the middle and the horizon, with y below it in pixels: a turn moves all by
(pan, tilt); a camera that moves aside shifts the ground by track * y; one that advances by zoom * (x y, y y). Least
squares on the brightness, as Lucas and Kanade (IJCAI 1981) do, after a search for the turn.
"""
import cv2
import numpy as np


def camera(pixels, things, horizon):
    """[T - 1, 4] of pan, tilt, track, zoom in pixels, from pixels [T, H, W, 3] and the mask of objects."""
    frames, height, width, _ = pixels.shape
    grey = np.sqrt(pixels.astype(np.float32)).mean(-1)
    # texture is faint on some grounds and strong at edges: local contrast is evened out
    smooth = np.stack([cv2.GaussianBlur(g, (0, 0), 1.0) for g in grey])
    free = np.stack([cv2.erode((~m).astype(np.uint8), np.ones((5, 5))) for m in things]).astype(np.float32)
    x, y = np.meshgrid(np.arange(width) - width / 2 + 0.5, np.arange(height).astype(np.float32))
    result = np.zeros((frames - 1, 4))
    for frame in range(frames - 1):
        one, two = smooth[frame], smooth[frame + 1]
        below = np.maximum(y - horizon[frame], 0)
        tilt = horizon[frame + 1] - horizon[frame]
        # the turn is sought in the rows at the horizon alone
        lines = np.flatnonzero(np.abs(y[:, 0] - horizon[frame] + 4) < 9)
        lines = slice(lines[0], lines[-1] + 1)
        far, before, across = free[frame][lines] > 0, one[lines], x[lines]
        best, start = np.inf, 0.0
        for shift in range(-7, 8):
            moved = cv2.warpAffine(two, np.float32([[1, 0, -shift], [0, 1, -tilt - lines.start]]), (width, lines.stop - lines.start), borderMode=cv2.BORDER_REPLICATE)
            ok = far & (across + shift > -width / 2 + 1) & (across + shift < width / 2 - 1)
            error = np.minimum(np.abs(moved - before)[ok], 1.0).mean() if ok.sum() > 50 else np.inf
            if error < best - 1e-4 * (1 + abs(shift)):
                best, start = error, float(shift)
        flow = np.array([start, tilt, 0.0, 0.0])
        # a turn of the size of an orbit comes with a camera aside: z = 0 stays where it is
        if abs(start) >= 2.5:
            flow[2] = -start / (0.25 * height)
        for _ in range(8):
            u = flow[0] + flow[2] * below + flow[3] * x * below
            v = flow[1] + flow[3] * below * below
            moved = cv2.remap(two, (x + width / 2 - 0.5 + u).astype(np.float32), (y + v).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            mask = cv2.remap(free[frame + 1], (x + width / 2 - 0.5 + u).astype(np.float32), (y + v).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT) * free[frame]
            gx, gy = cv2.Sobel(moved, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(moved, cv2.CV_32F, 0, 1, scale=1 / 8)
            rest = one - moved
            weight = mask / (np.abs(rest) + 0.05) / (gx * gx + gy * gy + 0.01) ** 0.5
            columns = np.stack([gx, gy, gx * below, gx * x * below + gy * below * below], -1).reshape(-1, 4)
            weighted = columns * weight.reshape(-1, 1)
            change = np.linalg.lstsq(weighted.T @ columns + np.diag([1e-2, 1e-2, 1.0, 30.0]), weighted.T @ rest.reshape(-1), rcond=None)[0]
            flow += change
            if np.abs(change[:2]).max() < 0.01 and abs(change[2]) < 3e-4:
                break
        result[frame] = flow if np.abs(flow[:2]).max() < 9 else (start, tilt, 0, 0)
    return result
