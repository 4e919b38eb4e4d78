# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keep and drop strokes, and the region between solved from colour and edges. No net; numpy and Pillow only.

The picture is solved small and then sharpened at its own size, twice over the same energy:

1. Colour. Two smoothed RGB histograms, of what the strokes cover and (from the second round on) of the last answer,
   give each colour a likelihood of being subject (after Boykov & Jolly 2001; Rother et al., GrabCut, 2004).
2. Reach. The geodesic distance of every pixel from each kind of stroke, over the changes of that likelihood and of the
   colour, by raster scans whose rows are vectors (Bai & Sapiro 2007; Criminisi et al., GeoS, 2008; Toivanen 1996). The
   logarithm of their ratio argues for the nearer kind. No path crosses a drop stroke: what drop strokes shut off from
   all keep strokes is dropped, so a loop around the subject drops everything outside.
3. Edges. The labels that minimise the sum of both arguments and the contrast-weighted length of the cut: the convex
   form of the graph cut, by the primal-dual method (Chambolle & Pock 2011; Unger et al., TVSeg, 2008).

With a prior (a matte from a net or by hand) both arguments fade with the reach, and the prior's own label stands where
they have faded.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Edges = tuple[Floats, Floats]
"""A value for each pair of neighbours: beside each other [h, w-1], and below each other [h-1, w]."""

SMALL = 240
"""Long side, in pixels, of the size that is solved first."""

ROUNDS = 2
"""How often colours are learned and the small picture is solved."""

BINS = 24
"""Bins of the colour histogram along each channel."""

UNSEEN = 0.8
"""How much of each histogram is spread evenly, in units of 1 / BINS³: what an unseen colour weighs."""

SURE = 0.02
"""Likelihoods are kept this far from 0 and 1."""

STEP, SHADE, LIKELY = 0.08, 4.0, (60.0, 15.0)
"""The geodesic length of one small pixel, of a change of one in the three channels' sum, and of one in likelihood,
without a prior and with one."""

SCANS = 1
"""Pairs of scans, down and up."""

WALL = 1000.0
"""The geodesic length of a step along a drop stroke."""

NEAR = 1.0
"""Geodesic distances that are small beside this do not differ."""

REACH = 10.0
"""The geodesic distance at which a stroke no longer argues against a prior, and that of a kind without strokes."""

PULL, MOST = 1.2, 3.0
"""The weight of the logarithm of the distances' ratio, and its greatest size."""

SMOOTH, CONTRAST, FLOOR = 16.0, 0.5, 0.03
"""The cut's weight by length, its fall with the squared colour step over the mean one, and what always remains."""

TRUST = 2.0
"""The weight of a prior that nothing argues against."""

COARSE_STEPS, FINE_STEPS = 20, 10
"""Steps of the primal-dual method, small (in the first round; as many more in each next) and at the picture's size."""

TAU, PACE = 0.03, 0.12
"""The primal step of that method, and its product with the dual one (at most 1/8)."""

FAR, FIXED = 1e6, 1e3
"""Beyond every distance, and above every argument."""


def segmented(rgb: Bytes, keep: Bools, drop: Bools, prior: Floats | None) -> Floats:
    """The matte [h, w], 1 for subject, of a picture [h, w, 3] with strokes to keep and to drop.

    Where strokes of both kinds overlap, drop wins. With a `prior` only what hangs together with the strokes changes.
    Without one the whole picture is solved: if there are only keep strokes the picture's border counts as ground unless
    they argue otherwise, if there are only drop strokes everything unlike them is kept, and without any all is kept.
    """
    height, width = keep.shape
    keep = keep & ~drop
    if not (keep.any() or drop.any()):
        return np.ones(keep.shape, np.float32) if prior is None else prior.astype(np.float32)
    scale = min(1.0, SMALL / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(np.ascontiguousarray(rgb)).resize(size, Image.Resampling.BOX))
    kept, dropped = _shrunk(keep, drop, size)
    before = None if prior is None else _resized(prior.astype(np.float32), size, Image.Resampling.BOX)
    colours, bins = _planes(small), _bins(small)
    edges = _edges(colours)
    answer = before
    for turn in range(ROUNDS):
        likely = _table(bins, kept, dropped, answer)[bins]
        far = FAR if prior is None and kept.any() and dropped.any() else REACH
        start = np.full((kept.shape[0], 2, kept.shape[1]), far, np.float32)
        if prior is None and not dropped.any():
            start[[0, -1], 1] = start[:, 1, [0, -1]] = NEAR
        start[:, 0][kept] = 0
        start[:, 1][dropped] = 0
        reach = _reach(start, colours, likely * np.float32(LIKELY[prior is not None]), dropped)
        unary = _unary(likely, reach, before)
        _fix(unary, kept, dropped, FIXED, -FIXED)
        first = (reach[:, 0] < reach[:, 1]).astype(np.float32) if answer is None else answer
        answer = (_cut(unary, edges, first, (turn + 1) * COARSE_STEPS) > 0.5).astype(np.float32)
        _fix(answer, kept, dropped, 1, 0)
    assert answer is not None
    full = width, height
    near = np.stack([_resized(reach[:, k], full) for k in (0, 1)], 1)
    unary = _unary(_table(bins, kept, dropped, answer)[_bins(rgb)], near, prior)
    _fix(unary, keep, drop, FIXED, -FIXED)
    first = _resized(answer, full).copy()
    _fix(first, keep, drop, 1, 0)
    found = _cut(unary, _edges(_planes(rgb)), first, FINE_STEPS)
    if prior is not None:
        changed = _grown((found > 0.5) != (prior > 0.5))
        found = np.where(changed, found, prior).astype(np.float32)
    _fix(found, keep, drop, 1, 0)
    return found


