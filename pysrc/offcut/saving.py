# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person works at, saved as a project with the net's answer, and taken up again with that."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from offcut import picture as pictures
from offcut import project, tensor
from offcut.catalogue import Catalogue
from offcut.easel import Easel
from offcut.engine import Engine
from offcut.look import Look, look
from offcut.matte import Matte
from offcut.mattes import MatteCache, digest
from offcut.picture import Decode
from offcut.project import Project
from offcut.recipe import Recipe


async def saved(
    data: bytes,
    name: str,
    recipe: Recipe,
    assets: Mapping[str, bytes],
    *,
    catalogue: Catalogue,
    mattes: MatteCache,
    engine: Engine | None = None,
    decode: Decode | None = None,
    easels: Callable[[bytes], Easel | None] = lambda digest: None,
    largest_side: int | None = None,
) -> bytes:
    """A project file of the picture file `data`, called `name`, and the files that `recipe` names, by their SHA-256.

    The net's answer is in it where the recipe goes by one. Where that is forgotten the net is asked once more, as in
    offcut.job; where it does not answer, or there is no `engine`, the project does without. Raises ModelUnknown, and
    ValueError where the project is too large.
    """
    plan = catalogue.plan(recipe.model)
    known = digest(data)
    looked = None if recipe.method.by == "hand" else mattes.get(known, plan.id, recipe.answer)
    if looked is None and engine is not None:
        easel = easels(known)
        looked = await _asked(data, name, recipe, easel, catalogue, engine, decode, largest_side)
        if looked is not None:
            mattes.put(known, plan.id, looked)
    # What names the answer is the project itself: the recipe is the same whoever saves it.
    plain = replace(recipe, model=plan.id, answer=None)
    return project.packed(Project(data, name, plain, assets, None if looked is None else (plan.id, looked)))


def restored(data: bytes, mattes: MatteCache) -> Project:
    """The project in a file. The net's answer that it holds is kept in `mattes`, for its own recipe alone, which names
    it. Raises what `offcut.project.opened` raises."""
    found = project.opened(data)
    if found.matte is not None:
        plan, looked = found.matte
        mattes.put(digest(found.data), plan, looked, found.answer)
    return replace(found, recipe=replace(found.recipe, answer=found.answer))


async def _asked(
    data: bytes,
    name: str,
    recipe: Recipe,
    easel: Easel | None,
    catalogue: Catalogue,
    engine: Engine,
    decode: Decode | None,
    largest_side: int | None,
) -> Look | None:
    """The answer of the net, or None where the recipe goes by none, and where there is none to be had."""
    if recipe.method.by == "hand":
        return None
    plan = catalogue.plan(recipe.model)
    model = catalogue.model(plan.model)
    try:
        if easel is None or not easel.whole:
            easel = Easel(await pictures.read(data, name, decode))
        if easel.ground(recipe.method.by) is not None:
            return None
        picture = easel.picture

        async def ask(side: int) -> Matte:
            packed = tensor.pack(picture, model.contract, side)
            return tensor.unpack(await engine.run(model, packed), model, packed)

        return await look(plan, model, ask, largest_side)
    except Exception:  # whatever keeps the net from answering: a project without is better than none
        return None
