# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain
from PIL import Image, ImageDraw

from offcut.head import found

WALL, SKIN, SHADE, HAIR, DARK, LIPS, SHIRT = (
    (150, 160, 170),
    (224, 178, 152),
    (178, 132, 108),
    (62, 44, 36),
    (40, 30, 28),
    (176, 74, 78),
    (70, 90, 150),
)


def person(size=(600, 800), middle=300, crown=120, chin=400, face=True, hair="short", skin=SKIN, shade=SHADE):
    """A drawn person: the matte and the picture. The head is an ellipse from `crown` to `chin`."""
    height = chin - crown
    rgb, alpha = Image.new("RGB", size, WALL), Image.new("L", size)

    def draw(shape, box, colour):
        left, top, right, bottom = (at * height for at in box)
        corners = (middle + left, crown + top, middle + right, crown + bottom)
        getattr(ImageDraw.Draw(rgb), shape)(corners, fill=colour)
        getattr(ImageDraw.Draw(alpha), shape)(corners, fill=255)

    if hair == "long":
        draw("ellipse", (-0.46, 0, 0.46, 1.1), HAIR)
        draw("rectangle", (-0.46, 0.5, 0.46, 1.5), HAIR)
    draw("ellipse", (-0.95, 1.2, 0.95, 2.6), SHIRT)
    draw("rectangle", (-0.95, 1.9, 0.95, 9), SHIRT)
    draw("rectangle", (-0.2, 0.7, 0.2, 1.3), shade)
    draw("ellipse", (-0.38, 0, 0.38, 1), skin)
    if hair:
        draw("ellipse", (-0.38, 0, 0.38, 0.62), HAIR)
        draw("ellipse", (-0.31, 0.2, 0.31, 0.98), skin)
    if face:
        for side in (-0.14, 0.14):
            draw("ellipse", (side - 0.065, 0.5, side + 0.065, 0.545), DARK)
            draw("rectangle", (side - 0.08, 0.45, side + 0.08, 0.465), DARK)
        draw("ellipse", (-0.06, 0.66, 0.06, 0.69), shade)
        draw("ellipse", (-0.1, 0.78, 0.1, 0.83), LIPS)
    return np.array(alpha), plain(np.array(rgb))


def misses(head, crown, chin, middle):
    """By what share of the head's height it is too high or low, and too far aside."""
    height = chin - crown
    return abs((head.chin - head.crown) / height - 1), abs(head.crown - crown) / height, abs(head.x - middle) / height


@pytest.mark.parametrize("hair", [None, "short", "long"])
@pytest.mark.parametrize(
    ("size", "middle", "crown", "chin"),
    [
        ((600, 800), 300, 120, 400),
        ((600, 800), 190, 60, 300),
        ((900, 600), 700, 90, 350),
        ((400, 1200), 200, 100, 220),
        ((1600, 2000), 800, 300, 1100),
    ],
)
def test_the_head_of_a_drawn_person_is_found_wherever_and_however_large(size, middle, crown, chin, hair):
    head = found(*person(size, middle, crown, chin, hair=hair))
    assert head is not None
    assert max(misses(head, crown, chin, middle)) < 0.045


def test_a_person_with_dark_skin_is_found_as_well():
    head = found(*person(skin=(110, 72, 52), shade=(76, 48, 36)))
    assert head is not None
    assert max(misses(head, 120, 400, 300)) < 0.045


def test_a_picture_without_colour_is_as_good():
    alpha, picture = person()
    grey = np.asarray(Image.fromarray(picture.rgb).convert("L").convert("RGB"))
    head = found(alpha, plain(grey))
    assert head is not None
    assert max(misses(head, 120, 400, 300)) < 0.045


def test_without_a_face_head_neck_and_shoulders_are_enough():
    head = found(*person(face=False, hair=None))
    assert head is not None
    assert max(misses(head, 120, 400, 300)) < 0.1


def test_a_strand_that_stands_off_is_no_crown():
    alpha, picture = person()
    alpha[60:140, 298:301] = 255
    head = found(alpha, picture)
    assert head is not None
    assert misses(head, 120, 400, 300)[1] < 0.03


def test_a_soft_edge_puts_the_crown_where_half_is_seen():
    alpha, picture = person()
    head = found(np.asarray(Image.fromarray(alpha).resize((75, 100)).resize((600, 800))), picture)
    assert head is not None
    assert misses(head, 120, 400, 300)[1] < 0.03


