# SPDX-License-Identifier: AGPL-3.0-or-later
"""Graphics on a flat ground, cut by colour: logos, line art, signatures, screenshots.

A net blurs what is drawn; colour cuts it exactly. Where a drawing of ink C meets a ground B, a pixel is
I = alpha C + (1 - alpha) B, and both stand beside it, so alpha is how far I is on the way from B to C (Smith and Blinn,
"Blue Screen Matting", SIGGRAPH 1996, with one known ground), and the colour without the ground is B + (I - B) / alpha.

What counts as a graphic (`recognised`): nearly all of the border is one colour, and what stands out from it is of few
colours in even areas, or of next to no colours at all, or of lines of one ink. Photographs before a white wall fail all
three, and so do renderings. The figures were chosen on thousands of pictures, photographs of single things before white
among them, so that hardly a photograph passes: a graphic that is not recognised still gets the net, and may be called
one by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from offcut.cutout import multiply
from offcut.picture import Picture
from offcut.regions import regions

Rgb = NDArray[np.uint8]
"""uint8 [h,w,3]."""
Offsets = NDArray[np.float32]
"""[n,3], colours as their difference from the ground."""
Mask = NDArray[np.bool_]
Enclosed = Literal["open", "kept"]

FLAT = 12
"""How far from the ground's colour, in levels of any channel, the border of a graphic may be: JPEG makes as much."""

BORDER = 0.95
"""The share of the border that must be so near."""

APART = 24
"""From here on a pixel stands out from the ground, when colours are counted."""

MANY, RARE = 5, 0.0005
"""A shade is noise if so many times more pixels have it than have a soft edge's, and this share of all."""

MOST = 0.9
"""Share of what stands out that speaks for all of it."""

FEW, EVEN = 12, 4
"""In even areas, those where neighbours are within `EVEN` levels, a graphic may have `FEW` colours, of 32 levels a
channel each."""

FEWEST = 4
"""With no more colours than this, which is black, white and what JPEG makes of them, it need not be even."""

THIN, STRAIGHT, ASIDE = 0.15, 0.99, 16
"""It is made of lines when at most `THIN` of it is inside anything, and of one ink when `STRAIGHT` of it is within
`ASIDE` levels of the way from the ground to the ink."""

SAMPLE, STRIP = 1 << 19, 16
"""About so many pixels are looked at, in strips of so many rows."""

LEAST = 20
"""So many of them must stand out."""

REACH = 2
"""How far from a pixel, in pixels, its ink and its ground are looked for."""

INKS = 16
"""So many colours of a graphic are inks that thin lines, which have no pixel all their own, may be drawn with."""

RINGS = 4
"""So many times what is beside the ground is taken for ground, `REACH` pixels further each time: a block of JPEG."""

TILE = 128
"""Side of the squares that are handled one by one: most of a graphic has no edge, and is done with at a glance."""


@dataclass(frozen=True, slots=True)
class Ground:
    """`colour` 0..255; within `noise` levels of it, in every channel, a pixel is ground."""

    colour: tuple[int, int, int]
    noise: int


def ground(picture: Picture) -> Ground:
    """The border's median colour, and the noise about it.

    Noise is what is more frequent next to the ground's colour than soft edges explain: they have all shades alike, and
    are a small part of a picture. It goes as far as more than half of all levels are frequent: JPEG leaves some out,
    and the one level of a pale panel is not noise.
    """
    rgb = picture.rgb
    red, green, blue = (int(level) for level in np.median(_rim(rgb), axis=0))
    exact = Ground((red, green, blue), 0)
    every = 1 + rgb.shape[0] * rgb.shape[1] // SAMPLE
    counts = np.bincount(_away(rgb[::every], exact).ravel(), minlength=2 * FLAT + 1)
    shades = float(counts[FLAT + 1 : 2 * FLAT + 1].mean())
    frequent = counts[1 : FLAT + 1] > max(MANY * shades, RARE * int(counts.sum()))
    levels = np.arange(1, FLAT + 1)
    noisy = levels[frequent & (2 * np.cumsum(frequent) > levels)]
    return Ground(exact.colour, int(noisy.max(initial=0)))


