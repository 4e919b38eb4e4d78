# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a person's head is, told from the matte and the picture.

First the matte's outline: how far it has widened on the way down from its top says about how large the head is, and
where it narrows again is the neck (see offcut.silhouette). Around there the face is looked for in the picture, once
roughly for each of two sizes of the head, in a window in which it is `ROUGH` pixels high; the likeliest places are
looked at again with the head `FINE` pixels high, and the best of them once more, pixel by pixel (see offcut.face). The
crown is where the matte begins above the face: the top of the hair, or of a hat.

Where no face is recognised (turned away, veiled, only drawn) a person can still be told by head, neck and shoulders,
if the lower border cuts through the body and what lies between crown and neck has the colour of skin. The neck and the
edge below the chin then say where the chin is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.evidence import NECK, RATIO
from offcut.face import FAR, NEAR, PERSON, PLAIN, Face, Weights, best, weighed
from offcut.picture import Picture
from offcut.places import Outline, Places, Window
from offcut.silhouette import LEAST, Promise, crowns, image, neck, promised

ROUGH = 64
FINE = 112
"""How high the head is where it is looked for, in pixels."""

SIZES = (1.0, 0.6)
"""The head is looked for as large as its outline promises, and smaller: hair or a hood may have promised too much."""

LIKELIEST = 2
"""How many places of each size are looked at again."""

RATIOS = np.array([1.85, 2.05, 2.3, 2.6])
"""The head's height by the distance from eyes to chin, as it is tried at first."""

SURE = 9.7
COLOUR = 1.6
"""A face is recognised where its evidence weighs at least `SURE`, or less by `COLOUR` where it has the colour of skin,
or the picture none."""

CUT_NEAR = 0.03
CUT = 0.3
"""The upper border cuts a head off that begins within this share of its height from it, and of which at least that
share is covered there. An egg is so wide 3 % below its top."""

WAIST = 0.72
"""Without a face, the lower border must cut through the body, a neck be narrower than this share of the head ..."""

BROAD = 1.7
"""... and the shoulders at least so many times as wide as the neck ..."""

STOUT = (0.55, 1.1)
"""... and the head's width within these shares of its height."""


@dataclass(frozen=True, slots=True)
class Head:
    """In pixels of the picture, from its upper left corner: `crown` is the y of the top of the hair, `chin` that of the
    lowest point of the chin, `x` that of the line through the middle of the face. `cut` says that the upper border cuts
    the head off: its true top is higher than `crown`."""

    crown: float
    chin: float
    x: float
    cut: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    """A face as it was found in a window, and what the outline says there."""

    window: Window
    face: Face
    outline: Outline

    @property
    def head(self) -> Head:
        window, face = self.window, self.face
        return Head(
            window.top + face.crown * window.down,
            window.top + face.chin * window.down,
            window.left + face.x * window.across,
        )


