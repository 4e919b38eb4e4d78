# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a person's head is, told from the matte and the picture.

First the matte's outline, much reduced: how far it has widened on the way down from its top says about how large the
head is, and where it narrows again is the neck. Then the face is looked for in the picture itself around there
(see offcut.face), once roughly in a window in which the head is `ROUGH` pixels high, and once more around what was
found, at `FINE` pixels. The crown is where the matte begins above the face.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.face import FAR, NEAR, Face, Outline, Places, Window, best
from offcut.picture import Picture
from offcut.regions import regions

SMALL = 256
"""The outline is looked at in a copy whose longer side is no longer than this, in pixels."""

LEAST = 8
"""A head of which the reduced copy shows fewer rows is not looked for."""

ROUND = 1.45
"""A head is about as round as an egg: so many times as wide as deep, seen from the crown to its widest row."""

ROUGH = 64
FINE = 112


@dataclass(frozen=True, slots=True)
class Head:
    """In pixels of the picture, from its upper left corner: `crown` is the y of the top of the hair, `chin` that of the
    lowest point of the chin, `x` that of the line through the middle of the face."""

    crown: float
    chin: float
    x: float


@dataclass(frozen=True, slots=True)
class _Sight:
    """A face as it was found in a window."""

    window: Window
    face: Face

    @property
    def head(self) -> Head:
        return Head(
            self.window.top + self.face.crown * self.window.down,
            self.window.top + self.face.chin * self.window.down,
            self.window.left + self.face.x * self.window.across,
        )


def found(alpha: NDArray[np.uint8], picture: Picture) -> Head | None:
    sight = seen(alpha, picture)
    return None if sight is None else sight.head


SCALES = (1.0, 0.6)


def seen(alpha, picture, keep=None):
    promised = _promised(alpha)
    if promised is None:
        return None
    sights = []
    for scale in SCALES:
        r = _rough(alpha, picture, promised, scale, keep)
        if r is not None:
            sights.append(_fine(alpha, picture, promised, *r, keep))
    sights = [s for s in sights if s is not None]
    return max(sights, key=lambda s: s.face.score) if sights else None


