# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mark that a round brush leaves: how much of each pixel a stroke covers."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Cover = NDArray[np.uint8]
"""uint8 [h,w], 255 is covered wholly."""

TILE = 64
"""Side of the squares that are painted one by one, each with the part of the stroke that comes near it."""

NEAR = 0.1
"""Points of a stroke nearer to one another than this share of its radius are one."""

CHUNK = 1 << 12
"""So many pieces of a stroke are painted before it is asked which tiles are full."""

BATCH = 32
"""So many pieces of a stroke are painted on a tile at once."""


FULL = np.full((TILE, TILE), 255, np.uint8)
"""What stands for every tile of which nothing is left to paint."""


Coordinates = Sequence[float] | NDArray[np.float64]
"""Numbers of one point behind those of the other."""


class Mark(NamedTuple):
    """What is covered of the tile that begins in row `top` and column `left` of the picture."""

    top: int
    left: int
    cover: Cover


def marks(points: Coordinates, radius: float, hardness: float, width: int, height: int) -> Iterator[Mark]:
    """The mark of a stroke through `points`, (x, y, pressure 0..1) each, one behind the other.

    Comes in tiles; those of the `width` x `height` pixels that the stroke misses are absent. Its radius at a point is
    `radius` pixels times the pressure, and changes evenly from point to point. Cover is full up to the share `hardness`
    of the radius and falls to nothing at the rim; the rim itself is one pixel soft. A stroke over itself covers no more
    than once.
    """
    starts, ends = _pieces(np.array(points, np.float32).reshape(-1, 3), radius, width, height)
    tiles: dict[tuple[int, int], Cover] = {}
    for chunk in range(0, starts.shape[0], CHUNK):
        _paint(tiles, starts[chunk : chunk + CHUNK], ends[chunk : chunk + CHUNK], hardness, width, height)
    for (top, left), cover in sorted(tiles.items()):
        if cover.any():
            yield Mark(top, left, cover[: height - top, : width - left])


def line(points: Coordinates, radius: float, width: int, height: int) -> Iterator[Mark]:
    """The same of a hard line through `points`, (x, y) each, that is equally wide everywhere."""
    corners = np.array(points, np.float64).reshape(-1, 2)
    pressed = np.concatenate([corners, np.ones((corners.shape[0], 1))], axis=1)
    return marks(pressed, radius, 1.0, width, height)


