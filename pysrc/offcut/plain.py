# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading plain data (JSON, TOML) strictly: a getter returns what it says or raises with the field's path."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from offcut.errors import CatalogueInvalid, OffcutError, RecipeInvalid

Invalid = type[CatalogueInvalid] | type[RecipeInvalid]


@dataclass(frozen=True, slots=True)
class Table:
    """A dict with string keys, the path at which it was found, and the error that its faults become."""

    data: dict[str, Any]
    path: str
    error: Invalid

    @classmethod
    def of(cls, obj: object, path: str, error: Invalid) -> "Table":
        """`obj` as a table. Raises `error` (field, reason) when it is none."""
        if not isinstance(obj, dict) or not all(isinstance(key, str) for key in obj):
            raise error(field=path, reason="must be a table")
        return cls(obj, path, error)

    def fault(self, key: str, reason: str) -> OffcutError:
        """The error to raise about `key`."""
        return self.error(field=f"{self.path}.{key}", reason=reason)

    def only(self, known: Collection[str]) -> None:
        """Refuse every key that is not in `known`."""
        for key in self.data:
            if key not in known:
                raise self.fault(key, "unknown field")

    def get(self, key: str) -> Any:
        """The raw value, which must be there."""
        if key not in self.data:
            raise self.fault(key, "missing")
        return self.data[key]

    def text(self, key: str) -> str:
        """A non-empty string."""
        value = self.get(key)
        if not isinstance(value, str) or not value:
            raise self.fault(key, "must be text")
        return value

    def sha256(self, key: str) -> str:
        """A digest in hex, as small letters."""
        value = self.text(key)
        if not re.fullmatch(r"[0-9a-f]{64}", value):
            raise self.fault(key, "must be 64 lower-case hex digits")
        return value

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of `choices`."""
        value = self.get(key)
        if not isinstance(value, str) or value not in choices:
            raise self.fault(key, f"must be one of {', '.join(choices)}")
        return value

    def truth(self, key: str) -> bool:
        """True or False."""
        value = self.get(key)
        if not isinstance(value, bool):
            raise self.fault(key, "must be true or false")
        return value

    def whole(self, key: str, least: int, most: int | None = None) -> int:
        """An integer of at least `least` and at most `most`."""
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(key, "must be a whole number")
        if value < least or (most is not None and value > most):
            raise self.fault(key, "out of range")
        return value

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of finite numbers."""
        values = self.get(key)
        if not isinstance(values, list | tuple):
            raise self.fault(key, "must be a list")
        # Strokes bring thousands: each step goes over all of them without a line of Python.
        if not set(map(type, values)) <= {int, float}:
            raise self.fault(key, "must be finite numbers")
        try:
            numbers = tuple(map(float, values))
        except OverflowError:
            raise self.fault(key, "must be finite numbers") from None
        if not all(map(math.isfinite, numbers)):
            raise self.fault(key, "must be finite numbers")
        return numbers

    def number(self, key: str) -> float:
        """One finite number."""
        return Table({key: [self.get(key)]}, self.path, self.error).numbers(key)[0]

    def within(self, key: str, least: float, most: float) -> float:
        """One number of at least `least` and at most `most`."""
        value = self.number(key)
        if not least <= value <= most:
            raise self.fault(key, f"must be {least:g} to {most:g}")
        return value

    def wholes(self, key: str, least: int, most: int) -> tuple[int, ...]:
        """A non-empty list of integers of at least `least` and at most `most`, none twice."""
        values = self.get(key)
        if not isinstance(values, list | tuple) or not values or len(set(map(repr, values))) != len(values):
            raise self.fault(key, "must be a list of different whole numbers")
        return tuple(Table({key: value}, self.path, self.error).whole(key, least, most) for value in values)

    def choices(self, key: str, choices: Collection[str]) -> tuple[str, ...]:
        """A non-empty list of some of `choices`, none twice."""
        values = self.get(key)
        if not isinstance(values, list | tuple) or not values or len(set(map(repr, values))) != len(values):
            raise self.fault(key, "must be a list of different names")
        return tuple(Table({key: value}, self.path, self.error).choice(key, choices) for value in values)

    def table(self, key: str) -> "Table":
        """A table inside this one; empty when the key is absent."""
        return Table.of(self.data.get(key, {}), f"{self.path}.{key}", self.error)

    def tables(self, key: str, *, empty: bool = False) -> tuple["Table", ...]:
        """A list of tables, not empty; `empty` allows that, and that the key is absent."""
        values = self.data.get(key, ()) if empty else self.get(key)
        if not isinstance(values, list | tuple):
            raise self.fault(key, "must be a list")
        if not values and not empty:
            raise self.fault(key, "must be a list with at least one entry")
        return tuple(Table.of(value, f"{self.path}.{key}[{index}]", self.error) for index, value in enumerate(values))
