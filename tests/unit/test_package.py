# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import zipfile

from offcut.package import package


def test_a_package_says_what_it_is_at_byte_38():
    data = package("a/b", [("x", b"1")])
    assert data[30:41] == b"mimetypea/b" and data[41:43] == b"PK"


def test_of_a_package_only_what_is_named_is_deflated():
    with zipfile.ZipFile(io.BytesIO(package("a/b", [("x", b"1" * 99), ("y", b"2" * 99)], {"y"}))) as archive:
        assert [(each.filename, each.compress_size) for each in archive.infolist()][:2] == [("mimetype", 3), ("x", 99)]
        assert archive.getinfo("y").compress_size < 20 and archive.read("y") == b"2" * 99


def test_equal_files_make_equal_packages():
    once, again = (package("a/b", [("x", b"1" * 99)], {"x"}) for _ in range(2))
    assert once == again
