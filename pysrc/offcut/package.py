# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several files in one that says what it is: the zips that OpenRaster files and projects are."""

import io
import zipfile
from collections.abc import Collection, Iterable


def package(mimetype: str, files: Iterable[tuple[str, bytes]], deflated: Collection[str] = ()) -> bytes:
    """A zip of `files`, (name, content) in order, that says what it is: its first entry, `mimetype`, stands readable at
    byte 38, as in OpenDocument packages (OASIS OpenDocument 1.3, part 2, 3.3).

    All is stored as it is but for the names in `deflated`. Equal input gives equal bytes: no clock and no machine is
    asked.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in (("mimetype", mimetype.encode()), *files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it tells the system that wrote it
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if name in deflated else zipfile.ZIP_STORED
            archive.writestr(entry, content)
    return file.getvalue()
