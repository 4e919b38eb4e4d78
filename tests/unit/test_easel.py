# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import replace

import numpy as np
import pytest
from helpers import noise, plain
from PIL import Image

from offcut import level, scribbles
from offcut.backdrop import Original, Still
from offcut.colour import Colour
from offcut.easel import HEAD_SIDE, Easel
from offcut.edges import Edges
from offcut.errors import BackdropMissing, FrameTooLarge
from offcut.frame import Canvas, Frame, HeadFit, Ratio
from offcut.head import Head
from offcut.level import Box
from offcut.matte import Matte
from offcut.method import Method, Whole
from offcut.purpose import Purpose
from offcut.recipe import Recipe
from offcut.rim import Rim
from offcut.scene import Scene
from offcut.shadow import Drop
from offcut.touches import Area, Brush, Scribble


def disc(side):
    rows, columns = np.mgrid[:side, :side] + 0.5 - side / 2
    return Matte(np.clip(side * 0.3 - np.hypot(rows, columns) + 0.5, 0, 1).astype(np.float32))


def small_disc(side):
    """One that a tenth of the picture holds, with an edge that is a few pixels wide."""
    rows, columns = np.mgrid[:side, :side] + 0.5 - side / 2
    return Matte(np.clip(side * 0.06 - np.hypot(rows, columns) + 0.5, 0, 1).astype(np.float32))


def picture(side):
    """A red subject on a green ground, of soft edge."""
    share = np.asarray(Image.fromarray(disc(64).alpha).resize((side, side)))[..., np.newaxis]
    return plain(np.rint(share * (200, 30, 40) + (1 - share) * (30, 180, 60)).astype(np.uint8))


def sketched(easel, found, recipe, side):
    return easel.sketch(found, recipe, side).composition.merged()


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(method=Method("net")),
        Recipe(method=Method("net"), edges=Edges(shift=-8, feather=4)),
        Recipe(method=Method("net"), scene=Scene(Colour(0, 0, 255))),
    ],
)
def test_a_sketch_shows_what_the_job_will_make(recipe):
    full = picture(640)
    matte = disc(64)
    drawn = sketched(Easel(full), matte, recipe, 160)
    assert drawn.shape == (160, 160, 4)
    made = Image.fromarray(Easel(full).cutout(matte, recipe).rgba)
    if recipe.scene.backdrop:
        ground = Image.new("RGBA", made.size, (0, 0, 255, 255))
        ground.alpha_composite(made)
        made = ground
    small = np.asarray(made.reduce(4)).astype(int)
    assert np.abs(drawn[..., 3] - small[..., 3]).mean() < 2
    both = (drawn[..., 3] > 200) & (small[..., 3] > 200)
    assert np.abs(drawn[both].astype(int) - small[both]).mean() < 3


def test_a_small_picture_keeps_its_size_and_its_own_alpha():
    own = np.full((40, 60), 255, np.uint8)
    own[:, :20] = 0
    drawn = sketched(Easel(plain(np.full((40, 60, 3), 90, np.uint8), own)), disc(60), Recipe(), 1000)
    assert drawn.shape == (40, 60, 4)
    assert not drawn[:, :20].any()


@pytest.mark.parametrize("edges", [Edges(), Edges(shift=-8, feather=4)])
def test_a_sketch_of_a_graphic_shows_what_colour_will_cut(edges):
    share = np.asarray(Image.fromarray(disc(2560).alpha).reduce(4))[..., np.newaxis]
    full = plain(np.rint(share * (200, 30, 40) + (1 - share) * (30, 180, 60)).astype(np.uint8))
    easel = Easel(full)
    ground, recipe = easel.ground("auto"), Recipe(edges=edges)
    drawn = sketched(easel, ground, recipe, 160)
    made = np.asarray(Image.fromarray(easel.cutout(ground, recipe).rgba).reduce(4))
    assert np.abs(drawn.astype(int) - made)[..., 3].mean() < 2


FRAMES = [
    Frame("picture", Canvas(500, 300), turn=20, zoom=1.5, x=0.1),
    Frame("cover", Ratio(2, 3), flip=True),
    Frame("subject", Canvas(35, 45, "mm"), 0.1),
    Frame("subject", margin=0.2, turn=-90),
    Frame("head", Canvas(413, 531), head=HeadFit(0.6, 0.15)),
    Frame("head", Canvas(413, 531), head=HeadFit(0.6, 0.15, 200, 300, 320)),
]