def _rim(rgb: Rgb) -> NDArray[np.uint8]:
    """The pixels at the border, uint8 [n,3]."""
    return np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])


def recognised(picture: Picture) -> Ground | None:
    """The ground of a graphic; None for a picture that is none, or that has transparent pixels already."""
    if not picture.opaque or min(picture.size) < 2:
        return None
    rgb = picture.rgb
    found = ground(picture)
    if np.mean(_away(_rim(rgb), found) <= FLAT) < BORDER:
        return None
    standing, inside = _standing(rgb, found)
    if standing.shape[0] < LEAST:
        return None
    if inside.colours.shape[0] <= THIN * standing.shape[0]:
        return found if _on_the_way(standing, found) >= STRAIGHT else None
    counts = np.sort(np.bincount(_bins(inside.colours)))[::-1]
    colours = int(np.searchsorted(np.cumsum(counts), MOST * inside.colours.shape[0])) + 1
    even = colours <= FEW and inside.even.mean() >= MOST
    return found if even or colours <= FEWEST else None


@dataclass(frozen=True, slots=True, eq=False)
class _Inside:
    """Pixels all around which stand out too: their colours, uint8 [n,3], and whether they are as their neighbours."""

    colours: NDArray[np.uint8]
    even: Mask


def _standing(rgb: Rgb, on: Ground) -> tuple[NDArray[np.uint8], _Inside]:
    """A sample of the pixels that stand out from the ground, uint8 [n,3], and those of them that are inside."""
    height, width = rgb.shape[:2]
    tops = [0] if height * width <= SAMPLE else range(0, height - STRIP, max(STRIP, STRIP * height * width // SAMPLE))
    rows = height if height * width <= SAMPLE else STRIP
    standing, colours, even = [], [], []
    for top in tops:
        strip = rgb[top : top + rows]
        away = _away(strip, on) > APART
        inside = ~_near(~away)
        if len(tops) > 1:
            inside[:REACH] = inside[-REACH:] = False
        alike = np.zeros(away.shape, np.bool_)
        alike[:-1, :-1] = _alike(strip[:-1, :-1], strip[1:, :-1], EVEN) & _alike(strip[:-1, :-1], strip[:-1, 1:], EVEN)
        standing.append(strip[away])
        colours.append(strip[inside])
        even.append(alike[inside])
    return np.concatenate(standing), _Inside(np.concatenate(colours), np.concatenate(even))


def _on_the_way(colours: NDArray[np.uint8], on: Ground) -> float:
    """The share of some colours that lie between the ground's and that of the furthest of them."""
    apart = colours.astype(np.float32) - np.array(on.colour, np.float32)
    ink = _furthest(apart)
    part = np.clip(apart @ ink / (ink @ ink), 0, 1)
    return float((np.abs(apart - part[:, np.newaxis] * ink).max(axis=1) <= ASIDE).mean())


def _furthest(apart: Offsets) -> Offsets:
    """The mean of the hundredth of some colours that is furthest from the ground: [3]."""
    lengths = np.square(apart).sum(axis=1)
    furthest: Offsets = apart[lengths >= np.percentile(lengths, 99)].mean(axis=0)
    return furthest


def drawn(picture: Picture, on: Ground, enclosed: Enclosed = "open") -> NDArray[np.uint8]:
    """Cut `picture` from its ground: uint8 [h,w,4], straight alpha, the ground's colour taken out of soft edges.

    Parts of the ground that the drawing encloses, like those in letters, are "open", or "kept" as they are.
    """
    rgb = picture.rgb
    width, height = picture.size
    clear = _clear(rgb, on)
    if enclosed == "kept":
        clear = _open(clear)
    inks = _inks(rgb, on)
    result = np.zeros((height, width, 4), np.uint8)
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            tile = slice(top, top + TILE), slice(left, left + TILE)
            wide = _wider(tile[0]), _wider(tile[1])
            if clear[tile].all():
                continue
            if not clear[wide].any():
                result[tile][..., :3] = rgb[tile]
                result[tile][..., 3] = 255
                continue
            cut = _cut(rgb[wide], clear[wide], on, inks)
            inner = tuple(
                slice(own.start - all.start, own.stop - all.start) for own, all in zip(tile, wide, strict=True)
            )
            result[tile] = cut[inner]
    if picture.alpha is not None:
        result[..., 3] = multiply(result[..., 3], picture.alpha)
        result[result[..., 3] == 0] = 0
    return result


def _wider(span: slice) -> slice:
    return slice(max(0, span.start - REACH), span.stop + REACH)


def _away(rgb: Rgb, on: Ground) -> NDArray[np.uint8]:
    """The largest difference of any channel from the ground: uint8 of the shape without channels."""
    red, green, blue = (
        np.maximum(rgb[..., k], level) - np.minimum(rgb[..., k], level)
        for k, level in enumerate(np.array(on.colour, np.uint8))
    )
    away: NDArray[np.uint8] = np.maximum(np.maximum(red, green), blue)
    return away


def _bins(rgb: Rgb) -> NDArray[np.int32]:
    coarse = (rgb >> 3).astype(np.int32)
    numbers: NDArray[np.int32] = (coarse[..., 0] << 10) | (coarse[..., 1] << 5) | coarse[..., 2]
    return numbers


def _clear(rgb: Rgb, on: Ground) -> Mask:
    """Where the ground is. Where it is noisy, what is near its colour and beside it is ground too: the rings that JPEG
    draws around shapes."""
    clear = np.empty(rgb.shape[:2], np.bool_)
    faint = np.empty(rgb.shape[:2], np.bool_)
    for top in range(0, rgb.shape[0], TILE):
        away = _away(rgb[top : top + TILE], on)
        clear[top : top + TILE] = away <= on.noise
        faint[top : top + TILE] = away <= APART
    for _ in range(RINGS if on.noise else 0):
        clear |= faint & _near(clear)
    return clear


def _open(clear: Mask) -> Mask:
    """What of the ground hangs together with the border."""
    parts = regions(clear)
    reached = parts.at_border()
    reached[0] = False
    return reached[parts.labels]


def _inks(rgb: Rgb, on: Ground) -> Offsets:
    """The colours that a graphic has most of, and the one that is furthest from its ground."""
    every = 1 + rgb.shape[0] * rgb.shape[1] // SAMPLE
    some: NDArray[np.uint8] = rgb[::every].reshape(-1, 3)
    some = some[_away(some, on) > APART]
    if some.shape[0] == 0:
        return np.empty((0, 3), np.float32)
    apart = some.astype(np.float32) - np.array(on.colour, np.float32)
    numbers = _bins(some)
    counts = np.bincount(numbers)
    most = np.argsort(counts)[::-1][:INKS]
    inks = [apart[numbers == number].mean(axis=0) for number in most if counts[number]]
    return np.array([*inks, _furthest(apart)], np.float32)


def _cut(rgb: Rgb, clear: Mask, on: Ground, inks: Offsets) -> NDArray[np.uint8]:
    """A part of the cutout. Its outermost `REACH` pixels lack what lies beyond and are not to be used."""
    apart = rgb.astype(np.float32) - np.array(on.colour, np.float32)
    solid = _solid(rgb, clear, on)
    rows, columns = np.nonzero(~clear & ~solid & _near(clear))
    own = apart[rows, columns]
    share = _shares(own, _beside(apart, solid, rows, columns), inks, on)
    result: NDArray[np.uint8] = np.dstack([rgb, np.where(clear, np.uint8(0), np.uint8(255))])
    result[clear] = 0
    colours = own / np.maximum(share, np.float32(1e-6))[:, np.newaxis] + np.array(on.colour, np.float32)
    result[rows, columns, :3] = np.rint(np.clip(colours, 0, 255))
    result[rows, columns, 3] = np.rint(share * 255)
    result[result[..., 3] == 0] = 0
    return result


def _solid(rgb: Rgb, clear: Mask, on: Ground) -> Mask:
    """Pixels of ink alone: those of a square of 2 x 2 that is all one colour, and not the ground's. The soft rim of a
    shape has none, for it is one pixel wide."""
    alike = on.noise + 1
    across, down = _alike(rgb[:, 1:], rgb[:, :-1], alike), _alike(rgb[1:], rgb[:-1], alike)
    inked = ~clear
    square = across[1:] & across[:-1] & down[:, 1:] & down[:, :-1]
    square &= inked[1:, 1:] & inked[1:, :-1] & inked[:-1, 1:] & inked[:-1, :-1]
    solid: Mask = np.zeros(clear.shape, np.bool_)
    for part in (solid[1:, 1:], solid[1:, :-1], solid[:-1, 1:], solid[:-1, :-1]):
        part |= square
    return solid


def _alike(one: Rgb, other: Rgb, alike: int) -> Mask:
    same: Mask = np.ones(one.shape[:2], np.bool_)
    for k in range(3):
        same &= np.maximum(one[..., k], other[..., k]) - np.minimum(one[..., k], other[..., k]) <= alike
    return same


def _near(mask: Mask) -> Mask:
    """Pixels with one of `mask` within `REACH`."""
    for _ in (0, 1):  # down, and turned once across
        near = mask.copy()
        for step in range(1, REACH + 1):
            near[step:] |= mask[:-step]
            near[:-step] |= mask[step:]
        mask = near.T
    return mask


def _beside(
    apart: NDArray[np.float32], solid: Mask, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Iterator[tuple[Offsets, Mask]]:
    """The colour at each place around some pixels, and whether it is one of ink alone; the nearest places first."""
    height, width = solid.shape
    steps = [(down, across) for down in range(-REACH, REACH + 1) for across in range(-REACH, REACH + 1)]
    for down, across in sorted(steps, key=lambda step: step[0] ** 2 + step[1] ** 2)[1:]:
        there = np.clip(rows + down, 0, height - 1), np.clip(columns + across, 0, width - 1)
        yield apart[there], solid[there]


def _shares(own: Offsets, beside: Iterator[tuple[Offsets, Mask]], inks: Offsets, on: Ground) -> NDArray[np.float32]:
    """Alpha of pixels at the edge, 0..1: by the ink beside them that explains them best, else by any of the graphic's.

    The least that it can be is what keeps the colour without the ground within 0..255.
    """
    explained = np.float32(4 + 4 * on.noise)
    share = np.ones(own.shape[0], np.float32)
    fault = np.full(own.shape[0], np.inf, np.float32)
    for ink, there in beside:
        _explain(own, ink, there, share, fault)
    thin = fault > explained
    for ink in sorted(inks, key=lambda ink: -float(ink @ ink)):
        found, left = share.copy(), fault.copy()
        _explain(own, np.broadcast_to(ink, own.shape), thin, found, left)
        better = thin & (left <= explained)
        share[better], fault[better] = found[better], left[better]
        thin &= ~better
    colour = np.array(on.colour, np.float32)
    room = np.where(own > 0, 255 - colour, colour)
    least = (np.abs(own) / np.maximum(room, 1)).max(axis=1, initial=0)
    opacity: NDArray[np.float32] = np.clip(np.maximum(share, least), 0, 1).astype(np.float32)
    return opacity


def _explain(own: Offsets, ink: Offsets, there: Mask, share: NDArray[np.float32], fault: NDArray[np.float32]) -> None:
    """Where `ink` explains pixels better than what was tried before, take its share and what it leaves unexplained."""
    length = np.maximum(np.square(ink).sum(axis=1), np.float32(1))
    part = np.clip((own * ink).sum(axis=1) / length, 0, 1)
    left = np.sqrt(np.square(own - part[:, np.newaxis] * ink).sum(axis=1))
    better = there & (left + np.float32(0.5) < fault)
    share[better], fault[better] = part[better], left[better]
