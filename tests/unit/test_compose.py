# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain

from offcut.backdrop import Gradient, Original, Still
from offcut.colour import BLACK, WHITE, Colour
from offcut.compose import Composition, Layer, composed
from offcut.cutout import cut
from offcut.errors import BackdropMissing
from offcut.fitting import placed
from offcut.frame import Frame
from offcut.ground import no_stills
from offcut.laying import laid
from offcut.rim import Rim
from offcut.scene import Scene
from offcut.shadow import Contact, Drop
from offcut.tone import Tone, toned

SHA = "b" * 64
CLEAR = (0, 0, 0, 0)


def shown(rgb, alpha, scene, placement=None, stills=no_stills):
    picture = plain(rgb)
    return composed(cut(picture, alpha), picture, scene, placement, stills)


def block():
    """A red block on green, 200 x 100, and its matte."""
    rgb = np.full((100, 200, 3), (30, 180, 60), np.uint8)
    alpha = np.zeros((100, 200), np.uint8)
    rgb[20:80, 60:140], alpha[20:80, 60:140] = (200, 0, 0), 255
    return rgb, alpha


def test_a_colour_is_written_as_the_web_writes_it():
    assert Colour.parse("#0aC8ff") == Colour(10, 200, 255)
    assert str(Colour(10, 200, 255)) == "#0ac8ff"


