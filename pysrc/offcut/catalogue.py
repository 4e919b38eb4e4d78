# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which nets there are, the contract of each, and the plans that people choose between."""

from dataclasses import dataclass
from typing import Literal, cast, get_args

from offcut.errors import CatalogueInvalid, ModelUnknown
from offcut.plain import Table

Resize = Literal["stretch", "fit"]
Scale = Literal["fixed", "brightest"]
Layout = Literal["NCHW"]
Activation = Literal["none", "minmax", "sigmoid"]
Backend = Literal["wasm", "webgpu"]

LARGEST_SIDE = 8192


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the weights: lower-case hex sha256 and length."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Contract:
    """What a net takes and what it gives.

    The input is float32 [1,3,height,width] (`layout` NCHW), RGB, x in 0..255, each channel (x - mean) / std.
    `sides` are the input sizes that the graph takes, `side` the one it was made for. `resize` "stretch" makes
    every picture a square of that side; "fit" keeps its shape: the shorter side becomes `side` and both are
    rounded down to a `multiple`. `scale` "brightest" divides by the picture's largest sample before, so that it
    becomes 255 (as U2-Net's authors do); "fixed" leaves the samples alone.

    The output is one plane of the input's size, 0..1 after `activation`.
    """

    input_name: str
    output_name: str
    side: int
    sides: tuple[int, ...]
    multiple: int
    resize: Resize
    scale: Scale
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    layout: Layout
    activation: Activation

    def input_size(self, width: int, height: int, side: int) -> tuple[int, int]:
        """(width, height) of the net's input for a picture of `width` x `height`."""
        if self.resize == "stretch":
            return side, side
        share = side / min(width, height)
        longest = LARGEST_SIDE // 4
        across, down = (
            max(self.multiple, round(min(length * share, longest)) // self.multiple * self.multiple)
            for length in (width, height)
        )
        return across, down


@dataclass(frozen=True, slots=True)
class Model:
    """A net: what it is called, under which terms it may be used, its bytes and its contract.

    `sha256` and `bytes` are those of the whole file, which `parts` make up in order. `backends` names where it
    runs, best first.
    """

    id: str
    name: str
    family: str
    licence: str
    commercial: bool
    sha256: str
    bytes: int
    parts: tuple[Part, ...]
    backends: tuple[Backend, ...]
    contract: Contract


@dataclass(frozen=True, slots=True)
class Plan:
    """How a picture is looked at: by `model` at each of `sides` in turn, until an answer is decisive enough.

    An answer is when `offcut.matte.uncertainty` of it is at most `decisive`; 1 or more takes the first answer,
    0 asks at every side. The most decisive answer is kept.
    """

    id: str
    model: str
    sides: tuple[int, ...]
    decisive: float


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The models and plans, and which of them "default" means."""

    models: tuple[Model, ...]
    plans: tuple[Plan, ...]
    default: str

    @classmethod
    def parse(cls, obj: object) -> "Catalogue":
        """A catalogue from {"models": [{…}], "plans": [{…}], "default": id}, each with every field of its type.

        Keys that only other readers need (origins, advice, families) are passed over.
        Raises CatalogueInvalid with the path of the first fault.
        """
        table = Table.of(obj, "catalogue", CatalogueInvalid)
        models = tuple(_model(row) for row in table.tables("models"))
        plans = tuple(_plan(row, models) for row in table.tables("plans"))
        default = table.text("default")
        ids = [model.id for model in models] + [plan.id for plan in plans]
        if len(set(ids)) != len(ids):
            raise table.fault("models", "two rows with one id")
        if default not in ids:
            raise table.fault("default", "no such plan or model")
        return cls(models, plans, default)

    def model(self, id: str) -> Model:
        """The model of that id. Raises ModelUnknown."""
        for model in self.models:
            if model.id == id:
                return model
        raise ModelUnknown(model=id)

    def plan(self, id: str) -> Plan:
        """The plan of that id; a model's id gives one look at the side it was made for; "default" the default.

        Raises ModelUnknown.
        """
        wanted = self.default if id == "default" else id
        for plan in self.plans:
            if plan.id == wanted:
                return plan
        model = self.model(wanted)
        return Plan(model.id, model.id, (model.contract.side,), 1.0)


def _plan(row: Table, models: tuple[Model, ...]) -> Plan:
    model = row.text("model")
    known = {each.id: each.contract.sides for each in models}
    if model not in known:
        raise row.fault("model", "no such model")
    sides = row.wholes("sides", 1, LARGEST_SIDE)
    if not set(sides) <= set(known[model]):
        raise row.fault("sides", "not all among the model's")
    decisive = row.number("decisive")
    if decisive < 0:
        raise row.fault("decisive", "must not be less than 0")
    return Plan(row.text("id"), model, sides, decisive)


def _model(row: Table) -> Model:
    parts = tuple(Part(part.sha256("sha256"), part.whole("bytes", 1)) for part in row.tables("parts"))
    size = row.whole("bytes", 1)
    if sum(part.bytes for part in parts) != size:
        raise row.fault("parts", "the parts do not add up to the whole")
    return Model(
        id=row.text("id"),
        name=row.text("name"),
        family=row.text("family"),
        licence=row.text("licence"),
        commercial=row.truth("commercial"),
        sha256=row.sha256("sha256"),
        bytes=size,
        parts=parts,
        backends=tuple(cast(Backend, each) for each in row.choices("backends", get_args(Backend))),
        contract=_contract(row.table("contract")),
    )


def _contract(row: Table) -> Contract:
    std = _three(row, "std")
    if 0 in std:
        raise row.fault("std", "must not be 0")
    side, sides = row.whole("side", 1, LARGEST_SIDE), row.wholes("sides", 1, LARGEST_SIDE)
    if side not in sides:
        raise row.fault("side", "is not among the sides")
    return Contract(
        input_name=row.text("input_name"),
        output_name=row.text("output_name"),
        side=side,
        sides=sides,
        multiple=row.whole("multiple", 1, 1024),
        resize=cast(Resize, row.choice("resize", get_args(Resize))),
        scale=cast(Scale, row.choice("scale", get_args(Scale))),
        mean=_three(row, "mean"),
        std=std,
        layout=cast(Layout, row.choice("layout", get_args(Layout))),
        activation=cast(Activation, row.choice("activation", get_args(Activation))),
    )


def _three(row: Table, key: str) -> tuple[float, float, float]:
    numbers = row.numbers(key)
    if len(numbers) != 3:
        raise row.fault(key, "must be three numbers")
    return numbers[0], numbers[1], numbers[2]
