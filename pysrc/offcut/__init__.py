# SPDX-License-Identifier: AGPL-3.0-or-later
"""Offcut removes the background of pictures: bytes in, cutout out, the same code under CPython and Pyodide.

>>> import asyncio
>>> from offcut import job, native, recipe  # doctest: +SKIP
>>> asyncio.run(job.run(data, "cat.jpg", recipe.preset("auto"), catalogue=..., engine=...))  # doctest: +SKIP
"""

__version__ = "0.1.0"
