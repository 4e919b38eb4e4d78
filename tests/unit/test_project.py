# SPDX-License-Identifier: AGPL-3.0-or-later
import hashlib
import io
import json
import random
import zipfile

import numpy as np
import pytest
from helpers import noise, saved
from PIL import Image

from offcut import __version__
from offcut.errors import ProjectError, ProjectNewer, ProjectTampered, ProjectUnreadable, RecipeInvalid
from offcut.look import LITTLE_MEMORY, Look
from offcut.matte import Matte
from offcut.package import package
from offcut.project import MIMETYPE, Project, is_project, opened, packed
from offcut.recipe import Recipe

ASSET = saved(Image.fromarray(noise(9, 7)), "PNG")
BRUSH = {"tool": "brush", "mode": "erase", "size": 40, "hardness": 0.5, "points": [1, 2.25, 0.5]}
RECIPE = Recipe.parse(
    {
        "version": 1,
        "edges": {"feather": 1.5},
        "touches": [BRUSH],
        "scene": {"backdrop": {"colour": "#010203"}},
    }
)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def matte(width=16, height=12):
    return Matte(np.random.default_rng(2).random((height, width), np.float32))


def look(alpha):
    return Look(Matte(alpha), ())


def project(**changes):
    whole = {
        "data": saved(Image.fromarray(noise(20, 14)), "JPEG"),
        "name": "cat 图.jpg",
        "recipe": RECIPE,
        "assets": {digest(ASSET): ASSET},
        "matte": ("balanced", Look(matte(), (LITTLE_MEMORY,))),
    }
    return Project(**(whole | changes))


def same(one, other):
    """Whether two projects are the same, to the bit."""
    if (one.data, one.name, one.recipe, dict(one.assets)) != (other.data, other.name, other.recipe, dict(other.assets)):
        return False
    if one.matte is None or other.matte is None:
        return one.matte is other.matte
    (plan, said), (other_plan, other_said) = one.matte, other.matte
    alike = np.array_equal(said.matte.alpha, other_said.matte.alpha)
    return (plan, said.notes) == (other_plan, other_said.notes) and alike and one.answer == other.answer


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def rebuilt(changes=None, manifest=None, of=None):
    """A project with other parts (None leaves one out), and other values in project.json."""
    inside = parts(packed(of or project()))
    told = json.loads(inside["project.json"]) | (manifest or {})
    inside["project.json"] = json.dumps(told).encode()
    inside |= changes or {}
    return package(
        MIMETYPE, [(name, content) for name, content in inside.items() if name != "mimetype" and content is not None]
    )


def with_matte(alpha, **changes):
    content = np.asarray(alpha, "<f4").tobytes()
    told = {"plan": "balanced", "width": 2, "height": 1, "sha256": digest(content)} | changes
    return rebuilt({"matte.f32": content}, {"matte": told})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"matte": None},
        {"assets": {}},
        {"assets": {digest(bytes([n])): bytes([n]) for n in range(5)}},
        {"data": b""},
    ],
)
def test_a_project_reopens_to_the_same_picture_recipe_and_matte(changes):
    whole = project(**changes)
    assert same(opened(packed(whole)), whole)


def test_the_matte_is_the_same_to_the_last_bit_and_can_be_worked_on():
    alpha = opened(packed(project())).matte[1].matte.alpha
    assert alpha.dtype == np.float32 and alpha.tobytes() == matte().alpha.tobytes()
    alpha[0, 0] = 0.5


def test_what_is_in_the_file_is_what_the_format_says():
    whole = project()
    inside = parts(packed(whole))
    assert list(inside) == [
        "mimetype",
        "project.json",
        "recipe.json",
        "original",
        f"assets/{digest(ASSET)}",
        "matte.f32",
    ]
    assert json.loads(inside["project.json"]) == {
        "version": 1,
        "app": __version__,
        "name": "cat 图.jpg",
        "original": {"sha256": digest(whole.data), "bytes": len(whole.data)},
        "assets": [{"sha256": digest(ASSET), "bytes": len(ASSET)}],
        "matte": {
            "plan": "balanced",
            "width": 16,
            "height": 12,
            "sha256": digest(inside["matte.f32"]),
            "notes": ["little-memory"],
        },
    }
    assert whole.answer == digest(inside["matte.f32"]) and project(matte=None).answer is None
    assert Recipe.from_json(inside["recipe.json"].decode()) == whole.recipe
    assert inside["original"] == whole.data
    assert np.array_equal(np.frombuffer(inside["matte.f32"], "<f4").reshape(12, 16), matte().alpha)


