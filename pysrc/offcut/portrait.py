# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finished picture against the rules of a document."""

from collections.abc import Iterator

from offcut.bounds import Bounds, ends
from offcut.breadth import breadth
from offcut.check import (
    PICTURES,
    STATES,
    Check,
    Details,
    Made,
    State,
    enlarged,
    formatted,
    graded,
    short,
    shortened,
    sized_file,
)
from offcut.documents import EYES, Allowed, Document
from offcut.focus import focus
from offcut.inch import INCH
from offcut.lab import distance, lab
from offcut.upload import shaped
from offcut.wall import Wall, wall

DENSITY = 299
"""Fewer pixels per inch are too few to print: 300, but for what whole pixels make of it."""

PRINT_SLACK = 0.5
"""A print may be wrong by so many mm."""

DOUBT = 0.02
"""By this share of the picture's height a head may lie outside of its bounds and only be in doubt: it is not found any
better."""

EYE_RANGE = 0.48, 0.60
"""From crown to chin the eyes of most people lie between these shares; see `EYES`."""

CENTRED, OFF_CENTRE = 0.03, 0.06
"""How far from the middle a head is right, and no more than doubtful, as shares of the width."""

NEAR, FAR = 10.0, 20.0
"""CIE 1976 colour differences up to which a ground has a colour that is allowed, and may yet pass for it. A white wall
in a photograph is often ten darker than paper; our light grey lies 13 from white."""

TAKEN = (*PICTURES, "pdf")
"""Formats of photos, to be uploaded or printed."""

EVEN = {"step": (5.0, 15.0), "rest": (3.0, 8.0), "fall": (12.0, 30.0)}
"""What each measure of offcut.wall may be on an even wall, and on a doubtful one: it tells what they were set on."""

FAULTS = {"step": "things", "rest": "shadows", "fall": "light"}
"""What it is most likely that each of them sees."""

SHARP, BLURRED = 0.08, 0.03
"""Faces are sharp from the one on, and blurred below the other: offcut.focus tells what they were set on."""


_FOR_UPLOAD: tuple[State, Details] = ("fail", {"reason": "upload"})


def of_document(rules: Document, made: Made) -> tuple[Check, ...]:
    """Every check of `made` about which `rules` say something, in this order: size, head, head-size, head-top, eyes,
    centring, head-width, background, evenness, sharpness, enlarged, bytes, format, altered. Where no head was found all
    that are about it say that. See offcut.check for the states and details."""
    return tuple(_checks(rules, made))


def _checks(rules: Document, made: Made) -> Iterator[Check]:
    yield _size(rules, made)
    yield from _lost_head(rules) if made.head is None else _head(rules, made, made.head)
    yield from _ground(rules, wall(made.rgba, made.cover, made.head))
    yield _not_found("sharpness") if made.head is None else _sharpness(focus(made.rgba, made.head))
    yield enlarged(made)
    yield from sized_file(rules.upload.bytes, made)
    if made.format not in TAKEN:
        yield formatted(made, TAKEN)
    if rules.refuses_altered:
        yield Check("altered", "fail" if made.altered else "pass", {})


def _size(rules: Document, made: Made) -> Check:
    """Right for an upload, or else for a print: `use` says for which."""
    width, height = made.size
    details: Details = {"width": width, "height": height}
    taken = asked = rules.upload.measured and made.format != "pdf"
    if asked:
        taken = rules.upload.takes(width, height)
        for side, bounds in (("width", rules.upload.width), ("height", rules.upload.height)):
            details |= {f"{end}_{side}": value for end, value in (ends(bounds) or {}).items()}
        if rules.upload.ratio is not None:
            details["ratio"] = "{}:{}".format(*rules.upload.ratio)
    state, why = _print(rules, rules.print_mm, made) if rules.print_mm is not None else _FOR_UPLOAD
    if taken:
        return Check("size", "pass", details | {"use": "both" if state == "pass" else "upload"})
    if state == "pass":
        use: Details = {"use": "print", "reason": "print-only"} if asked else {"use": "print"}
        return Check("size", "warn" if asked else "pass", details | use)
    return Check("size", state, details | why)


