# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut.regions import regions


def flooded(mask: np.ndarray, corners: bool) -> list[set[tuple[int, int]]]:
    """The regions by flood fill, pixel after pixel."""
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1)] + [(a, b) for a in (-1, 1) for b in (-1, 1)] * corners
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    found = []
    while left:
        region, edge = set(), [min(left)]
        while edge:
            pixel = edge.pop()
            if pixel in left:
                left.remove(pixel)
                region.add(pixel)
                edge += [(pixel[0] + down, pixel[1] + across) for down, across in steps]
        found.append(region)
    return found


@pytest.mark.parametrize("corners", [False, True])
def test_regions_are_those_that_a_flood_fill_finds_in_the_same_order(corners: bool) -> None:
    random = np.random.default_rng(7)
    for _ in range(60):
        mask = random.random(random.integers(1, 25, 2)) < random.random()
        found = regions(mask, corners=corners)
        expected = flooded(mask, corners)
        assert found.areas.tolist() == [mask.size - mask.sum(), *map(len, expected)]
        for number, region in enumerate(expected, 1):
            assert {tuple(pixel) for pixel in np.argwhere(found.labels == number).tolist()} == region


def test_a_spiral_is_one_region_however_long() -> None:
    mask = np.zeros((65, 65), bool)
    y = x = 0
    mask[0, 0] = True
    for turn, length in enumerate([64] + [side for side in range(64, 0, -2) for _ in (0, 1)]):
        down, across = ((0, 1), (1, 0), (0, -1), (-1, 0))[turn % 4]
        for _ in range(length):
            y, x = y + down, x + across
            mask[y, x] = True
    assert regions(mask).areas.size == 2


def test_masses_and_borders_are_told_by_region() -> None:
    mask = np.zeros((4, 6), bool)
    mask[1:3, 1:3] = True
    mask[1, 5] = True
    found = regions(mask)
    plane = np.arange(24, dtype=np.float32).reshape(4, 6)
    assert found.masses(plane)[1:].tolist() == [plane[1:3, 1:3].sum(), plane[1, 5]]
    assert found.at_border().tolist() == [True, False, True]
