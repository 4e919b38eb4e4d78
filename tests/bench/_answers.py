# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the nets of a built site answer to a set of pictures, natively; kept in the cache, for it takes long.

Nothing here may run while Playwright does: its event loop bears no other beside it.
"""

import asyncio
import hashlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import _evalset
import numpy as np
from numpy.typing import NDArray

from offcut import look, picture, tensor
from offcut.catalogue import Model, Plan
from offcut.matte import Matte
from offcut.native import NativeEngine

Look = tuple[str, int]
"""A model's id and the side at which it looks."""


@dataclass(frozen=True)
class Answers:
    """One net's answers to the whole set at one side: the mattes in levels of 256, and the native milliseconds."""

    mattes: list[NDArray[np.uint8]]
    native: float

    def matte(self, index: int) -> Matte:
        """The answer to one picture."""
        return Matte(self.mattes[index].astype(np.float32) / np.float32(255))


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to with one picture: the side whose answer it keeps, and those it asks for."""

    kept: int
    asked: tuple[int, ...]


def answers(engine: NativeEngine, model: Model, side: int, pairs: list[_evalset.Pair], cache: Path) -> Answers:
    """The net's answers, from the cache where they were computed before."""
    names = hashlib.sha256("\n".join(pair.digest for pair in pairs).encode()).hexdigest()[:12]
    path = cache / f"{model.id}-{model.sha256[:12]}-{side}-{names}.npz"
    if not path.is_file():
        print(f"  {model.id} at {side}: {len(pairs)} pictures", file=sys.stderr, flush=True)
        mattes, native = _computed(engine, model, side, pairs)
        cache.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, *mattes, native=native)
    with np.load(path) as kept:
        return Answers([kept[f"arr_{index}"] for index in range(len(pairs))], float(kept["native"]))


def _computed(
    engine: NativeEngine, model: Model, side: int, pairs: list[_evalset.Pair]
) -> tuple[list[NDArray[np.uint8]], float]:
    mattes, spent = [], []
    for pair in pairs:
        shown = asyncio.run(picture.read(pair.image.read_bytes(), pair.id))
        packed = tensor.pack(shown, model.contract, side)
        began = time.perf_counter()
        output = asyncio.run(engine.run(model, packed))
        spent.append(time.perf_counter() - began)
        mattes.append(np.rint(tensor.unpack(output, model, packed).alpha * 255).astype(np.uint8))
    return mattes, float(np.median(spent) * 1000)


def outcome(plan: Plan, model: Model, mattes: dict[int, Matte]) -> Outcome:
    """What the pipeline's own rule does with a picture to which the net gives these answers, by side."""
    asked: list[int] = []

    async def ask(side: int) -> Matte:
        asked.append(side)
        return mattes[side]

    kept = asyncio.run(look.look(plan, model, ask)).matte
    return Outcome(next(side for side in asked if mattes[side] is kept), tuple(asked))


def outcomes(plan: Plan, model: Model, found: dict[Look, Answers], stops: Sequence[float]) -> list[list[Outcome]]:
    """What a plan comes to, were it to stop at each of `stops`, picture by picture."""
    table: list[list[Outcome]] = [[] for _ in stops]
    for index in range(len(found[plan.model, plan.sides[0]].mattes)):
        mattes = {side: found[plan.model, side].matte(index) for side in plan.sides}
        for row, stop in zip(table, stops, strict=True):
            row.append(outcome(replace(plan, decisive=stop), model, mattes))
    return table