def _pieces(
    points: NDArray[np.float32], radius: float, width: int, height: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each straight piece starts and ends: [n,3], x, y and radius. Those that miss the picture are left out."""
    points = _thinned(points, NEAR * radius)
    points[:, 2] *= np.float32(radius)
    starts, ends = (points[:-1], points[1:]) if points.shape[0] > 1 else (points, points)
    reach = np.maximum(starts[:, 2], ends[:, 2])
    low = np.minimum(starts, ends)[:, :2] - reach[:, None]
    high = np.maximum(starts, ends)[:, :2] + reach[:, None]
    seen = (reach > 0) & (high > -1).all(axis=1) & (low < (width + 1, height + 1)).all(axis=1)
    return starts[seen], ends[seen]


def _thinned(points: NDArray[np.float32], apart: float) -> NDArray[np.float32]:
    """Without points that are hardly apart from those before them, but with the last."""
    if points.shape[0] < 3:
        return points
    steps = np.abs(np.diff(points[:, :2], axis=0)).max(axis=1)
    if steps.min() >= apart:
        return points
    way = np.floor(np.concatenate([[0.0], np.cumsum(steps, dtype=np.float64)]) / max(apart, 1e-3))
    keep = np.concatenate([[True], way[1:] != way[:-1]])
    keep[-1] = True
    kept: NDArray[np.float32] = points[keep]
    return kept


def _paint(
    tiles: dict[tuple[int, int], Cover],
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    hardness: float,
    width: int,
    height: int,
) -> None:
    reach = np.maximum(starts[:, 2], ends[:, 2]) + 1
    low = np.minimum(starts, ends)[:, :2] - reach[:, None]
    high = np.maximum(starts, ends)[:, :2] + reach[:, None]
    first = np.maximum(low.min(axis=0), 0).astype(int) // TILE * TILE
    last = np.minimum(high.max(axis=0), (width, height))
    for top in range(int(first[1]), int(np.ceil(last[1])), TILE):
        row = np.nonzero((high[:, 1] > top) & (low[:, 1] < top + TILE))[0]
        if row.size == 0:
            continue
        begin = int(max(0, low[row, 0].min())) // TILE * TILE
        for left in range(begin, int(np.ceil(min(width, high[row, 0].max()))), TILE):
            done = tiles.get((top, left))
            if done is FULL:
                continue
            here = row[(high[row, 0] > left) & (low[row, 0] < left + TILE)]
            if here.size == 0:
                continue
            size = min(TILE, height - top), min(TILE, width - left)
            cover = _tile(starts[here], ends[here], hardness, top, left, *size)
            if cover is not None:
                cover = cover if done is None else np.maximum(done, cover)
                tiles[top, left] = FULL if cover.min() == 255 else cover


def _tile(
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    hardness: float,
    top: int,
    left: int,
    height: int,
    width: int,
) -> Cover | None:
    """What the pieces cover of a tile; None where they only came near it."""
    middle = np.array([[[left + width / 2]], [[top + height / 2]]], np.float32)
    off, radius = _distance(starts, ends, middle[0], middle[1])
    near = (off - radius)[:, 0, 0] <= np.hypot(width, height) / 2 + 1
    starts, ends = starts[near], ends[near]
    if starts.shape[0] == 0:
        return None
    x = np.arange(left, left + width, dtype=np.float32)[None, None, :] + np.float32(0.5)
    y = np.arange(top, top + height, dtype=np.float32)[None, :, None] + np.float32(0.5)
    # A piece is convex: where all four corners are in its core, so is the tile.
    off, radius = _distance(starts, ends, x[:, :, [0, -1]], y[:, [0, -1]])
    if (_covered(off, radius, hardness).min(axis=(1, 2)) >= 1).any():
        return np.full((height, width), 255, np.uint8)
    cover = np.zeros((height, width), np.float32)
    for batch in range(0, starts.shape[0], BATCH):
        off, radius = _distance(starts[batch : batch + BATCH], ends[batch : batch + BATCH], x, y)
        np.maximum(cover, _covered(off, radius, hardness).max(axis=0), out=cover)
        if cover.min() >= 1:
            break
    np.clip(cover, 0, 1, out=cover)
    if hardness < 1:
        cover *= cover * (3 - 2 * cover)
    return np.rint(cover * 255).astype(np.uint8)


def _distance(
    starts: NDArray[np.float32], ends: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How far (x, y), that broadcast to [1,h,w], are from the middle line of each piece, and its radius there: [n,h,w]
    each."""
    start, way = starts[:, :, None, None], (ends - starts)[:, :, None, None]
    across, down = way[:, 0], way[:, 1]
    length = np.maximum(across * across + down * down, np.float32(1e-6))
    to_x, to_y = x - start[:, 0], y - start[:, 1]
    along = to_x * (across / length) + to_y * (down / length)
    np.clip(along, 0, 1, out=along)
    off = np.square(to_x - along * across)
    off += np.square(to_y - along * down)
    np.sqrt(off, out=off)
    along *= way[:, 2]
    along += start[:, 2]
    return off, along


def _covered(off: NDArray[np.float32], radius: NDArray[np.float32], hardness: float) -> NDArray[np.float32]:
    """Cover before it is clipped to 0..1. A brush finer than a pixel covers none wholly."""
    part = (radius + np.float32(0.5) - off) / (radius * np.float32(1 - hardness) + 1)
    if radius.min() < 0.5:
        np.minimum(part, 2 * radius, out=part)
    return part
