# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from offcut.output import ENDINGS, FORMATS, MIME, NAME_BYTES, Output


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("cat.jpg", "cat-cutout.png"),
        ("my.cat.jpeg", "my.cat-cutout.png"),
        ("folder/cat.jpg", "cat-cutout.png"),
        ("C:\\pictures\\cat.jpg", "cat-cutout.png"),
        ("cat", "cat-cutout.png"),
        (".hidden", ".hidden-cutout.png"),
        ("", "picture-cutout.png"),
        ("/", "picture-cutout.png"),
        ("a\nb\x00.png", "ab-cutout.png"),
        ("图 片.heic", "图 片-cutout.png"),
        ('a:b*c?"<d>|e.png', "abcde-cutout.png"),
        ("???.png", "picture-cutout.png"),
        ("  cat .jpg", "cat-cutout.png"),
    ],
)
def test_a_name_has_no_folder_no_ending_and_nothing_that_no_name_may_hold(name, suggested):
    assert Output().suggested(name) == suggested


@pytest.mark.parametrize(
    ("pattern", "suggested"),
    [
        ("{name}", "a cat.png"),
        ("{name} on white", "a cat on white.png"),
        ("{name}, {name}", "a cat, a cat.png"),
        ("passport", "passport.png"),
        ("shop/{name}: 1?", "shopa cat 1.png"),
        ("..\\..\\{name}", "....a cat.png"),
        ("{other}-{0}", "{other}-{0}.png"),
        ("  {name}. ", "a cat.png"),
        ("///", "a cat.png"),
        (" .. ", "a cat.png"),
        ("\x00\x1f\x7f{name}", "a cat.png"),
    ],
)
def test_a_name_follows_the_persons_pattern(pattern, suggested):
    assert Output(name=pattern).suggested("a cat.jpg") == suggested


@pytest.mark.parametrize(
    "name", ["a:b.png", "???.png", "\x00", "...", "a.b.", "x" * 500 + ".png", "/", " . ", "图" * 200, "\udcff" * 99]
)
@pytest.mark.parametrize(
    "pattern", ["{name}", "*", "..", "{name}.", "é{name}", "图" * 200, "{name}" * 50, "{name} " + "é" * 300]
)
def test_whatever_is_asked_the_name_is_one_that_every_system_takes(pattern, name):
    made = Output(name=pattern).suggested(name)
    stem = made.removesuffix(".png")
    assert stem and stem != made and len(stem.encode("utf-8", "surrogatepass")) <= NAME_BYTES
    assert not set(made) & set('\\/:*?"<>|\x00\x1f\x7f')
    assert stem == stem.strip() and not stem.endswith(".")


@pytest.mark.parametrize("name", ["x" * 500, "图" * 200, "é" * 99 + "x" * 99])
@pytest.mark.parametrize("pattern", ["{name}-cutout", "front {name} back", "{name}/{name}!"])
def test_of_a_name_that_is_too_long_the_pictures_part_is_cut(pattern, name):
    made = Output(name=pattern).suggested(f"{name}.jpg").removesuffix(".png")
    first, *middle, last = pattern.replace("/", "").split("{name}")
    assert made.startswith(first + name[:50]) and made.endswith(last)
    assert all(part in made for part in middle)
    assert NAME_BYTES - 6 <= len(made.encode()) <= NAME_BYTES


def test_the_ending_is_that_of_the_format():
    endings = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", "mask": ".png", "ora": ".ora", "pdf": ".pdf"}
    assert set(endings) == set(ENDINGS) == set(MIME) == set(FORMATS)
    for format, ending in endings.items():
        assert Output(format).suggested("cat.tiff") == f"cat-cutout{ending}"


@pytest.mark.parametrize(
    ("output", "lossy"),
    [
        (Output("jpeg"), True),
        (Output("jpeg", lossless=True), True),
        (Output("webp"), True),
        (Output("webp", lossless=True), False),
        (Output("png"), False),
        (Output("mask"), False),
        (Output("ora"), False),
        (Output("pdf"), True),
        (Output("pdf", lossless=True), True),
    ],
)
def test_a_quality_counts_where_something_is_lost(output, lossy):
    assert output.lossy is lossy
