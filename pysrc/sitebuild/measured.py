# SPDX-License-Identifier: AGPL-3.0-or-later
"""models/measured.json: how well each net of the plans did in `build.py bench engines`, and what that cost."""

import json
from pathlib import Path
from typing import Any

from .errors import BuildError

FIELDS = {"side": int, "iou": float, "boundary": float, "mae": float, "native_ms": float, "wasm_ms": float}
"""What is known of a net at one input size: mean IoU, boundary IoU and absolute difference over the pictures, and the
milliseconds of one answer, by onnxruntime and by onnxruntime-web in WebAssembly, on one machine: only their ratios say
something about another."""

Looks = list[dict[str, Any]]


def read(path: Path) -> dict[str, Looks]:
    """What was measured of each model, by the SHA-256 of its weights: a list of `FIELDS`, smallest side first.

    Empty where the file is not there. Raises `BuildError` when it is not what the benchmark writes.
    """
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["models"]
        found = {str(row["sha256"]): sorted(row["looks"], key=lambda look: int(look["side"])) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path.name} is not what `build.py bench engines --write` writes: {error}.") from error
    for looks in found.values():
        for look in looks:
            if {key: type(value) for key, value in look.items()} != FIELDS:
                raise BuildError(f"{path.name}: a look must have {', '.join(FIELDS)} and nothing else.")
    return found


def write(path: Path, models: dict[str, Looks], machine: str, pictures: int) -> None:
    """Write the file; `models` is what `read` will give. `machine` and `pictures` say what it was measured with."""
    rows = [{"sha256": sha256, "looks": looks} for sha256, looks in sorted(models.items())]
    text = json.dumps({"machine": machine, "pictures": pictures, "models": rows}, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
