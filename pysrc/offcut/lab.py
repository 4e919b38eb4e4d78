# SPDX-License-Identifier: AGPL-3.0-or-later
"""CIE L*a*b* of sRGB colours, in which equal distances look about equally far apart.

sRGB by IEC 61966-2-1, L*a*b* by CIE 15 with the white of sRGB itself (D65), so that white is (100, 0, 0).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Lab = NDArray[np.float64]
"""float64 [...,3]: L* 0..100, a*, b*."""

_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_BY_WHITE = (_XYZ / _XYZ.sum(axis=1, keepdims=True)).T
_BEND = 6 / 29


def _linear() -> NDArray[np.float64]:
    level = np.arange(256) / 255
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)


_LINEAR = _linear()


def lab(rgb: ArrayLike) -> Lab:
    """Colours, whole numbers 0..255 [...,3], as L*a*b*."""
    ratio = _LINEAR[np.asarray(rgb)] @ _BY_WHITE
    root = np.where(ratio > _BEND**3, np.cbrt(ratio), ratio / (3 * _BEND**2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def distance(colour: Lab, start: Lab, end: Lab) -> float:
    """How far `colour`, [3], is from the nearest of those between `start` and `end`: CIE 1976 colour difference."""
    way = end - start
    length = float(way @ way)
    share = min(max(float((colour - start) @ way) / length, 0), 1) if length > 0 else 0.0
    return float(np.linalg.norm(colour - start - share * way))
