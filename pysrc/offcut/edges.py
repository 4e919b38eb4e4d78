# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done at the edge of the subject: settings only, each with a value that turns it off."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edges:
    """`despill`, 0..1: how much of the old background's colour is taken out of soft edges (see offcut.foreground);
    0 leaves the colours as they are in the picture."""

    despill: float = 1.0