@pytest.fixture
def known_head(monkeypatch):
    """A head where a disc has none: of a picture of any size, in its upper half."""
    asked = []

    def found(alpha, picture):
        asked.append(alpha.shape)
        return Head(0.25 * alpha.shape[0], 0.5 * alpha.shape[0], 0.45 * alpha.shape[1])

    monkeypatch.setattr("offcut.head.found", found)
    return asked


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("scene", [Scene(), Scene(Colour(0, 0, 255), Drop(), None, Rim(0.02)), Scene(Original(0.5))])
def test_a_sketch_of_a_frame_shows_what_the_job_will_make(frame, scene, known_head):
    matte, recipe = disc(64), Recipe(method=Method("net"), frame=frame, scene=scene)
    easel = Easel(picture(640))
    shown = easel.shown(easel.cutout(matte, recipe), matte, recipe)
    drawn = Easel(picture(640)).sketch(matte, recipe, 160)
    made, small = shown.composition.merged(), drawn.composition.merged()
    assert made.shape[1::-1] == (shown.placement.width, shown.placement.height)
    assert max(small.shape) == 160
    size = small.shape[1::-1]
    wanted = np.asarray(Image.fromarray(made).resize(size, Image.Resampling.BOX)).astype(int)
    assert np.abs(small[..., 3] - wanted[..., 3]).mean() < 2
    both = (small[..., 3] > 200) & (wanted[..., 3] > 200)
    assert both.sum() > 500 and np.abs(small[both] - wanted[both]).mean() < 3
    corners = np.array([[0, 0], [640, 0], [320, 640], [100, 333]], np.float64)
    off = np.abs(drawn.placement.points(corners) - shown.placement.points(corners))
    assert off.max() < 0.02 * max(made.shape), "a sketch tells of the file's canvas, not of its own"
    assert (drawn.placement.width, drawn.placement.height) == pytest.approx(made.shape[1::-1], rel=0.02)


@pytest.mark.parametrize("scene", [Scene(), Scene(Original())])
def test_without_a_frame_the_picture_is_its_own_canvas(scene):
    easel, matte, recipe = Easel(picture(640)), disc(64), Recipe(method=Method("net"), scene=scene)
    cutout = easel.cutout(matte, recipe)
    for shown in (easel.shown(cutout, matte, recipe), easel.sketch(matte, recipe, 160)):
        assert shown.placement.identity((640, 640)) and shown.head is None
    merged = easel.shown(cutout, matte, recipe).composition.merged()
    assert merged is (easel.picture.rgba if scene.backdrop else cutout.rgba)


def test_the_head_is_told_in_pixels_of_the_picture_and_looked_for_once(known_head):
    easel, matte = Easel(picture(1280)), disc(64)
    frame = Frame("head", Canvas(413, 531))
    recipes = [
        Recipe(method=Method("net"), frame=each, scene=Scene(colour))
        for colour in (None, Colour(9, 9, 9))
        for each in (frame, replace(frame, turn=5.0), replace(frame, head=HeadFit(chin=700)))
    ]
    heads = [easel.shown(easel.cutout(matte, recipe), matte, recipe).head for recipe in recipes]
    heads += [easel.sketch(matte, recipe, 200).head for recipe in recipes]
    assert {(head.crown, head.chin, head.x, head.known) for head in heads} == {
        (320, 640, 576, True),
        (320, 700, 576, True),
    }
    assert heads[2].chin == 700
    assert known_head == [(HEAD_SIDE, HEAD_SIDE)]
    moved = Recipe(method=Method("net"), frame=frame, edges=Edges(shift=-9))
    easel.sketch(matte, moved, 200)
    assert len(known_head) == 2


@pytest.mark.parametrize("fit", ["picture", "cover", "subject"])
@pytest.mark.parametrize("purpose", [None, Purpose("marketplace", "amazon")])
def test_no_head_is_looked_for_where_none_is_asked(fit, purpose, known_head):
    recipe = Recipe(method=Method("net"), frame=Frame(fit, Canvas(100, 100)), purpose=purpose)
    assert Easel(picture(640)).sketch(disc(64), recipe, 160).head is None
    assert known_head == []


