# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the result is written: settings only."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from offcut.plain import Table
from offcut.sheet import Sheet

Format = Literal["png", "jpeg", "webp", "mask", "ora", "pdf"]

FORMATS: tuple[Format, ...] = ("png", "jpeg", "webp", "mask", "ora", "pdf")

ENDINGS: dict[Format, str] = {"png": "png", "jpeg": "jpg", "webp": "webp", "mask": "png", "ora": "ora", "pdf": "pdf"}

MIME: dict[Format, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mask": "image/png",
    "ora": "image/openraster",
    "pdf": "application/pdf",
}

MOST = 1 << 30
"""No file is asked to be larger."""

NAME = "{name}-cutout"

NAME_BYTES = 200
"""A file's name has at most so many bytes of UTF-8, its ending aside: no system takes more than 255, and other programs
add to them."""


@dataclass(frozen=True, slots=True)
class Output:
    """`quality`, 1..100, is for "jpeg", "pdf", and for "webp" unless that is `lossless`. There, where the file is to
    have at most `most` bytes, the highest quality up to it is taken that leaves it so small; where a "jpeg" is to have
    at least `least`, the lowest from it on that makes it so large. Files of other kinds are as large as they are, and
    so are sheets: such bounds are those of an upload.

    "keep" leaves what the original says of camera, date and place in the file. `name` is the file's, without its
    ending: {name} in it stands for the picture's. A `sheet` has the result on it several times, to be printed ("png",
    "jpeg", "webp", "pdf").
    """

    format: Format = "png"
    quality: int = 90
    lossless: bool = False
    most: int | None = None
    least: int | None = None
    metadata: Literal["strip", "keep"] = "strip"
    name: str = NAME
    sheet: Sheet | None = None

    @classmethod
    def parse(cls, table: Table) -> "Output":
        """Settings from plain data; what is not there has its default. Raises the table's error."""
        table.only(("format", "quality", "lossless", "most", "least", "metadata", "name", "sheet"))
        given: dict[str, Any] = {}
        if "format" in table.data:
            given["format"] = table.choice("format", FORMATS)
        if "quality" in table.data:
            given["quality"] = table.whole("quality", 1, 100)
        if "lossless" in table.data:
            given["lossless"] = table.truth("lossless")
        for name in ("most", "least"):
            if table.data.get(name) is not None:
                given[name] = table.whole(name, 1, MOST)
        if "metadata" in table.data:
            given["metadata"] = table.choice("metadata", ("strip", "keep"))
        if "name" in table.data:
            given["name"] = table.text("name")
        if table.data.get("sheet") is not None:
            given["sheet"] = Sheet.parse(table.table("sheet"))
        output = cls(**given)
        if output.least is not None and output.most is not None and output.least > output.most:
            raise table.fault("least", "must be at most `most`")
        return output

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same settings back."""
        return asdict(self)

    @property
    def opaque(self) -> bool:
        """Whether nothing of what is written is transparent: there is white behind what would be."""
        return self.format in ("jpeg", "pdf") or (self.sheet is not None and self.format in ("png", "webp"))

    @property
    def lossy(self) -> bool:
        """Whether a quality counts."""
        return self.format in ("jpeg", "pdf") or (self.format == "webp" and not self.lossless)

    def suggested(self, name: str) -> str:
        """A file name for the result: from the picture's, without folders, ending or what no file name may hold."""
        last = re.split(r"[\\/]", name)[-1]
        stem = _clean(re.sub(r"(?s)(?<=.)\.[^.]*$", "", last)) or "picture"
        pattern = _clean(self.name)
        holes = pattern.count("{name}")
        if holes:
            # What is too long is the picture's name: what the pattern says tells results apart from it.
            room = (NAME_BYTES - _length(pattern.replace("{name}", ""))) // holes
            pattern = pattern.replace("{name}", _clean(stem, room))
        return f"{_clean(pattern) or stem}.{ENDINGS[self.format]}"


def _clean(text: str, most: int = NAME_BYTES) -> str:
    """At most `most` bytes of it, without what no file name may hold, blanks around it, and dots at its end."""
    text = re.sub(r'[\x00-\x1f\x7f\\/:*?"<>|]', "", text).strip()[: max(most, 0)]
    while _length(text) > most:
        text = text[:-1]
    return text.rstrip(". ")


def _length(text: str) -> int:
    """Bytes in UTF-8. A name that is no text to Python (see os.fsdecode) has fewer than that."""
    return len(text.encode("utf-8", "surrogatepass"))