@pytest.mark.parametrize("text", ["0ac8ff", "#0ac8f", "#0ac8ffff", "#0ac8fg", "red", " #0ac8ff", "#0ac8ff\n"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match="not #rrggbb"):
        Colour.parse(text)


def test_without_a_backdrop_the_cutout_itself_is_the_result():
    picture = plain(noise(5, 4))
    cutout = cut(picture, noise(5, 4, 1))
    made = composed(cutout, picture, Scene())
    assert made.merged() is cutout.rgba and np.array_equal(made.cover, cutout.alpha)


def test_over_a_colour_the_result_is_opaque_and_mixed_to_the_nearest_value():
    rgb, alpha = noise(30, 600, seed=2), noise(30, 600, 1)
    cutout = cut(plain(rgb), alpha)
    result = shown(rgb, alpha, Scene(Colour(10, 200, 255))).merged()
    share = alpha[..., None] / 255
    assert (result[..., 3] == 255).all()
    assert np.array_equal(result[..., :3], np.rint(cutout.rgb * share + np.array([10, 200, 255]) * (1 - share)))


def test_over_a_picture_the_result_is_mixed_to_the_nearest_value_too():
    rgb, alpha, behind = noise(30, 40, seed=2), noise(30, 40, 1), plain(noise(30, 40, seed=5))
    result = shown(rgb, alpha, Scene(Still(SHA)), stills={SHA: behind}.get).merged()
    share = alpha[..., None] / 255
    assert np.array_equal(result[..., :3], np.rint(rgb * share + behind.rgb * (1 - share)))


def test_a_picture_for_the_background_must_be_at_hand():
    with pytest.raises(BackdropMissing):
        shown(*block(), Scene(Still(SHA)))


EVERYTHING = Scene(Gradient("linear", WHITE, BLACK), Drop(), Contact(), Rim(), Tone(0.2))


@pytest.mark.parametrize(
    ("scene", "names"),
    [
        (EVERYTHING, ["backdrop", "contact", "drop", "rim", "subject"]),
        (Scene(), ["subject"]),
        (Scene(rim=Rim(0), drop=Drop(opacity=0), contact=Contact(opacity=0)), ["subject"]),
        (Scene(Original(), tone=Tone(0.1)), ["backdrop", "subject"]),
        (Scene(Original(0.5)), ["backdrop", "subject"]),
        (Scene(Original()), ["original"]),
    ],
)
def test_layers_lie_from_back_to_front_and_only_those_that_show(scene, names):
    assert [layer.name for layer in shown(*block(), scene).layers] == names


def test_what_is_in_front_hides_what_is_behind():
    rim, dark, behind = Colour(0, 0, 250), Colour(1, 2, 3), Colour(250, 250, 0)
    scene = Scene(behind, Drop(0.2, 0, 0, 1, dark), None, Rim(0.1, rim))
    made = shown(*block(), scene).merged()[50, :, :3]
    assert (made[60:140] == (200, 0, 0)).all()
    assert (made[52:60] == rim.rgb).all() and (made[140:148] == rim.rgb).all()
    assert (made[153:167] == dark.rgb).all(), "a rim throws a shadow too"
    assert (made[:48] == behind.rgb).all() and (made[172:] == behind.rgb).all()


def test_a_contact_shadow_lies_under_a_drop_shadow():
    scene = Scene(None, Drop(0, 0, 0, 1, Colour(0, 0, 255)), Contact(1, 1, Colour(0, 255, 0)))
    made = shown(*block(), scene)
    assert [layer.pixels for layer in made.layers[:2]] == [Colour(0, 255, 0), Colour(0, 0, 255)]
    assert (made.merged()[20:80, 60:140] == (200, 0, 0, 255)).all()
    below = made.merged()[82, 100]
    assert below[1] == 255 and below[3] > 100


@pytest.mark.parametrize("opacity", [0.3, 1])
def test_over_nothing_layers_are_laid_over_each_other_as_porter_and_duff_say(opacity):
    rgb, alpha = noise(80, 60, seed=4), noise(80, 60, 1, seed=7)
    made = shown(rgb, alpha, Scene(drop=Drop(0.1, 0.05, 0, opacity, Colour(0, 0, 90))))
    dark = np.zeros((60, 80))
    dark[3:, 6:] = np.rint(alpha[:-3, :-6] * opacity)
    front, back = alpha / 255, dark / 255
    whole = front + back * (1 - front)
    merged = made.merged()
    assert np.abs(merged[..., 3] - whole * 255).max() <= 1
    colours = rgb * front[..., None] + np.array([0, 0, 90]) * (back * (1 - front))[..., None]
    seen = whole > 0.1
    assert np.abs(merged[seen][:, :3] - colours[seen] / whole[seen][:, None]).max() <= 3
    assert np.array_equal(made.cover, alpha)


@pytest.mark.parametrize("frame", [Frame(), Frame("subject"), Frame(turn=90), Frame(x=0.1), Frame(flip=True)])
def test_an_original_that_nothing_is_done_to_shows_the_very_pixels_of_the_picture(frame):
    rgb, (_, alpha) = noise(200, 100), block()
    corners = np.array([[60, 20], [140, 20], [60, 80], [140, 80]], np.float64)
    placement = placed(frame, (200, 100), corners, None)
    made = shown(rgb, alpha, Scene(Original()), placement)
    rgba = plain(rgb).rgba
    wanted = {
        Frame("subject"): rgba[20:80, 60:140],
        Frame(turn=90): np.rot90(rgba, -1),
        Frame(x=0.1): np.pad(rgba, ((0, 0), (20, 0), (0, 0)))[:, :200],
        Frame(flip=True): rgba[:, ::-1],
    }.get(frame, rgba)
    assert made.cover is None
    assert (made.width, made.height) == wanted.shape[1::-1]
    assert np.array_equal(made.merged(), wanted)


@pytest.mark.parametrize("frame", [Frame(), Frame("subject", margin=0.1), Frame(turn=10, zoom=0.7)])
def test_beside_an_original_that_nothing_is_done_to_the_subject_is_at_hand_where_it_is_asked_for(frame):
    rgb, (_, alpha) = noise(200, 100), block()
    picture, corners = plain(rgb), np.array([[60, 20], [140, 20], [60, 80], [140, 80]], np.float64)
    cutout, placement = cut(picture, alpha), placed(frame, (200, 100), corners)
    bare, covered, layered = (
        composed(cutout, picture, Scene(Original()), placement, beside=beside) for beside in (None, "cover", "layer")
    )
    subject = laid(cutout.rgba, placement)
    assert bare.cover is None
    assert np.array_equal(covered.cover, subject[..., 3]) and np.array_equal(layered.cover, covered.cover)
    assert [len(each.layers) for each in (bare, covered, layered)] == [1, 1, 2]
    original, hidden = layered.layers
    assert (original.name, original.visible, hidden.name, hidden.visible) == ("original", True, "subject", False)
    assert np.array_equal(hidden.pixels, subject)
    for each in (covered, layered):
        assert np.array_equal(each.merged(), bare.merged())


@pytest.mark.parametrize("beside", [None, "cover", "layer"])
def test_where_the_subject_is_shown_nothing_more_is_beside_it(beside):
    rgb, alpha = block()
    picture = plain(rgb)
    made = composed(cut(picture, alpha), picture, Scene(WHITE), beside=beside)
    assert [layer.name for layer in made.layers] == ["backdrop", "subject"]
    assert np.array_equal(made.cover, alpha) and all(layer.visible for layer in made.layers)


def test_a_frame_moves_everything_and_shadows_are_told_from_its_canvas():
    corners = np.array([[60, 20], [140, 80]], np.float64)
    placement = placed(Frame("subject", margin=0.25), (200, 100), corners, None)
    made = shown(*block(), Scene(WHITE, Drop(0.1, 0.1, 0, 1)), placement)
    assert (made.width, made.height) == (160, 120)
    merged = made.merged()[..., :3]
    assert (merged[30:90, 40:120] == (200, 0, 0)).all()
    assert (merged[90:102, 52:132] == 0).all() and (merged[102:] == 255).all() and (merged[:30] == 255).all()
    assert np.array_equal(made.cover == 255, np.pad(np.ones((60, 80), bool), ((30, 30), (40, 40))))


def test_only_the_subject_has_the_tone():
    rgb, alpha = block()
    made = shown(rgb, alpha, Scene(Colour(40, 90, 140), tone=Tone(0.5, -0.2, -1))).merged()
    wanted = toned(np.array([[[200, 0, 0, 255]]], np.uint8), Tone(0.5, -0.2, -1))[0, 0]
    assert (made[alpha == 255] == wanted).all() and (made[alpha == 0] == (40, 90, 140, 255)).all()


@pytest.mark.parametrize("scene", [EVERYTHING, Scene(drop=Drop(blur=0.1), rim=Rim(0.02, Colour(9, 99, 199)))])
def test_bands_leave_no_seam(scene, monkeypatch):
    made = shown(*block(), scene)
    whole = made.merged()
    monkeypatch.setattr("offcut.compose.BAND", 7)
    assert np.array_equal(made.merged(), whole)


def test_a_layer_of_one_colour_is_drawn_with_that_colour_wherever_it_is_seen():
    cover = noise(6, 5, 1)
    assert np.array_equal(Layer("rim", Colour(1, 2, 3), cover).drawn((5, 6))[..., 3], cover)
    assert (Layer("rim", Colour(1, 2, 3), cover).drawn((5, 6))[..., :3] == (1, 2, 3)).all()
    assert (Layer("backdrop", Colour(1, 2, 3)).drawn((5, 6)) == (1, 2, 3, 255)).all()
    pixels = noise(6, 5, 4)
    assert Layer("subject", pixels).drawn((5, 6)) is pixels
    alone = Composition(6, 5, (Layer("backdrop", Colour(1, 2, 3)),), None).merged()
    assert alone.shape == (5, 6, 4) and (alone == (1, 2, 3, 255)).all()


def test_the_cutout_and_the_picture_are_left_as_they_were():
    rgb, alpha = block()
    picture = plain(rgb)
    cutout = cut(picture, alpha)
    before = picture.rgba.copy(), cutout.rgba.copy()
    composed(cutout, picture, Scene(Original(0.5, 0.5), Drop(), Contact(), Rim(), Tone(1, 1, 1))).merged()
    assert np.array_equal(picture.rgba, before[0]) and np.array_equal(cutout.rgba, before[1])