@pytest.mark.parametrize("frame", [Frame(), Frame("cover", Ratio(3, 4)), Frame("subject", turn=5)])
def test_a_document_asks_for_the_head_whatever_fits_the_canvas(frame, known_head):
    easel, matte = Easel(picture(640)), disc(64)
    recipe = Recipe(method=Method("net"), frame=frame, purpose=Purpose("document", "germany"))
    for shown in (easel.shown(easel.cutout(matte, recipe), matte, recipe), easel.sketch(matte, recipe, 160)):
        assert (shown.head.crown, shown.head.chin, shown.head.known) == (160, 320, True)
        assert shown.head.bottom - shown.head.top == pytest.approx(160 * shown.placement.scale)


def test_where_no_head_is_found_the_lines_are_there_and_said_to_be_guessed(monkeypatch):
    monkeypatch.setattr("offcut.head.found", lambda alpha, picture: None)
    easel, matte = Easel(picture(640)), disc(64)

    def head(**told):
        recipe = Recipe(method=Method("net"), frame=Frame("head", Canvas(413, 531), head=HeadFit(**told)))
        return easel.shown(easel.cutout(matte, recipe), matte, recipe).head

    guessed = head()
    assert not guessed.known
    assert (guessed.crown, guessed.chin, guessed.x) == pytest.approx((128, 128 + 0.6 * 384, 320), abs=12)
    assert (guessed.top, guessed.bottom) == pytest.approx((0.1 * 531, 0.8 * 531))
    assert not head(crown=150).known and head(crown=150, chin=400).known