def _fix(values: Floats, keep: Bools, drop: Bools, kept: float, dropped: float) -> None:
    """Sets what the strokes cover."""
    values[keep] = kept
    values[drop] = dropped


def _resized(values: Floats, size: tuple[int, int], how: Image.Resampling = Image.Resampling.BILINEAR) -> Floats:
    """Values at another (width, height)."""
    return np.asarray(Image.fromarray(np.ascontiguousarray(values)).resize(size, how))


def _shrunk(keep: Bools, drop: Bools, size: tuple[int, int]) -> tuple[Bools, Bools]:
    """The small pixels that strokes cover well, or at all where a hair-thin stroke covers none well; drop wins."""
    kept, dropped = (_resized(mask.astype(np.float32), size, Image.Resampling.BOX) for mask in (keep, drop))
    ground: Bools = (dropped > (0.3 if dropped.max() > 0.3 else 0)) & (dropped >= kept)
    subject: Bools = (kept > (0.3 if kept.max() > 0.3 else 0)) & ~ground
    return subject, ground


def _grown(mask: Bools) -> Bools:
    """A mask grown by three pixels."""
    for _ in range(3):
        grown = mask.copy()
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        mask = grown
    return mask


def _bins(rgb: Bytes) -> NDArray[np.intp]:
    """The histogram bin of each pixel."""
    step = (np.arange(256) * BINS) >> 8
    found: NDArray[np.intp] = (step * BINS * BINS)[rgb[..., 0]]
    found += (step * BINS)[rgb[..., 1]]
    found += step[rgb[..., 2]]
    return found


def _histogram(bins: NDArray[np.intp], weights: Floats | None = None) -> Floats:
    """A smoothed histogram whose sum is 1, or 0 where there is nothing."""
    counts = np.bincount(bins.ravel(), None if weights is None else weights.ravel(), BINS**3)
    cube: Floats = counts.astype(np.float32).reshape(BINS, BINS, BINS)
    for axis in range(3):
        cube = np.moveaxis(cube, axis, 0)
        soft = cube * np.float32(0.5)
        soft[1:] += cube[:-1] * np.float32(0.25)
        soft[:-1] += cube[1:] * np.float32(0.25)
        cube = np.moveaxis(soft, 0, axis)
    return np.ascontiguousarray(cube).ravel() / np.float32(max(float(cube.sum()), 1e-9))


def _table(bins: NDArray[np.intp], keep: Bools, drop: Bools, answer: Floats | None) -> Floats:
    """The likelihood of being subject for each colour bin."""
    subject, ground = _histogram(bins[keep]), _histogram(bins[drop])
    if answer is not None:
        subject = subject + _histogram(bins, answer)
        ground = ground + _histogram(bins, 1 - answer)
    else:
        if not keep.any():
            subject = _histogram(bins)
        if not drop.any():
            ground = _histogram(np.concatenate([bins[0], bins[-1], bins[:, 0], bins[:, -1]]))
    subject, ground = (h / np.float32(max(float(h.sum()), 1e-9)) for h in (subject, ground))
    unseen = np.float32(UNSEEN / BINS**3)
    return ((subject + unseen) / (subject + ground + 2 * unseen)).astype(np.float32)


