# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which nets there are, and the contract of each. Where their files lie is nobody's business here."""

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from offcut.errors import CatalogueInvalid, ModelUnknown
from offcut.plain import Table

Resize = Literal["stretch"]
Layout = Literal["NCHW"]
Activation = Literal["none", "minmax", "sigmoid"]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the weights: lower-case hex sha256 and length."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Model:
    """A net's contract.

    The input is float32 [1,3,input_height,input_width] (`layout` NCHW), RGB, the picture stretched to it,
    each channel (x - mean) / std with x in 0..255. The output is a plane of the same size, 0..1 after
    `activation`. `sha256` and `bytes` are those of the whole file, which `parts` make up in order.
    """

    id: str
    name: str
    family: str
    licence: str
    commercial: bool
    sha256: str
    bytes: int
    parts: tuple[Part, ...]
    input_name: str
    input_width: int
    input_height: int
    resize: Resize
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    layout: Layout
    output_name: str
    activation: Activation


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The models by id, and which of them "default" means."""

    models: tuple[Model, ...]
    default: str

    @classmethod
    def parse(cls, obj: object) -> "Catalogue":
        """A catalogue from {"models": [{…}], "default": id}, each row with every field of `Model`.

        Keys that only other readers need (origins, file names) are passed over.
        Raises CatalogueInvalid with the path of the first fault.
        """
        table = Table.of(obj, "catalogue", CatalogueInvalid)
        models = tuple(_model(row) for row in table.tables("models"))
        default = table.text("default")
        ids = [model.id for model in models]
        if len(set(ids)) != len(ids):
            raise table.fault("models", "two models with one id")
        if default not in ids:
            raise table.fault("default", "no such model")
        return cls(models, default)

    def model(self, id: str) -> Model:
        """The model of that id; "default" is the default one. Raises ModelUnknown."""
        wanted = self.default if id == "default" else id
        for model in self.models:
            if model.id == wanted:
                return model
        raise ModelUnknown(model=id)


def _model(row: Table) -> Model:
    parts = tuple(Part(_sha256(part), part.whole("bytes", 1)) for part in row.tables("parts"))
    size = row.whole("bytes", 1)
    if sum(part.bytes for part in parts) != size:
        raise row.fault("parts", "the parts do not add up to the whole")
    std = _three(row, "std")
    if 0 in std:
        raise row.fault("std", "must not be 0")
    return Model(
        id=row.text("id"),
        name=row.text("name"),
        family=row.text("family"),
        licence=row.text("licence"),
        commercial=row.truth("commercial"),
        sha256=_sha256(row),
        bytes=size,
        parts=parts,
        input_name=row.text("input_name"),
        input_width=row.whole("input_width", 1, 8192),
        input_height=row.whole("input_height", 1, 8192),
        resize=cast(Resize, row.choice("resize", get_args(Resize))),
        mean=_three(row, "mean"),
        std=std,
        layout=cast(Layout, row.choice("layout", get_args(Layout))),
        output_name=row.text("output_name"),
        activation=cast(Activation, row.choice("activation", get_args(Activation))),
    )


def _sha256(row: Table) -> str:
    text = row.text("sha256")
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise row.fault("sha256", "must be 64 lower-case hex digits")
    return text


def _three(row: Table, key: str) -> tuple[float, float, float]:
    numbers = row.numbers(key)
    if len(numbers) != 3:
        raise row.fault(key, "must be three numbers")
    return numbers[0], numbers[1], numbers[2]
