# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keep and drop strokes, and the region between solved from colour and edges. No net; numpy and Pillow only.

The picture is solved small, then less small, and then sharpened at its own size, each from the answer before, over the
same energy:

1. Colour. Two smoothed RGB histograms, of what the strokes cover and (from the second size on) of the last answer,
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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Bins = NDArray[np.intp]
Edges = tuple[Floats, Floats]
"""A value for each pair of neighbours: beside each other [h, w-1], and below each other [h-1, w]."""

SIDES = (120, 240)
"""Long sides, in pixels, of the sizes that are solved first."""

BINS = 24
"""Bins of the colour histogram along each channel."""

UNSEEN = 0.8
"""How much of each histogram is spread evenly, in units of 1 / BINS³: what an unseen colour weighs."""

SURE = 0.02
"""Likelihoods are kept this far from 0 and 1."""

STEP, SHADE, LIKELY = 0.08, 4.0, (60.0, 15.0)
"""The geodesic length of one pixel of the larger of these sizes, of a change of one in the three channels' sum, and of
one in likelihood, without a prior and with one."""

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

COARSE_STEPS, FINE_STEPS = 20, 8
"""Steps of the primal-dual method, in each of the small sizes and at the picture's own."""

TAU, PACE = 0.03, 0.12
"""The primal step of that method, and its product with the dual one (at most 1/8)."""

FAR, FIXED = 1e6, 1e3
"""Beyond every distance, and above every argument."""


class _Look(NamedTuple):
    """What is to be known of the picture in one size: (width, height), and how many pixels of the larger of the small
    sizes one of its own is long."""

    size: tuple[int, int]
    unit: float
    colours: Floats
    bins: Bins
    edges: Edges


class _Arguments(NamedTuple):
    """What the reach of the strokes says for being subject, and how far it and colour count against a prior."""

    pull: Floats
    strength: Floats | None


class Segmenter:
    """A picture to draw strokes over. What does not depend on them is found out once."""

    def __init__(self, rgb: Bytes) -> None:
        """`rgb` is the picture, uint8 [h, w, 3]."""
        image = Image.fromarray(np.ascontiguousarray(rgb))
        longer = max(image.size)
        scales = [min(1.0, side / longer) for side in SIDES]
        self._small = [_look(image, scale, scales[-1] / scale) for scale in scales]
        self._own = _look(image, 1.0, scales[-1])

    def solve(self, keep: Bools, drop: Bools, prior: Floats | None) -> Floats:
        """The matte [h, w], 1 for subject, for strokes to keep and to drop, both [h, w].

        Where strokes of both kinds overlap, drop wins. With a `prior`, a matte [h, w], only what hangs together with
        the strokes changes. Without one the whole picture is solved: if there are only keep strokes the picture's
        border counts as ground unless they argue otherwise, if there are only drop strokes everything unlike them is
        kept, and without any all is kept.
        """
        keep = keep & ~drop
        if not (keep.any() or drop.any()):
            return np.ones(keep.shape, np.float32) if prior is None else prior.astype(np.float32)
        prior = None if prior is None else prior.astype(np.float32)
        answer = flows = None
        for look in self._small:
            kept, dropped = _shrunk(keep, drop, look.size)
            before = None if prior is None else _resized(prior, look.size, Image.Resampling.BOX)
            if answer is None or flows is None:
                labels, answer, flows = before, before, (np.zeros(kept.shape, np.float32),) * 2
            else:
                answer, flows = _resized(answer, look.size), _carried(flows, look.size)
                labels = (answer > 0.5).astype(np.float32)
            likely = _likely(look.bins, kept, dropped, labels)
            lengths = likely[look.bins] * np.float32(LIKELY[prior is not None])
            reach = _reach(_starts(kept, dropped, prior is None), look, lengths, dropped)
            arguments = _arguments(reach, prior is None)
            unary = _unary(_odds(likely)[look.bins], arguments, before)
            _fix(unary, kept, dropped, FIXED, -FIXED)
            first = (reach[:, 0] < reach[:, 1]).astype(np.float32) if answer is None else answer
            answer, flows = _cut(unary, look.edges, first, flows, COARSE_STEPS)
            _fix(answer, kept, dropped, 1, 0)
        assert answer is not None and flows is not None
        own = self._own
        likely = _likely(look.bins, kept, dropped, (answer > 0.5).astype(np.float32))
        pull, strength = arguments
        arguments = _Arguments(_resized(pull, own.size), None if strength is None else _resized(strength, own.size))
        unary = _unary(_odds(likely)[own.bins], arguments, prior)
        _fix(unary, keep, drop, FIXED, -FIXED)
        first = _resized(answer, own.size)
        _fix(first, keep, drop, 1, 0)
        found, _ = _cut(unary, own.edges, first, _carried(flows, own.size), FINE_STEPS)
        if prior is not None:
            changed = _grown((found > 0.5) != (prior > 0.5))
            found = np.where(changed, found, prior).astype(np.float32)
        _fix(found, keep, drop, 1, 0)
        return found