def test_pictures_are_stored_and_the_matte_is_deflated():
    with zipfile.ZipFile(
        io.BytesIO(packed(project(matte=("balanced", look(np.ones((64, 64), np.float32))))))
    ) as archive:
        for entry in archive.infolist():
            picture = entry.filename in ("mimetype", "original") or entry.filename.startswith("assets/")
            assert entry.compress_type == (zipfile.ZIP_STORED if picture else zipfile.ZIP_DEFLATED)
        assert archive.getinfo("matte.f32").compress_size < 200


def test_equal_projects_give_equal_bytes_whatever_the_order_of_their_assets():
    files = {digest(bytes([n])): bytes([n]) for n in range(9)}
    one, other = (packed(project(assets=dict(order))) for order in (files.items(), reversed(files.items())))
    assert one == other


def test_a_project_is_known_by_its_first_bytes():
    data = packed(project())
    assert is_project(data[:128]) and is_project(data)
    for other in (b"", b"PK\x03\x04", data[:67], package("image/openraster", []), package(MIMETYPE + "2", []), ASSET):
        assert not is_project(other[:128])
    assert not is_project(package(MIMETYPE.upper(), [])[:128])


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\cat.jpg", "cat.jpg"),
        ("a\x00b\x1b[1m\u202e.jpg", "ab[1m.jpg"),
        ("\ud800 ", "picture"),
        ("", "picture"),
        ("x" * 999, "x" * 200),
    ],
)
def test_a_name_is_a_name_and_no_path(name, clean):
    assert opened(packed(project(name=name))).name == clean
    if name:
        assert opened(rebuilt(manifest={"name": name})).name == clean


@pytest.mark.parametrize(
    "changes",
    [
        {"assets": {digest(b"other"): ASSET}},
        {"assets": {"../evil": ASSET}},
        {"matte": ("balanced", look(np.array([[0, np.nan]], np.float32)))},
        {"matte": ("balanced", look(np.array([[0, 1.01]], np.float32)))},
        {"matte": ("balanced", look(np.zeros((0, 3), np.float32)))},
        {"matte": ("balanced", look(np.zeros((1, 8193), np.float32)))},
        {"matte": ("", look(matte().alpha))},
    ],
)
def test_what_could_not_be_opened_again_is_not_packed(changes):
    with pytest.raises(ValueError, match=r"asset|matte"):
        packed(project(**changes))


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"original": b"another picture"}, "original"),
        ({"original": b""}, "original"),
        ({f"assets/{digest(ASSET)}": ASSET + b" "}, f"assets/{digest(ASSET)}"),
        ({"matte.f32": bytes(16 * 12 * 4)}, "matte.f32"),
        ({"matte.f32": b""}, "matte.f32"),
    ],
)
def test_a_part_that_is_not_what_it_was_is_named(changes, part):
    with pytest.raises(ProjectTampered) as caught:
        opened(rebuilt(changes))
    assert caught.value.to_dict() == {"code": "project.tampered", "details": {"part": part}}


def test_a_part_of_another_length_than_it_is_said_to_have_was_tampered_with():
    data = project().data
    with pytest.raises(ProjectTampered):
        opened(rebuilt(manifest={"original": {"sha256": digest(data), "bytes": len(data) + 1}}))


@pytest.mark.parametrize("changes", [{}, {"masks/0.png": b"new"}, {"recipe.json": None}])
def test_a_newer_project_is_called_newer_whatever_else_is_in_it(changes):
    with pytest.raises(ProjectNewer) as caught:
        opened(rebuilt(changes, {"version": 2, "layers": []}))
    assert caught.value.details == {"version": 2}


def test_a_recipe_that_is_none_is_told_as_a_recipe_is():
    recipe = RECIPE.to_dict() | {"model": 7}
    with pytest.raises(RecipeInvalid) as caught:
        opened(rebuilt({"recipe.json": json.dumps(recipe).encode()}))
    assert caught.value.details["field"] == "recipe.model"