def _reach(distance: Floats, colours: Floats, likely: Floats, drop: Bools) -> Floats:
    """Geodesic distances [h, 2, w] from starting values, by scans down and up; changes of `likely` are lengths."""

    def cost(a: tuple[slice, ...], b: tuple[slice, ...], length: float) -> Floats:
        change: Floats = SHADE * np.abs(colours[:, *a] - colours[:, *b]).sum(0) + np.abs(likely[a] - likely[b])
        change += STEP * length
        change[drop[a] & drop[b]] += WALL
        return change

    every, head, tail = slice(None), slice(None, -1), slice(1, None)
    across = np.zeros(likely.shape, np.float32)
    np.cumsum(cost((every, tail), (every, head), 1), 1, out=across[:, 1:])
    down = cost((tail, every), (head, every), 1)
    right = cost((tail, tail), (head, head), 2**0.5)
    left = cost((tail, head), (head, tail), 2**0.5)
    height = len(distance)
    for _ in range(SCANS):
        for order in (range(height), range(height - 1, -1, -1)):
            last = -1
            for y in order:
                row, along = distance[y], across[y]
                if last >= 0:
                    other, edge = distance[last], min(last, y)
                    falling, rising = (right, left) if last < y else (left, right)
                    np.minimum(row, other + down[edge], out=row)
                    np.minimum(row[:, 1:], other[:, :-1] + falling[edge], out=row[:, 1:])
                    np.minimum(row[:, :-1], other[:, 1:] + rising[edge], out=row[:, :-1])
                np.minimum(row, np.minimum.accumulate(row - along, 1) + along, out=row)
                np.minimum(row, np.minimum.accumulate((row + along)[:, ::-1], 1)[:, ::-1] - along, out=row)
                last = y
    return distance


def _unary(likely: Floats, reach: Floats, prior: Floats | None) -> Floats:
    """How much each pixel argues for being subject."""
    keep, drop = reach[:, 0], reach[:, 1]
    argued: Floats = np.log((likely + SURE) / (1 + SURE - likely))
    argued += PULL * np.clip(np.log((drop + NEAR) / (keep + NEAR)), -MOST, MOST)
    if prior is None:
        argued[(keep >= WALL) & (keep < FAR / 2)] -= 2 * PULL * MOST
        return argued
    strength: Floats = np.maximum(1 - np.minimum(keep, drop) / REACH, 1e-3)
    argued *= strength
    argued += (1 / strength - 1) * TRUST * (2 * prior - 1)
    return argued


def _planes(rgb: Bytes) -> Floats:
    """The channels [3, h, w], 0 to 1."""
    return np.ascontiguousarray(np.moveaxis(rgb, -1, 0)).astype(np.float32) / np.float32(255)


def _edges(colours: Floats) -> Edges:
    """What cutting between two neighbours costs."""
    steps: Sequence[Floats] = [np.square(np.diff(colours, axis=axis)).sum(0) for axis in (2, 1)]
    mean = max(float(sum(s.sum() for s in steps)) / max(1, sum(s.size for s in steps)), 1e-4)
    across, down = ((np.exp(s * np.float32(-CONTRAST / mean)) + FLOOR) * np.float32(SMOOTH) for s in steps)
    return across, down


def _cut(unary: Floats, edges: Edges, first: Floats, steps: int) -> Floats:
    """The labels, 0 to 1, that agree with `unary` and change where `edges` are cheap."""
    across, down = (e * np.float32(TAU) for e in edges)
    flows = np.zeros_like(across), np.zeros_like(down)
    rooms = np.empty_like(across), np.empty_like(down)
    bounds = (-across, across), (-down, down)
    answer = first.astype(np.float32)
    ahead, new, pull = answer * np.float32(PACE), np.empty_like(answer), unary * np.float32(TAU)
    heads, tails = (ahead[:, :-1], ahead[:-1]), (ahead[:, 1:], ahead[1:])
    for _ in range(steps):
        for flow, room, (low, high), head, tail in zip(flows, rooms, bounds, heads, tails, strict=True):
            np.subtract(tail, head, out=room)
            np.add(flow, room, out=flow)
            np.maximum(flow, low, out=flow)
            np.minimum(flow, high, out=flow)
        np.add(answer, pull, out=new)
        new[:, :-1] += flows[0]
        new[:, 1:] -= flows[0]
        new[:-1] += flows[1]
        new[1:] -= flows[1]
        np.maximum(new, 0, out=new)
        np.minimum(new, 1, out=new)
        np.multiply(new, 2, out=ahead)
        np.subtract(ahead, answer, out=ahead)
        np.multiply(ahead, np.float32(PACE), out=ahead)
        answer, new = new, answer
    return answer