def _look(image: Image.Image, scale: float, unit: float) -> _Look:
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    rgb = np.asarray(image if size == image.size else image.resize(size, Image.Resampling.BOX))
    colours = np.ascontiguousarray(np.moveaxis(rgb, -1, 0)).astype(np.float32) / np.float32(255)
    return _Look(size, unit, colours, _bins(rgb), _edges(colours))


def _fix(values: Floats, keep: Bools, drop: Bools, kept: float, dropped: float) -> None:
    """Sets what the strokes cover."""
    values[keep] = kept
    values[drop] = dropped


def _resized(values: Floats, size: tuple[int, int], how: Image.Resampling = Image.Resampling.BILINEAR) -> Floats:
    """Values at another (width, height), to be changed."""
    return np.array(Image.fromarray(np.ascontiguousarray(values)).resize(size, how))


def _carried(flows: Edges, size: tuple[int, int]) -> Edges:
    """Flows at another (width, height): where pixels are smaller, more flows through each."""
    across, down = (_resized(flow, size) * np.float32(size[0] / flow.shape[1]) for flow in flows)
    return across, down


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


def _bins(rgb: Bytes) -> Bins:
    """The histogram bin of each pixel."""
    step = (np.arange(256) * BINS) >> 8
    found: Bins = (step * BINS * BINS)[rgb[..., 0]]
    found += (step * BINS)[rgb[..., 1]]
    found += step[rgb[..., 2]]
    return found


def _histogram(bins: Bins, weights: Floats | None = None) -> Floats:
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


def _likely(bins: Bins, keep: Bools, drop: Bools, answer: Floats | None) -> Floats:
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


def _odds(likely: Floats) -> Floats:
    """The logarithm of the odds of a likelihood."""
    odds: Floats = np.log((likely + SURE) / (1 + SURE - likely))
    return odds


def _starts(keep: Bools, drop: Bools, blank: bool) -> Floats:
    """The geodesic distances [h, 2, w] from strokes to keep and to drop that are known before any path is measured."""
    far = FAR if blank and keep.any() and drop.any() else REACH
    start = np.full((keep.shape[0], 2, keep.shape[1]), far, np.float32)
    if blank and not drop.any():
        start[[0, -1], 1] = start[:, 1, [0, -1]] = NEAR
    start[:, 0][keep] = 0
    start[:, 1][drop] = 0
    return start