@pytest.mark.parametrize(
    "changes",
    [
        {"original": None},
        {"recipe.json": None},
        {"matte.f32": None},
        {f"assets/{digest(ASSET)}": None},
        {"project.json": None},
        {"project.json": b"[]"},
        {"project.json": b"{"},
        {"project.json": b"\xff\xfe"},
        {"project.json": b"[" * 200_000},
        {"project.json": b"9" * 5000},
        {"recipe.json": b"{"},
        {"recipe.json": b'{"version":' + b"[" * 200_000},
        {"recipe.json": b'{"version":' + b"[" * 200_000 + b"]" * 200_000 + b"}"},
        {"recipe.json": b'{"a":' * 200_000 + b"1" + b"}" * 200_000},
        {"recipe.json": b'["' + b"]" * 200_000 + b'",' + b"[" * 200_000},
        {"recipe.json": b'["\\"' + b"]" * 200_000 + b'",' + b"[" * 200_000},
        {"recipe.json": b'["\\\\","' + b"]" * 200_000 + b'",' + b"[" * 200_000},
        {"recipe.json": b'["' + b'"\\' * 2_000_000},
        {"recipe.json": b"[" + b"[]," * 600_000 + b"[]]"},
        {"extra": b"x"},
        {"../original": b"x"},
        {"/etc/passwd": b"x"},
        {"assets/../../x": b"x"},
        {"assets/": b""},
        {f"assets/{'0' * 64}": b"x"},
    ],
    ids=lambda changes: f"{next(iter(changes))[:16]}={next(iter(changes.values()))!r:.8}",
)
def test_a_project_with_other_parts_than_it_should_have_is_refused(changes):
    with pytest.raises(ProjectUnreadable):
        opened(rebuilt(changes))


def test_brackets_in_words_do_not_count():
    name = '[[[{{{"\\]]' * 15
    assert opened(rebuilt(manifest={"name": name})).name == name.split("\\")[-1]


@pytest.mark.parametrize(
    "manifest",
    [
        {"version": 0},
        {"version": "1"},
        {"version": True},
        {"version": 10**30},
        {"app": None},
        {"name": ""},
        {"name": 3},
        {"original": {"sha256": "zz", "bytes": 3}},
        {"original": {"sha256": digest(b"").upper(), "bytes": 0}},
        {"original": {"sha256": digest(b""), "bytes": -1}},
        {"assets": [{"sha256": "../../evil", "bytes": 3}]},
        {"assets": {}},
        {"matte": []},
        {"matte": {"plan": "balanced", "width": 16, "height": 12}},
        {"comment": "hello"},
    ],
    ids=str,
)
def test_a_project_that_tells_nonsense_of_itself_is_refused(manifest):
    with pytest.raises(ProjectUnreadable) as caught:
        opened(rebuilt(manifest=manifest))
    assert str(caught.value.details["reason"]).startswith("project.")


@pytest.mark.parametrize(
    ("alpha", "changes"),
    [
        ([0.5, np.nan], {}),
        ([0.5, np.inf], {}),
        ([0.5, -0.01], {}),
        ([0.5, 1.01], {}),
        ([0.5, 0.5], {"height": 2}),
        ([0.5, 0.5], {"width": 1}),
        ([0.5, 0.5], {"width": 0}),
        ([0.5, 0.5], {"width": 2**30, "height": 2**30}),
        ([0.5, 0.5], {"plan": ""}),
        ([0.5, 0.5], {"scale": 2}),
        ([0.5, 0.5], {"notes": ["by-colour"]}),
        ([0.5, 0.5], {"notes": "little-memory"}),
    ],
)
def test_a_matte_that_is_none_is_refused(alpha, changes):
    assert opened(with_matte([0.0, 1.0])).matte is not None
    with pytest.raises(ProjectUnreadable):
        opened(with_matte(alpha, **changes))


def test_a_matte_without_notes_has_none():
    assert opened(with_matte([0.0, 1.0])).matte[1].notes == ()


def test_a_part_that_is_there_twice_is_refused():
    files = [(name, content) for name, content in parts(packed(project())).items() if name != "mimetype"]
    twice = package(MIMETYPE, [*files, ("original_", b"x")]).replace(b"original_", b"original\0")  # ends at the NUL
    with pytest.raises(ProjectUnreadable) as caught:
        opened(twice)
    assert caught.value.details["reason"] == "a part is there twice"