def _print(rules: Document, least: tuple[float, float], made: Made) -> tuple[State, Details]:
    """How the picture, printed, stands to the size it is to have: its shape, pixels per inch, and what the file says of
    them."""
    width, height = made.size
    most = rules.most_mm or least
    fits = shaped(width, height, least) or least[0] / most[1] <= width / height <= most[0] / least[1]
    size = least if fits else next((each for each in rules.other_mm if shaped(width, height, each)), None)
    if size is None:
        return "fail", {"reason": "shape", "wanted_mm_width": short(least[0]), "wanted_mm_height": short(least[1])}
    density = height / size[1] * INCH
    if density < DENSITY:
        return "warn", {"reason": "density", "density": round(density), "least": 300}
    if made.dpi is not None and min(made.dpi) > 0:
        got = width / made.dpi[0] * INCH, height / made.dpi[1] * INCH
        largest = most if fits else size
        if any(Bounds(size[side], largest[side]).miss(got[side]) > PRINT_SLACK for side in (0, 1)):
            return "warn", {"reason": "dpi", "mm_width": short(got[0]), "mm_height": short(got[1])}
    return ("pass", {}) if fits else ("warn", {"reason": "disputed"})


def _not_found(id: str) -> Check:
    return Check(id, "warn", {"reason": "not-found"})


def _lost_head(rules: Document) -> Iterator[Check]:
    """What `_head` would say."""
    asked = {"head-size": rules.head, "head-top": rules.top, "eyes": rules.eyes, "head-width": rules.head_width_mm}
    for id in ("head", "head-size", "head-top", "eyes", "centring", "head-width"):
        if id not in asked or asked[id] is not None:
            yield _not_found(id)


def _head(rules: Document, made: Made, head: tuple[float, float, float]) -> Iterator[Check]:
    width, height = made.size
    crown, chin, across = head
    whole = crown >= 0 and chin <= height and 0 <= across <= width
    state: State = "fail" if not whole else "warn" if made.head_cut else "pass"
    yield Check("head", state, {} if state == "pass" else {"reason": "cut-off"})
    if rules.head is not None:
        yield _share("head-size", (chin - crown) / height, rules.head)
    if rules.top is not None:
        yield _share("head-top", crown / height, rules.top)
    if rules.eyes is not None:
        above, highest, lowest = (1 - (crown + share * (chin - crown)) / height for share in (EYES, *EYE_RANGE))
        # Where they are is guessed: as long as they may lie within the bounds, nothing is wrong for sure.
        off: State = "warn" if lowest <= rules.eyes.nearest(above) <= highest else "fail"
        details: Details = {"share": short(above), **shortened(rules.eyes)}
        yield Check("eyes", off if rules.eyes.miss(above) else "pass", details)
    aside = abs(across - width / 2) / width
    yield Check("centring", graded(aside, CENTRED, OFF_CENTRE), {"share": short(aside), "most": CENTRED})
    if rules.head_width_mm is not None and rules.print_mm is not None:
        wide = None if made.cover is None else breadth(made.cover, head)
        yield _width(None if wide is None else wide / height * rules.print_mm[1], rules.head_width_mm)


def _width(mm: float | None, bounds: Bounds) -> Check:
    if mm is None:
        return Check("head-width", "warn", {"reason": "no-subject"})
    told = round(mm, 1)  # nor is it known any better
    return Check("head-width", "warn" if bounds.miss(told) else "pass", {"mm": told, **bounds.to_dict()})


def _share(id: str, share: float, bounds: Bounds) -> Check:
    return Check(id, graded(bounds.miss(share), 1e-9, DOUBT), {"share": short(share), **shortened(bounds)})


def _ground(rules: Document, ground: Wall | None) -> Iterator[Check]:
    """Its colour and its evenness."""
    if ground is None:
        if rules.backgrounds:
            yield Check("background", "warn", {"reason": "no-ground"})
        yield Check("evenness", "warn", {"reason": "no-ground"})
        return
    if not ground.opaque:
        yield Check("background", "fail", {"reason": "transparent"})
        return
    if rules.backgrounds:
        off, nearest = min(((_off(ground, each), each.name) for each in rules.backgrounds), key=lambda pair: pair[0])
        details: Details = {"got": str(ground.colour), "wanted": nearest, "difference": short(off)}
        yield Check("background", graded(off, NEAR, FAR), details)
    measures = {name: getattr(ground, name) for name in EVEN}
    states = {name: graded(value, *EVEN[name]) for name, value in measures.items()}
    name = max(states, key=lambda name: STATES.index(states[name]))
    state = states[name]
    if state == "fail" and not rules.backgrounds:
        state = "warn"  # nothing is known of what may be behind the head
    reason: Details = {} if state == "pass" else {"reason": FAULTS[name]}
    yield Check("evenness", state, reason | {name: short(value) for name, value in measures.items()})


def _off(ground: Wall, allowed: Allowed) -> float:
    start, end = allowed.colour, allowed.to or allowed.colour
    return distance(*(lab(each.rgb) for each in (ground.colour, start, end)))


def _sharpness(value: float | None) -> Check:
    if value is None:
        return Check("sharpness", "warn", {"reason": "no-face"})
    return Check("sharpness", graded(-value, -SHARP, -BLURRED), {"value": short(value), "least": SHARP})