def test_a_head_that_the_upper_border_cuts_off_begins_at_it():
    alpha, picture = person(crown=-50, chin=260)
    head = found(alpha, picture)
    assert head is not None
    assert head.crown == pytest.approx(0, abs=4)
    assert abs(head.chin - 260) < 0.06 * 310


@pytest.mark.parametrize(("crown", "cut"), [(-90, True), (-20, True), (20, False), (120, False)])
def test_that_the_upper_border_cuts_a_head_off_is_told(crown, cut):
    head = found(*person(crown=crown, chin=crown + 300))
    assert head is not None
    assert head.cut == cut


def test_a_strand_that_reaches_the_upper_border_cuts_nothing_off():
    alpha, picture = person()
    alpha[:140, 298:301] = 255
    head = found(alpha, picture)
    assert head is not None
    assert not head.cut


def test_mirrored_the_head_is_found_on_the_other_side():
    alpha, picture = person(middle=200)
    head, mirrored = found(alpha, picture), found(alpha[:, ::-1], plain(picture.rgb[:, ::-1].copy()))
    assert head is not None and mirrored is not None
    assert mirrored.x == pytest.approx(600 - head.x, abs=0.03 * 280)
    assert mirrored.chin == pytest.approx(head.chin, abs=0.03 * 280)


def cup():
    rgb, alpha = Image.new("RGB", (600, 600), WALL), Image.new("L", (600, 600))
    for image, colour in ((rgb, (236, 238, 240)), (alpha, 255)):
        pen = ImageDraw.Draw(image)
        pen.polygon([(180, 180), (420, 180), (390, 470), (210, 470)], fill=colour)
        pen.ellipse((180, 150, 420, 210), fill=colour)
        pen.arc((370, 220, 500, 380), -90, 90, fill=colour, width=26)
    return np.array(alpha), plain(np.array(rgb))


def test_a_cup_is_nobody():
    assert found(*cup()) is None


@pytest.mark.parametrize("colour", [SKIN, (250, 250, 250), (20, 20, 20)])
def test_a_disc_is_nobody(colour):
    rgb, alpha = Image.new("RGB", (500, 500), WALL), Image.new("L", (500, 500))
    ImageDraw.Draw(rgb).ellipse((100, 100, 400, 400), fill=colour)
    ImageDraw.Draw(alpha).ellipse((100, 100, 400, 400), fill=255)
    assert found(np.array(alpha), plain(np.array(rgb))) is None


@pytest.mark.parametrize("value", [0, 127, 255])
@pytest.mark.parametrize("size", [(600, 800), (1, 1), (3, 500), (500, 3), (16, 16)])
def test_neither_nothing_nor_the_whole_frame_is_somebody(value, size):
    rgb = np.asarray(person()[1].rgb)[: size[1], : size[0]]
    rgb = np.asarray(Image.fromarray(rgb).resize(size))
    assert found(np.full(size[::-1], value, np.uint8), plain(rgb)) is None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("size", [(2, 2), (3, 500), (500, 3), (9, 9), (40, 30), (90, 200)])
def test_whatever_the_matte_is_the_answer_lies_in_the_picture_or_is_none(size, seed):
    width, height = size
    rough = noise(max(1, width // 8), max(1, height // 8), 1, seed)
    alpha = np.asarray(Image.fromarray(rough).resize(size, Image.Resampling.BILINEAR))
    head = found(alpha, plain(noise(width, height, seed=seed)))
    assert head is None or (0 <= head.crown < head.chin <= height and 0 <= head.x <= width)


@pytest.mark.parametrize("crown", [30, 120])
def test_a_thin_frame_that_the_net_left_hides_no_head(crown):
    alpha, picture = person(crown=crown, chin=crown + 280)
    alpha[:3] = alpha[-3:] = 255
    alpha[:, :3] = alpha[:, -3:] = 255
    head = found(alpha, picture)
    assert head is not None
    assert max(misses(head, crown, crown + 280, 300)) < 0.045
    assert not head.cut


def test_where_the_subject_touches_all_borders_the_head_begins_at_the_upper_one():
    alpha, picture = person()
    alpha[:60] = alpha[-60:] = 255
    alpha[:, :60] = alpha[:, -60:] = 255
    alpha[:200, 240:360] = 255
    head = found(alpha, picture)
    assert head is not None
    assert head.crown == pytest.approx(0, abs=4)
    assert abs(head.chin - 400) < 0.06 * 280