@pytest.mark.parametrize(
    ("bound", "size"),
    [
        ("project.LARGEST", 300),
        ("project.LARGEST_JSON", 100),
        ("project.LARGEST_WHOLE", 2000),
        ("nesting.DEEPEST", 2),
        ("nesting.MOST_BRACKETS", 9),
    ],
)
def test_what_is_too_large_is_neither_read_nor_packed(bound, size, monkeypatch):
    data = packed(project())
    monkeypatch.setattr(f"offcut.{bound}", size)
    with pytest.raises(ProjectUnreadable):
        opened(data)
    with pytest.raises(ValueError, match="too large"):
        packed(project())


def test_a_part_that_claims_to_be_small_and_is_not_does_not_become_large(monkeypatch):
    pieces = []
    read = zipfile.ZipExtFile.read

    def watched(self, n=-1):
        pieces.append(read(self, n))
        return pieces[-1]

    data = bytearray(packed(project(matte=("balanced", look(np.ones((2048, 2048), np.float32))))))
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 55] != b"matte.f32":
        at = data.index(b"PK\x01\x02", at + 4)
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    monkeypatch.setattr(zipfile.ZipExtFile, "read", watched)
    with pytest.raises(ProjectError):
        opened(bytes(data))
    assert max(map(len, pieces)) <= 1 << 20


@pytest.mark.parametrize("method", [1, 9, 12, 14, 93, 99])
def test_an_unknown_compression_is_refused(method):
    data = bytearray(packed(project()))
    local, central = data.index(b"original") - 30, data.rindex(b"original") - 46
    data[local + 8 : local + 10] = data[central + 10 : central + 12] = method.to_bytes(2, "little")
    with pytest.raises(ProjectUnreadable):
        opened(bytes(data))


def test_a_locked_part_is_refused():
    data = bytearray(packed(project()))
    for at in (data.index(b"original") - 30 + 6, data.rindex(b"original") - 46 + 8):
        data[at] |= 1
    with pytest.raises(ProjectUnreadable):
        opened(bytes(data))


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"not a project", ASSET, package("image/openraster", [("stack.xml", b"")])]
)
def test_what_is_no_project_is_said_to_be_none(data):
    with pytest.raises(ProjectUnreadable) as caught:
        opened(data)
    assert caught.value.to_dict() == {"code": "project.unreadable", "details": {"reason": "not a project"}}


def test_a_project_that_ends_early_is_refused_wherever_it_ends():
    data = packed(project())
    for length in range(0, len(data), 7):
        with pytest.raises(ProjectUnreadable):
            opened(data[:length])


def test_any_damage_gives_an_error_of_ours_or_the_same_project():
    whole = project()
    data = packed(whole)
    random_ = random.Random(11)
    outcomes = {"same": 0, "error": 0}
    # Every bit at the start and of the directory at the end, and some of the contents.
    structure = [at for at in range(len(data)) if at < 200 or at > len(data) - 600]
    flips = [(at, bit) for at in structure for bit in range(8)]
    flips += [(random_.randrange(len(data)), random_.randrange(8)) for _ in range(1500)]
    for at, bit in flips:
        damaged = bytearray(data)
        damaged[at] ^= 1 << bit
        try:
            again = opened(bytes(damaged))
        except (ProjectError, RecipeInvalid):
            outcomes["error"] += 1
        else:
            assert same(again, whole), (at, bit)
            outcomes["same"] += 1
    assert min(outcomes.values()) > 100


def test_much_damage_at_once_gives_an_error_of_ours_too():
    data = packed(project())
    random_ = random.Random(12)
    for _ in range(1500):
        damaged = bytearray(data)
        for _ in range(random_.randrange(1, 30)):
            damaged[random_.randrange(60, len(data))] = random_.randrange(256)
        start, end = sorted(random_.randrange(len(data)) for _ in range(2))
        pieces = (bytes(damaged), bytes(damaged[:start] + damaged[end:]), bytes(damaged[:end] + damaged[start:]))
        try:
            opened(random_.choice(pieces))
        except (ProjectError, RecipeInvalid):
            continue