def _rough(alpha, picture, promised, scale, keep):
    top, height, x = promised
    window = _window(
        alpha,
        picture,
        Head(top, top + scale * height, x),
        ROUGH,
        above=0.15,
        below=0.75 if scale == 1 else 0.55,
        beside=1.1,
    )
    middle, begin = (x - window.left) / window.across, (top - window.top) / window.down
    covered = window.cover >= 0.5
    outline = Outline(ROUGH / scale, middle, _neck(covered, round(middle), round(begin), ROUGH))
    columns = np.arange(ROUGH // 5, max(ROUGH // 5 + 1, covered.shape[1] - ROUGH // 5), XS)
    crowns = _crowns(covered, columns, ROUGH)
    reached = crowns < 0.6 * covered.shape[0]
    chins = np.arange(0.4 * ROUGH, covered.shape[0], CS)
    if not reached.any() or not chins.size:
        return None
    places = Places(columns[reached] + 0.5, crowns[reached], chins, np.array([1.85, 2.0, 2.15, 2.3, 2.5, 2.7]))
    if keep is not None:
        keep.append((0, window, places, outline))
    return _Sight(window, best(window, places, outline, FAR)), outline


XS, CS = 2, 1.5


def _fine(alpha, picture, promised, rough, outline, keep):
    top, height, x = promised
    around = rough.head
    if around.chin - around.crown < LEAST:
        return None
    share = FINE / (around.chin - around.crown)
    window = _window(alpha, picture, around, FINE, above=0.08, below=0.45, beside=0.75)
    middle, begin, end = (
        (around.x - window.left) / window.across,
        *((y - window.top) / window.down for y in (around.crown, around.chin)),
    )
    neck = (
        None
        if outline.neck is None
        else (rough.window.top + outline.neck * rough.window.down - window.top) / window.down
    )
    outline = Outline(height * share, (x - window.left) / window.across, neck)
    columns = np.unique(np.clip(np.rint(middle + np.arange(-12, 13, 2)), 0, window.cover.shape[1] - 1).astype(int))
    chins = end + np.arange(-18, 25)
    chins = chins[(chins <= window.cover.shape[0]) & (chins > 0.4 * FINE)]
    if not chins.size:
        return None
    places = Places(
        columns + 0.5,
        _crowns(window.cover >= 0.5, columns, FINE),
        chins,
        np.maximum(rough.face.ratio + np.arange(-0.4, 0.41, 0.1), 1.7),
    )
    if keep is not None:
        keep.append((1, window, places, outline))
    return _Sight(window, best(window, places, outline, NEAR))


def _promised(alpha: NDArray[np.uint8]) -> tuple[float, float, float] | None:
    """The top of the subject, the height of a head with that outline, and the x of its middle, in pixels of the
    picture."""
    share = max(1, -(-max(alpha.shape) // SMALL))
    small = np.asarray(Image.fromarray(alpha).reduce(share)) if share > 1 else alpha
    mask = small >= 128
    if not mask.any():
        return None
    parts = regions(mask)
    mask = parts.labels == 1 + parts.areas[1:].argmax()
    rows = np.flatnonzero(mask.any(axis=1))
    top, deep = int(rows[0]), np.arange(1, rows[-1] - rows[0] + 2)
    mask = mask[top : rows[-1] + 1]
    lefts, rights = mask.argmax(axis=1), mask.shape[1] - mask[:, ::-1].argmax(axis=1)
    widened = np.flatnonzero((rights - lefts <= ROUND * deep) & (deep >= 3))
    height = 2 * int(deep[widened[0]] if widened.size else deep[-1])
    if height < LEAST:
        return None
    x = float(np.median(lefts[height // 6 : height // 2 + 1] + rights[height // 6 : height // 2 + 1])) / 2
    return top * share, height * share, x * share


def _window(
    alpha: NDArray[np.uint8], picture: Picture, head: Head, pixels: int, *, above: float, below: float, beside: float
) -> Window:
    """The picture around `head`, so that it is `pixels` high; the margins are shares of its height."""
    height, width = alpha.shape
    size = head.chin - head.crown
    left, right = (int(np.clip(head.x + side * size, 0, width)) for side in (-beside, beside))
    top, bottom = int(max(0, head.crown - above * size)), int(np.ceil(min(height, head.chin + below * size)))
    rows, columns = max(1, round((bottom - top) * pixels / size)), max(1, round((right - left) * pixels / size))
    step = max(1, int(size / pixels / 3))
    box = (slice(top, bottom, step), slice(left, max(right, left + 1), step))
    rgbx = Image.fromarray(np.ascontiguousarray(picture.rgba[box])[..., :3])
    rgb = (
        np.asarray(
            rgbx.resize((columns, rows), Image.Resampling.BOX if size > pixels else Image.Resampling.BILINEAR),
            np.float32,
        )
        / 255
    )
    cover = (
        np.asarray(
            Image.fromarray(np.ascontiguousarray(alpha[box])).resize(
                (columns, rows), Image.Resampling.BOX if size > pixels else Image.Resampling.BILINEAR
            ),
            np.float32,
        )
        / 255
    )
    return Window(rgb, cover, left, top, max(right - left, 1) / columns, (bottom - top) / rows)


def _crowns(covered: NDArray[np.bool_], columns: NDArray[np.int64], height: int) -> NDArray[np.float64]:
    """The row in which the head begins above each of `columns`: where the matte covers more than a strand of hair."""
    tops = np.where(covered.any(axis=0), covered.argmax(axis=0), covered.shape[0]).astype(np.float64)
    wide = np.pad(tops, height // 5, mode="edge")
    near = np.sort(np.lib.stride_tricks.sliding_window_view(wide, 2 * (height // 5) + 1)[columns], axis=1)
    return near[:, round(0.06 * height)]


def _neck(covered: NDArray[np.bool_], x: int, top: int, height: int) -> float | None:
    """The row in which the outline around column `x` has narrowed to the neck; None where there is none."""
    x = min(max(x, 0), covered.shape[1] - 1)
    bare = ~covered[top : top + int(1.7 * height)]
    columns = np.arange(covered.shape[1])
    lefts = np.where(bare[:, : x + 1], columns[: x + 1], -1).max(axis=1)
    rights = np.where(bare[:, x:], columns[x:], columns.size).min(axis=1)
    width = np.where(bare[:, x], 1, rights - lefts - 1).astype(np.float64)
    if width.size <= 0.4 * height:
        return None
    widest, shoulders = np.maximum.accumulate(width), np.maximum.accumulate(width[::-1])[::-1]
    depth = np.minimum(widest, shoulders) - width
    depth[: int(0.4 * height)] = 0
    least = int(depth.argmax())
    if not (width[least] < 0.78 * widest[least] and shoulders[least] > 1.25 * width[least]):
        return None
    above = int(width[: least + 1].argmax())
    narrow = width[least] + 0.15 * (widest[least] - width[least])
    return float(top + above + np.flatnonzero(width[above : least + 1] <= narrow)[0])
