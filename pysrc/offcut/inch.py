# SPDX-License-Identifier: AGPL-3.0-or-later
"""What prints are measured by."""

Dpi = tuple[float, float]
"""Pixels per inch, across and down."""

INCH = 25.4
"""Millimetres in an inch."""

DPI = 300.0
"""Pixels per inch of a print where nobody says: photos in documents have at least so many."""

LEAST_DPI = 10.0
"""A file that says less says nothing: nothing that is cut out is printed so large, and no sheet is drawn so coarse."""