@pytest.mark.parametrize("turn", [90, -90, 180])
@pytest.mark.parametrize("flip", [False, True])
def test_the_head_of_a_picture_that_lies_on_its_side_is_looked_for_where_it_stands_upright(turn, flip, monkeypatch):
    upright = np.asarray(Image.fromarray(noise(10, 14)).resize((200, 280)))
    asked = []

    def found(alpha, picture):
        asked.append(alpha.shape)
        assert np.array_equal(picture.rgb, upright) and alpha.flags.c_contiguous
        return Head(28.0, 112.0, 90.0)

    monkeypatch.setattr("offcut.head.found", found)
    # What the frame will do to it, undone.
    lying = np.rot90(upright, turn // 90 * (-1 if flip else 1))
    easel, frame = Easel(plain(np.ascontiguousarray(lying))), Frame("head", Canvas(300, 400), turn=turn, flip=flip)
    recipe = Recipe(method=Method("hand"), frame=frame, scene=Scene(Original()))
    shown = easel.shown(easel.cutout(Whole(), recipe), Whole(), recipe)
    assert asked == [(280, 200)]
    assert (shown.head.crown, shown.head.chin, shown.head.x) == (28, 112, 90)
    assert (shown.head.top, shown.head.bottom, shown.head.middle) == pytest.approx((40, 320, 150))
    seen = Image.fromarray(shown.composition.merged()[..., :3])
    seen = np.asarray(seen.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else seen).astype(int)
    scale = 280 / 84
    back = (1 / scale, 0, 90 - 150 / scale, 0, 1 / scale, 28 - 40 / scale)
    wanted = Image.fromarray(upright).transform((300, 400), Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    assert np.abs(seen - np.asarray(wanted))[40:320, 20:280].mean() < 3
    easel.shown(easel.cutout(Whole(), recipe), Whole(), replace(recipe, frame=replace(frame, turn=turn + 5.0)))
    assert len(asked) == 1, "a little further is no other quarter"


@pytest.mark.parametrize(
    "frame",
    [
        Frame("subject", Canvas(200, 200)),
        Frame("head", Canvas(150, 200), head=HeadFit(0.7, 0.1, 600, 660, 640)),
        Frame("cover", zoom=1.6),
        Frame("cover", zoom=5.0, turn=20.0),
    ],
)
@pytest.mark.parametrize("scene", [Scene(), Scene(Colour(0, 0, 255), Drop()), Scene(Original())])
def test_what_is_seen_from_near_is_as_sharp_in_a_sketch_as_in_the_file_once_it_is_cut(frame, scene):
    full = plain(np.asarray(Image.fromarray(noise(640, 640)).resize((1280, 1280))))
    easel, matte = Easel(full), small_disc(64)
    recipe = Recipe(method=Method("net"), frame=frame, scene=scene, edges=Edges(follow=False))
    file = easel.shown(easel.cutout(matte, recipe), matte, recipe).composition.merged()
    drawn, coarse = (each.sketch(matte, recipe, 320).composition.merged() for each in (easel, Easel(full)))
    assert drawn.shape == coarse.shape and max(drawn.shape) == min(320, max(file.shape))
    wanted = np.asarray(Image.fromarray(file).resize(drawn.shape[1::-1], Image.Resampling.BOX)).astype(int)
    off, far_off = (np.abs(each.astype(int) - wanted).mean(axis=(0, 1)) for each in (drawn, coarse))
    assert (off[:3] < 0.6 * far_off[:3]).all() and off[3] < 1.5


@pytest.mark.parametrize("size", [(1, 401), (401, 1), (2, 75)])
def test_a_sketch_of_the_narrowest_picture_is_no_larger_than_it_may_be(size):
    easel = Easel(plain(noise(*size)))
    easel.cutout(Whole(), by_hand())
    assert max(sketched(easel, Whole(), by_hand(), 40).shape) == 40


def test_a_sketch_from_near_after_the_edges_have_moved_waits_for_no_larger_cutout():
    easel, matte = Easel(picture(1280)), small_disc(64)
    recipe = Recipe(method=Method("net"), frame=Frame("subject", Canvas(200, 200)))
    easel.cutout(matte, recipe)
    moved = replace(recipe, edges=Edges(shift=-12))
    drawn, alone = (each.sketch(matte, moved, 320) for each in (easel, Easel(picture(1280))))
    assert np.array_equal(drawn.composition.merged(), alone.composition.merged())


def test_a_purpose_is_told_of_the_subject_unless_nothing_was_cut():
    easel, matte, amazon = Easel(picture(640)), disc(64), Purpose("marketplace", "amazon")
    for scene in (Scene(), Scene(Original())):
        recipe = Recipe(method=Method("net"), scene=scene, purpose=amazon, frame=Frame(canvas=Canvas(320, 400)))
        cutout = easel.cutout(matte, recipe)
        shown = easel.shown(cutout, matte, recipe)
        assert shown.cover.shape == (400, 320)
        small = np.asarray(Image.fromarray(cutout.alpha).reduce(2)).astype(int)
        assert np.abs(shown.cover[40:360] - small).max() <= 24 and not shown.cover[:38].any()
        assert shown.subject.min() == pytest.approx(128, abs=12) and shown.subject.max() == pytest.approx(512, abs=12)
        by_hand = replace(recipe, method=Method("hand"))
        uncut = easel.shown(easel.cutout(Whole(), by_hand), Whole(), by_hand)
        assert uncut.cover is None and uncut.subject is None
        all_gone = replace(by_hand, touches=(Area("erase", (-9.0, -9.0, 999.0, -9.0, 999.0, 999.0, -9.0, 999.0)),))
        empty = easel.shown(easel.cutout(Whole(), all_gone), Whole(), all_gone)
        assert empty.subject is None and not empty.cover.any()
        bare = easel.shown(cutout, matte, replace(recipe, purpose=None))
        assert bare.cover is None and bare.subject is None


def test_of_the_cutout_nothing_is_kept_with_what_is_shown_as_it_is():
    """The largest picture's has 400 MB: it shall be gone while the file is written."""
    easel, matte = Easel(picture(640)), disc(64)
    recipe = Recipe(method=Method("net"), scene=Scene(Original()), purpose=Purpose("document", "uk"))
    cutout = easel.cutout(matte, recipe)
    shown = easel.shown(cutout, matte, recipe)
    assert not any(np.shares_memory(cutout.rgba, each) for each in (shown.cover, shown.subject))


def test_a_picture_for_the_background_comes_from_those_at_hand():
    easel, matte = Easel(picture(320)), disc(64)
    recipe = Recipe(method=Method("net"), scene=Scene(Still("a" * 64)))
    behind = plain(np.full((10, 10, 3), (9, 8, 7), np.uint8))
    stills = {"a" * 64: behind}.get
    full = easel.shown(easel.cutout(matte, recipe), matte, recipe, stills).composition.merged()
    assert full[0, 0].tolist() == [9, 8, 7, 255]
    assert easel.sketch(matte, recipe, 160, stills).composition.merged()[0, 0].tolist() == [9, 8, 7, 255]
    for make in (
        lambda: easel.sketch(matte, recipe, 160),
        lambda: easel.shown(easel.cutout(matte, recipe), matte, recipe),
    ):
        with pytest.raises(BackdropMissing):
            make()


def test_a_canvas_that_would_be_too_large_is_refused_however_small_its_sketch():
    recipe = Recipe(method=Method("net"), frame=Frame("picture", Canvas(10_001, 10_000)))
    with pytest.raises(FrameTooLarge):
        Easel(picture(640)).sketch(disc(64), recipe, 160)


def stroke(x, y, mode="erase", size=60.0):
    return Brush(mode, size, 0.8, (x, y, 1, x + 100, y, 1))


def by_hand(*touches):
    return Recipe(method=Method("hand"), touches=touches)


ALL = Box(-100, -100, 10_000, 10_000)


def laid_over(below, patches):
    for left, top, rgba in patches:
        below[top : top + rgba.shape[0], left : left + rgba.shape[1]] = rgba
    return below


@pytest.mark.parametrize(("found", "by"), [(Whole(), "hand"), (disc(64), "net")])
@pytest.mark.parametrize("side", [640, 320])
def test_patches_laid_over_what_is_shown_make_what_is_wanted(found, by, side):
    easel = Easel(picture(640))
    recipes = [
        Recipe(method=Method(by), touches=touches)
        for touches in [
            (stroke(100, 100),),
            (stroke(100, 100), stroke(300, 420, "restore", 90.0)),
            (stroke(100, 100), stroke(300, 420, "restore", 90.0), stroke(320, 300, "protect")),
            (stroke(100, 100), stroke(500, 20)),
            (),
        ]
    ]
    shown = Image.fromarray(easel.cutout(found, recipes[0]).rgba).reduce(640 // side)
    seen, turn = np.array(shown), 0
    for recipe in recipes[1:]:
        turn, size, patches = easel.patches(found, recipe, side, ALL, turn)
        assert size == (side, side)
        seen = laid_over(seen, patches)
        wanted = np.asarray(Image.fromarray(Easel(picture(640)).cutout(found, recipe).rgba).reduce(640 // side))
        assert np.abs(seen[..., 3].astype(int) - wanted[..., 3]).max() <= (0 if side == 640 else 24)
        sure = (seen[..., 3] == 255) & (wanted[..., 3] == 255)
        assert np.abs(seen[sure].astype(int) - wanted[sure]).max() <= 2


def test_patches_are_only_what_changed_since_and_only_what_is_looked_at():
    easel = Easel(picture(640))
    easel.cutout(Whole(), by_hand())
    one, two = by_hand(stroke(40, 40)), by_hand(stroke(40, 40), stroke(400, 500))
    turn, _, patches = easel.patches(Whole(), one, 640, ALL, 0)
    assert patches
    assert all(left + rgba.shape[1] <= 256 and top + rgba.shape[0] <= 128 for left, top, rgba in patches)
    assert not easel.patches(Whole(), one, 640, ALL, turn).patches
    later = easel.patches(Whole(), two, 640, ALL, turn)
    assert later.patches
    assert all(top >= 384 for _, top, _ in later.patches)
    assert not easel.patches(Whole(), two, 640, Box(0, 200, 640, 300), 0).patches
    assert len(easel.patches(Whole(), two, 640, ALL, 0).patches) > len(later.patches)
    easel.cutout(Whole(), two)
    assert not easel.patches(Whole(), two, 640, ALL, 0).patches


def test_patches_are_of_the_cutout_whatever_scene_and_frame_are_around_it():
    bare = by_hand(stroke(100, 100))
    around = replace(bare, scene=Scene(Colour(0, 0, 255), Drop()), frame=Frame("subject", turn=30))
    one, other = (Easel(picture(320)).patches(Whole(), recipe, 320, ALL, -1).patches for recipe in (bare, around))
    assert one and len(one) == len(other)
    for patch, same in zip(one, other, strict=True):
        assert (patch.left, patch.top) == (same.left, same.top) and np.array_equal(patch.rgba, same.rgba)
    assert min(patch.rgba[..., 3].min() for patch in other) == 0


def test_lines_are_drafted_before_they_are_drawn_and_only_they():
    easel = Easel(picture(320))
    easel.cutout(Whole(), by_hand())
    drop, keep = Scribble("drop", 8.0, (10, 10, 310, 10, 310, 310)), Scribble("keep", 8.0, (140, 160, 180, 160))
    box, drafts = Box(0, 0, 320, 320), []
    easel.patches(Whole(), by_hand(stroke(20, 20)), 320, box, 0, drafts.append)
    assert drafts == []
    shown = easel.picture.rgba.copy()
    for touches in ((drop,), (drop, keep)):
        answer = easel.patches(Whole(), by_hand(*touches), 320, box, 0, drafts.append)
        draft = drafts.pop()
        assert drafts == []
        exact = laid_over(shown.copy(), answer.patches)
        off, unseen = (
            np.abs(each.astype(int) - exact)[..., 3].mean() for each in (laid_over(shown.copy(), draft.patches), shown)
        )
        assert off < min(8, unseen / 4)
    assert exact[160, 160, 3] == 255
    assert not exact[:20, :, 3].any()
    easel.patches(Whole(), by_hand(drop, keep, stroke(20, 20)), 320, box, 0, drafts.append)
    assert drafts == []


def test_what_is_looked_at_is_made_ready_once_for_all_strokes(monkeypatch):
    made = []
    for of, name in ((level, "adjust"), (scribbles, "Segmenter")):
        real = getattr(of, name)
        monkeypatch.setattr(of, name, lambda *given, name=name, real=real: made.append(name) or real(*given))
    easel, found, box = Easel(picture(640)), disc(64), Box(0, 0, 320, 320)
    lines = (Scribble("keep", 20, (320, 320, 330, 330)), Scribble("drop", 20, (10, 10, 600, 10)))
    for count in range(3):
        easel.patches(found, Recipe(method=Method("net"), touches=lines[:count]), 320, box, 0)
        assert sorted(made) == ["Segmenter", "adjust"]


def test_what_the_full_picture_does_not_show_yet_is_patched_with_other_edges_too():
    easel, matte = Easel(picture(640)), disc(64)
    easel.cutout(matte, Recipe(method=Method("net")))
    moved = Recipe(method=Method("net"), edges=Edges(shift=-20))
    _, _, patches = easel.patches(matte, moved, 320, ALL, 0)
    seen = laid_over(np.zeros((320, 320, 4), np.uint8), patches)
    wanted = np.asarray(Image.fromarray(Easel(picture(640)).cutout(matte, moved).rgba).reduce(2))
    assert np.abs(seen[..., 3].astype(int) - wanted[..., 3]).mean() < 2


def test_a_picture_of_more_pixels_than_may_be_held_is_held_smaller_and_touched_in_the_same_places():
    full, recipe = picture(640), by_hand(stroke(200, 200), Scribble("drop", 8, (500, 500, 600, 600)))
    easel = Easel(full, 320 * 320)
    assert not easel.whole
    assert max(easel.picture.size) == 320
    held = easel.patches(Whole(), by_hand(stroke(200, 200)), 320, ALL, -1)
    whole = Easel(full).patches(Whole(), by_hand(stroke(200, 200)), 320, ALL, -1)
    one, other = (laid_over(np.zeros((320, 320, 4), np.uint8), each.patches) for each in (held, whole))
    assert np.abs(one.astype(int) - other)[..., 3].max() <= 2
    assert sketched(easel, Whole(), recipe, 100).shape == (100, 100, 4)


def test_what_was_restored_of_a_graphic_shows_the_picture():
    rgb = np.full((200, 200, 3), 255, np.uint8)
    rgb[60:140, 60:140] = (20, 90, 160)
    rgb[60:140, 59] = (137, 172, 207)
    easel = Easel(plain(rgb))
    ground = easel.ground("colour")
    before = easel.cutout(ground, Recipe(method=Method("colour")))
    assert not before.alpha[100, 50]
    assert 100 < before.alpha[100, 59] < 150
    assert np.abs(before.rgba[100, 59, :3].astype(int) - (20, 90, 160)).max() < 5
    touched = Recipe(method=Method("colour"), touches=(Brush("restore", 40, 1, (50, 100, 1)),))
    after = easel.cutout(ground, touched).rgba
    assert tuple(after[100, 50]) == (255, 255, 255, 255)
    assert tuple(after[100, 59]) == (137, 172, 207, 255)
    assert np.array_equal(after[60:78, 57:], before.rgba[60:78, 57:])
    assert np.array_equal(easel.cutout(ground, Recipe(method=Method("colour"))).rgba, before.rgba)