def _reach(distance: Floats, look: _Look, likely: Floats, drop: Bools) -> Floats:
    """Geodesic distances [h, 2, w] from starting values, by a scan down and one up; changes of `likely` are lengths."""
    colours = look.colours

    def cost(a: tuple[slice, ...], b: tuple[slice, ...], length: float) -> Floats:
        change: Floats = SHADE * np.abs(colours[:, *a] - colours[:, *b]).sum(0) + np.abs(likely[a] - likely[b])
        change += STEP * look.unit * length
        change[drop[a] & drop[b]] += WALL
        return change

    height, width = likely.shape
    every, head, tail = slice(None), slice(None, -1), slice(1, None)
    across = np.zeros((height, width), np.float32)
    np.cumsum(cost((every, tail), (every, head), 1), 1, out=across[:, 1:])
    straight, right, left = (
        cost((tail, every), (head, every), 1),
        cost((tail, tail), (head, head), 2**0.5),
        cost((tail, head), (head, tail), 2**0.5),
    )
    down, up = np.full((2, height, 3, width), np.inf, np.float32)
    down[1:, 0, 1:], down[1:, 1], down[1:, 2, :-1] = right, straight, left
    up[:-1, 0, 1:], up[:-1, 1], up[:-1, 2, :-1] = left, straight, right
    last = np.empty((2, width + 2), np.float32)
    before, here, after = last[:, :-2], last[:, 1:-1], last[:, 2:]
    by = np.empty((2, width), np.float32)
    sides = np.empty((2, 2, width), np.float32)
    from_left, from_right = sides[0], sides[1, :, ::-1]
    for lengths, order in ((down, range(height)), (up, range(height - 1, -1, -1))):
        last.fill(np.inf)
        for y in order:
            row, along = distance[y], across[y]
            for other, length in zip((before, here, after), lengths[y], strict=True):
                np.add(other, length, out=by)
                np.minimum(row, by, out=row)
            np.subtract(row, along, out=from_left)
            np.add(row, along, out=from_right)
            np.minimum.accumulate(sides, 2, out=sides)
            np.add(from_left, along, out=row)
            np.subtract(from_right, along, out=here)
            np.minimum(row, here, out=row)
            here[...] = row
    return distance


def _arguments(reach: Floats, blank: bool) -> _Arguments:
    keep, drop = reach[:, 0], reach[:, 1]
    pull: Floats = np.clip(np.log((drop + NEAR) / (keep + NEAR)), -MOST, MOST)
    pull *= PULL
    if not blank:
        strength: Floats = np.maximum(1 - np.minimum(keep, drop) / REACH, 1e-3)
        return _Arguments(pull, strength)
    pull[(keep >= WALL) & (keep < FAR / 2)] -= 2 * PULL * MOST
    return _Arguments(pull, None)


def _unary(odds: Floats, arguments: _Arguments, prior: Floats | None) -> Floats:
    """How much each pixel argues for being subject."""
    argued: Floats = odds + arguments.pull
    if prior is None or arguments.strength is None:
        return argued
    argued *= arguments.strength
    argued += (1 / arguments.strength - 1) * TRUST * (2 * prior - 1)
    return argued


def _edges(colours: Floats) -> Edges:
    """What cutting between two neighbours costs."""
    steps: Sequence[Floats] = [np.square(np.diff(colours, axis=axis)).sum(0) for axis in (2, 1)]
    mean = max(float(sum(s.sum() for s in steps)) / max(1, sum(s.size for s in steps)), 1e-4)
    across, down = ((np.exp(s * np.float32(-CONTRAST / mean)) + FLOOR) * np.float32(SMOOTH) for s in steps)
    return across, down


def _cut(unary: Floats, edges: Edges, first: Floats, flows: Edges, steps: int) -> tuple[Floats, Edges]:
    """The labels, 0 to 1, that agree with `unary` and change where `edges` are cheap: from labels and flows [h, w]
    across and down, to better ones. No flow leaves the picture."""
    across, down = (e * np.float32(TAU) for e in edges)
    bounds = (-across, across), (-down, down)
    rooms = np.empty_like(across), np.empty_like(down)
    flows = flows[0].copy(), flows[1].copy()
    flows[0][:, -1] = flows[1][-1] = 0
    passing = flows[0][:, :-1], flows[1][:-1]
    answer, new, pull = first.copy(), np.empty_like(first), unary * np.float32(TAU)
    ahead = answer * np.float32(PACE)
    heads, tails = (ahead[:, :-1], ahead[:-1]), (ahead[:, 1:], ahead[1:])
    for _ in range(steps):
        for flow, room, (low, high), head, tail in zip(passing, rooms, bounds, heads, tails, strict=True):
            np.subtract(tail, head, out=room)
            np.add(flow, room, out=flow)
            np.maximum(flow, low, out=flow)
            np.minimum(flow, high, out=flow)
        np.add(answer, pull, out=new)
        new += flows[0]
        new[:, 1:] -= passing[0]
        new += flows[1]
        new[1:] -= passing[1]
        np.maximum(new, 0, out=new)
        np.minimum(new, 1, out=new)
        np.multiply(new, 2, out=ahead)
        np.subtract(ahead, answer, out=ahead)
        np.multiply(ahead, np.float32(PACE), out=ahead)
        answer, new = new, answer
    return answer, flows