def found(alpha: NDArray[np.uint8], picture: Picture) -> Head | None:
    """The head of the person in `picture` whose matte is `alpha`, uint8 [h,w] of the picture's size, 255 = subject.

    Of several people that of the largest part, or the one that is recognised best in it. None where nobody is to be
    seen with some confidence. A head that the upper border cuts off begins at it, and is marked as `cut`.
    """
    promise = promised(alpha)
    if promise is None or promise.height < LEAST:
        return None
    cut = np.count_nonzero(alpha[-1] >= 128) >= promise.height
    step = max(1, int(min(SIZES) * promise.height / FINE / 1.3))
    left, top = max(0, int(promise.x - 1.5 * promise.height)), max(0, int(promise.top - 0.25 * promise.height))
    right, bottom = int(promise.x + 1.5 * promise.height), int(promise.top + 2 * promise.height)
    seen = _seen(
        np.ascontiguousarray(alpha[top + step // 2 : bottom : step, left + step // 2 : right : step]),
        np.ascontiguousarray(picture.rgba[top + step // 2 : bottom : step, left + step // 2 : right : step]),
        Promise((promise.top - top) / step, promise.height / step, (promise.x - left) / step),
        cut,
    )
    if seen is None:
        return None
    head = Head(top + seen.crown * step, top + seen.chin * step, left + seen.x * step)
    return replace(head, cut=_cut(alpha, head))


def _cut(alpha: NDArray[np.uint8], head: Head) -> bool:
    """Whether the upper border cuts a head off: it is as wide there as heads are some way below their tops."""
    height = head.chin - head.crown
    left, right = max(0, round(head.x - height / 2)), max(0, round(head.x + height / 2))
    return head.crown < CUT_NEAR * height and np.count_nonzero(alpha[0, left:right] >= 128) >= CUT * height


def _seen(alpha: NDArray[np.uint8], rgba: NDArray[np.uint8], promise: Promise, cut: bool) -> Head | None:
    """The head in what is around it. `cut` says whether the lower border cuts through the body."""
    seen = _recognised(alpha, rgba, promise)
    if seen is not None and _sure(seen):
        return seen.head
    guessed = _guessed(alpha, rgba, promise) if cut else None
    return None if guessed is None else guessed.head


def _recognised(alpha: NDArray[np.uint8], rgba: NDArray[np.uint8], promise: Promise) -> _Sight | None:
    """The best of all faces, however bad."""
    looks = [
        look
        for size in SIZES
        for rough in _rough(alpha, rgba, promise, size)
        if (look := _again(alpha, rgba, rough, (16, 4), (18, 24, 3), (0.4, 0.2), NEAR)) is not None
    ]
    if not looks:
        return None
    most = max(looks, key=lambda look: look.face.score)
    return _again(alpha, rgba, most, (6, 1), (8, 8, 1), (0.15, 0.05), NEAR)


def _rough(alpha: NDArray[np.uint8], rgba: NDArray[np.uint8], promise: Promise, size: float) -> Iterator[_Sight]:
    """The likeliest places for a face anywhere in the upper part of the subject."""
    about = Head(promise.top, promise.top + size * promise.height, promise.x)
    window = _window(alpha, rgba, about, ROUGH, (0.15, 0.65, 1.1))
    covered = window.cover >= 0.5
    x, top = (promise.x - window.left) / window.across, (promise.top - window.top) / window.down
    narrow = neck(covered, x, top, ROUGH)
    outline = Outline(ROUGH / size, None if narrow is None else narrow.row)
    margin = ROUGH // 5
    allowed = np.arange(margin, max(margin + 1, covered.shape[1] - margin), 3)
    columns = allowed[allowed < covered.shape[1]]
    begins = crowns(covered, columns, ROUGH)
    reached = begins < 0.6 * covered.shape[0]
    chins = np.arange(0.4 * ROUGH, covered.shape[0], 2.0, np.float64)
    places = Places(columns[reached] + np.float64(0.5), begins[reached], chins, RATIOS)
    for face in best(window, places, outline, FAR, LIKELIEST):
        yield _Sight(window, face, outline)


def _again(
    alpha: NDArray[np.uint8],
    rgba: NDArray[np.uint8],
    before: _Sight,
    aside: tuple[int, int],
    down: tuple[int, int, int],
    ratio: tuple[float, float],
    weights: Weights,
) -> _Sight | None:
    """The best face near one that was seen before: as far as, and in steps of, so many pixels and so much ratio."""
    about = before.head
    if about.chin - about.crown < LEAST:
        return None
    window = _window(alpha, rgba, about, FINE, (0.08, 0.45, 0.75))
    outline = _carried(before, window)
    x, chin = (about.x - window.left) / window.across, (about.chin - window.top) / window.down
    beside = np.rint(x - 0.5 + np.arange(-aside[0], aside[0] + 1, aside[1])).astype(np.int64)
    columns = np.unique(np.clip(beside, 0, window.cover.shape[1] - 1))
    chins = (chin + np.arange(-down[0], down[1] + 1, down[2])).astype(np.float64)
    chins = chins[(chins <= window.cover.shape[0]) & (chins > 0.4 * FINE)]
    tried = before.face.ratio + np.arange(-ratio[0], ratio[0] + ratio[1] / 2, ratio[1])
    ratios = np.maximum(tried, 1.65).astype(np.float64)
    places = Places(columns + np.float64(0.5), crowns(window.cover >= 0.5, columns, FINE), chins, ratios)
    return next((_Sight(window, face, outline) for face in best(window, places, outline, weights)), None)


def _carried(before: _Sight, window: Window) -> Outline:
    """What the outline says, in pixels of another window."""
    old, outline = before.window, before.outline
    row = None if outline.neck is None else (old.top + outline.neck * old.down - window.top) / window.down
    return Outline(outline.height * old.down / window.down, row)


def _guessed(alpha: NDArray[np.uint8], rgba: NDArray[np.uint8], promise: Promise) -> _Sight | None:
    """A head without a face; None where the outline is not that of head, neck and shoulders, or the head not skin."""
    about = Head(promise.top, promise.top + promise.height, promise.x)
    window = _window(alpha, rgba, about, ROUGH, (0.15, 0.65, 1.1))
    covered = window.cover >= 0.5
    x, top = (promise.x - window.left) / window.across, (promise.top - window.top) / window.down
    narrow = neck(covered, x, top, ROUGH)
    if narrow is None or narrow.width > WAIST or narrow.shoulders < BROAD:
        return None
    column = min(max(int(x), 0), covered.shape[1] - 1)
    crown = float(crowns(covered, np.array([column]), ROUGH)[0])
    chin = (narrow.row - NECK * crown) / (1 - NECK)
    face = Face(x, crown, chin, RATIO, 0.0)
    width = covered[int(crown) : int(narrow.row)].sum(axis=1).max(initial=0) * window.across
    height = (chin - crown) * window.down
    if not STOUT[0] * height <= width <= STOUT[1] * height or not _like_skin(window, face):
        return None
    return _again(alpha, rgba, _Sight(window, face, Outline(ROUGH, narrow.row)), (0, 1), (12, 12, 1), (0, 1), PLAIN)


def _sure(seen: _Sight) -> bool:
    """Whether the evidence of a face is enough."""
    weight = weighed(seen.window, seen.face, seen.outline, PERSON)
    return weight >= (SURE - COLOUR if seen.window.grey or _like_skin(seen.window, seen.face) else SURE)


def _like_skin(window: Window, face: Face) -> bool:
    """Whether cheeks and nose have a colour that skin has in any light, from pale to dark."""
    unit = (face.chin - face.crown) / face.ratio
    top, left = max(0, int(face.chin - 0.9 * unit)), max(0, int(face.x - 0.4 * unit))
    part = window.rgb[top : max(top + 1, int(face.chin - 0.5 * unit)), left : max(left + 1, int(face.x + 0.4 * unit))]
    red, green, blue = (float(value) for value in np.median(part, axis=(0, 1))) if part.size else (0.0, 0.0, 0.0)
    most, least = max(red, green, blue), min(red, green, blue)
    warm = red >= green >= blue - 0.03 and green - blue <= red - green + 0.05
    coloured = 0.06 * most <= most - least <= 0.7 * most and most > 0.1
    return warm and coloured


def _window(
    alpha: NDArray[np.uint8], rgba: NDArray[np.uint8], head: Head, pixels: int, margins: tuple[float, float, float]
) -> Window:
    """The picture around `head`, so that it is `pixels` high. The margins above, below and beside its middle are shares
    of its height."""
    height, width = alpha.shape
    size = head.chin - head.crown
    above, below, beside = (margin * size for margin in margins)
    left = int(np.clip(head.x - beside, 0, width - 1))
    right = int(np.clip(np.ceil(head.x + beside), left + 1, width))
    top = int(np.clip(head.crown - above, 0, height - 1))
    bottom = int(np.clip(np.ceil(head.chin + below), top + 1, height))
    shape = max(1, round((right - left) * pixels / size)), max(1, round((bottom - top) * pixels / size))
    resample = Image.Resampling.BOX if size > pixels else Image.Resampling.BILINEAR
    box = (left, top, right, bottom)
    # "RGBX" shares the picture's memory, and is resized without the premultiplication that "RGBA" gets
    rgbx = Image.frombuffer("RGBX", (width, height), rgba, "raw", "RGBX", 0, 1)
    rgb = np.asarray(rgbx.resize(shape, resample, box, 1.0))[..., :3].astype(np.float32) / np.float32(255)
    cover = np.asarray(image(alpha).resize(shape, resample, box, 1.0)).astype(np.float32) / np.float32(255)
    return Window(rgb, cover, left, top, (right - left) / shape[0], (bottom - top) / shape[1])
