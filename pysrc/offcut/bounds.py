# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rules are made of: from the least to the most that is allowed, and sizes."""

from dataclasses import dataclass

from offcut.plain import Table


@dataclass(frozen=True, slots=True)
class Bounds:
    """Both ends belong to it; None leaves an end open, but never both."""

    least: float | None = None
    most: float | None = None

    @classmethod
    def parse(cls, table: Table, key: str) -> "Bounds | None":
        """The bounds {"least": …, "most": …}, of which one may be absent, at `key`; None where nothing is there.

        Raises the table's error, also for negative numbers and where the least is more than the most.
        """
        if key not in table.data:
            return None
        inner = table.table(key)
        inner.only(("least", "most"))
        if not inner.data:
            raise table.fault(key, "must have a least or a most")
        least, most = (inner.number(end) if end in inner.data else None for end in ("least", "most"))
        if min(each for each in (least, most) if each is not None) < 0:
            raise table.fault(key, "must not be less than 0")
        if least is not None and most is not None and least > most:
            raise table.fault(key, "the least is more than the most")
        return cls(least, most)

    @property
    def middle(self) -> float:
        """The mean of both ends, or the one that there is."""
        ends = [end for end in (self.least, self.most) if end is not None]
        return sum(ends) / len(ends)

    def miss(self, value: float) -> float:
        """By how much `value` lies outside, 0 where it does not."""
        below = 0.0 if self.least is None else self.least - value
        above = 0.0 if self.most is None else value - self.most
        return max(below, above, 0.0)

    def nearest(self, value: float) -> float:
        """`value`, or the end that is nearest to it."""
        if self.least is not None and value < self.least:
            return self.least
        return self.most if self.most is not None and value > self.most else value

    def over(self, length: float) -> "Bounds":
        """Both ends as shares of `length`."""
        return Bounds(*(None if end is None else end / length for end in (self.least, self.most)))

    def to_dict(self) -> dict[str, float]:
        """The ends that there are, by name; whole numbers as such. `parse` gives the same bounds back."""
        ends = {"least": self.least, "most": self.most}
        return {name: int(end) if end == int(end) else end for name, end in ends.items() if end is not None}


def ends(bounds: Bounds | None) -> dict[str, float] | None:
    """As `Bounds.to_dict`; None where there are none."""
    return None if bounds is None else bounds.to_dict()


def sized(table: Table, key: str) -> tuple[float, float] | None:
    """The width and height at `key`, two numbers above 0; None where nothing is there. Raises the table's error."""
    if key not in table.data:
        return None
    numbers = table.numbers(key)
    if len(numbers) != 2 or min(numbers) <= 0:
        raise table.fault(key, "must be a width and a height")
    return numbers[0], numbers[1]


def pixels(table: Table, key: str) -> tuple[int, int] | None:
    """As `sized`, in whole pixels."""
    size = sized(table, key)
    if size is None:
        return None
    if any(length != int(length) for length in size):
        raise table.fault(key, "must be whole numbers")
    return int(size[0]), int(size[1])
