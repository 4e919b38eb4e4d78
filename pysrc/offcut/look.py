# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a picture is looked at: a plan's sides in turn, as far as the device goes along."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from offcut.catalogue import Model, Plan
from offcut.errors import JobOutOfMemory, describe
from offcut.matte import Matte, uncertainty

SMALLER = 0.75
"""After memory ran out, the largest side that is tried is this share of the one before: about half the pixels."""

SMALL_DEVICE = "small-device"
"""Note: a closer look, which the plan would have taken, was left out because of `largest_side`."""

LITTLE_MEMORY = "little-memory"
"""Note: memory ran out, and a smaller look, or the one before, had to do."""

Ask = Callable[[int], Awaitable[Matte]]
"""The net's answer at a side."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The answer that was kept, and the notes about how it came to be."""

    matte: Matte
    notes: tuple[str, ...]


async def look(plan: Plan, model: Model, ask: Ask, largest_side: int | None = None) -> Look:
    """The most decisive of the plan's answers; see `Plan`.

    `largest_side` is the device's limit: sides above it are passed over, and where none is left the largest of the
    model's that fits, or its smallest, takes their place. When memory runs out, the answer before is kept; where there
    is none, one smaller side is tried.

    Raises what `ask` raises.
    """
    sides = within(plan.sides, model, largest_side)
    kept: Matte | None = None
    doubt = math.inf
    for side in sides:
        try:
            matte = await ask(side)
        except Exception as error:
            if not _memory(error):
                raise
            if kept is None:
                kept = await ask(smaller(side, model, error))
            return Look(kept, (LITTLE_MEMORY,))
        if kept is None or uncertainty(matte) < doubt:
            kept, doubt = matte, uncertainty(matte)
        if doubt <= plan.decisive:
            return Look(kept, ())
    assert kept is not None
    return Look(kept, () if sides == plan.sides else (SMALL_DEVICE,))


def within(sides: tuple[int, ...], model: Model, largest_side: int | None) -> tuple[int, ...]:
    """Those of `sides` that the device takes, in their order; at least one side of the model."""
    if largest_side is None:
        return sides
    taken = tuple(side for side in sides if side <= largest_side)
    if taken:
        return taken
    fitting = [side for side in model.contract.sides if side <= largest_side]
    return (max(fitting) if fitting else min(model.contract.sides),)


def smaller(side: int, model: Model, error: Exception) -> int:
    """The side to try after memory ran out at `side`; raises `error` where there is none."""
    fitting = [other for other in model.contract.sides if other <= side * SMALLER]
    if not fitting:
        raise error
    return max(fitting)


def _memory(error: Exception) -> bool:
    return describe(error)["code"] == JobOutOfMemory.code
