# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finished picture against the rules of a marketplace."""

from collections.abc import Iterator

import numpy as np

from offcut.check import PICTURES, Check, Details, Made, State, enlarged, formatted, short, sized_file
from offcut.marketplaces import Marketplace
from offcut.wall import impure


def of_marketplace(rules: Marketplace, made: Made) -> tuple[Check, ...]:
    """Every check of `made` about which `rules` say something, in this order: size, square, background, transparency,
    fill, subject-size, cut-off, enlarged, bytes, format. See offcut.check for the states and details."""
    return tuple(_checks(rules, made))


def _checks(rules: Marketplace, made: Made) -> Iterator[Check]:
    yield _size(rules, made)
    width, height = made.size
    if rules.square:
        off: State = "warn" if rules.exact is None else "fail"
        yield Check("square", "pass" if width == height else off, {"width": width, "height": height})
    if rules.background == "white":
        yield _white(made)
        clear = width * height - int(np.count_nonzero(made.rgba[..., 3] == 255))
        yield Check("transparency", "fail" if clear else "pass", {"share": short(clear / (width * height))})
    yield from _subject(rules, made)
    yield enlarged(made)
    yield from sized_file(rules.bytes, made)
    taken = rules.formats or PICTURES
    if rules.formats or made.format not in taken:
        yield formatted(made, taken)


def _size(rules: Marketplace, made: Made) -> Check:
    state, details = _fit(rules, made)
    return Check("size", state, {"width": made.size[0], "height": made.size[1], **details})


def _fit(rules: Marketplace, made: Made) -> tuple[State, Details]:
    shorter, longer = sorted(made.size)
    if rules.exact is not None and made.size != rules.exact:
        return "fail", {"reason": "exact", "wanted_width": rules.exact[0], "wanted_height": rules.exact[1]}
    if rules.megapixels is not None and shorter * longer > rules.megapixels * 1e6:
        return "fail", {"reason": "megapixels", "most": rules.megapixels}
    if rules.side is not None and rules.side.miss(longer):
        return "fail", {"reason": "side", **rules.side.to_dict()}
    if rules.side is not None and rules.side.miss(shorter):
        return "warn", {"reason": "one-side", **rules.side.to_dict()}  # of which side the rule is, nobody says
    if rules.shorter is not None and rules.shorter.miss(shorter):
        return "warn" if rules.origin.conflict else "fail", {"reason": "shorter", **rules.shorter.to_dict()}
    if rules.advised is not None and longer < rules.advised:
        return "warn", {"reason": "advised", "advised": rules.advised}
    return "pass", {}


def _white(made: Made) -> Check:
    wrong, seen = impure(made.rgba, made.cover, made.subject)
    if not seen:
        return Check("background", "warn", {"reason": "no-ground"})
    details: Details = {"share": short(wrong / seen), "pixels": wrong}
    return Check("background", "fail" if wrong else "pass", details | ({"compressed": 1} if made.compressed else {}))


def _subject(rules: Marketplace, made: Made) -> Iterator[Check]:
    """What of the subject is to be seen, and whether that is all of it."""
    if made.subject is None:
        if rules.fill is not None:
            yield Check("fill", "warn", {"reason": "no-subject"})
        return
    width, height = made.size
    left, top, right, bottom = made.subject
    across, down = max(0.0, min(right, width) - max(left, 0)), max(0.0, min(bottom, height) - max(top, 0))
    if rules.fill is not None:
        share = max(across / width, down / height)
        fits = rules.fill.miss(share) <= 1 / min(width, height)  # to a pixel
        yield Check("fill", "pass" if fits else "fail", {"share": short(share), **rules.fill.to_dict()})
    if rules.subject is not None:
        fits = not (rules.subject.miss(across) or rules.subject.miss(down))
        got: Details = {"width": round(across), "height": round(down), **rules.subject.to_dict()}
        yield Check("subject-size", "pass" if fits else "fail", got)
    at = {"left": left <= 0, "top": top <= 0, "right": right >= width, "bottom": bottom >= height}
    sides = [side for side, cut in at.items() if cut]
    yield Check("cut-off", "warn" if sides else "pass", {"sides": ", ".join(sides)})
