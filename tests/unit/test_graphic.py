# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, opened, plain, saved
from PIL import Image, ImageDraw

from offcut.graphic import Ground, drawn, ground, recognised

FINE = 8
"""Graphics are drawn this many times larger, so that their true alpha is known."""


def made(draw, ground=(250, 244, 230), size=(240, 180)):
    """A graphic and its true alpha: `draw(pen, scale)` draws inks on transparent."""
    large = Image.new("RGBA", (size[0] * FINE, size[1] * FINE))
    draw(ImageDraw.Draw(large), FINE)
    layers = np.asarray(large, np.float64)
    alpha = layers[..., 3:] / 255
    mixed = layers[..., :3] * alpha + np.array(ground) * (1 - alpha)
    small = [plane.reshape(size[1], FINE, size[0], FINE, -1).mean(axis=(1, 3)) for plane in (mixed, alpha)]
    return np.rint(small[0]).astype(np.uint8), small[1][..., 0]


def logo(pen, k):
    pen.ellipse((20 * k + 3, 20 * k, 110 * k, 110 * k + 5), fill=(200, 30, 40))
    pen.polygon([(130 * k, 20 * k), (215 * k + 3, 60 * k), (140 * k, 120 * k)], fill=(20, 60, 160))
    pen.rectangle((30 * k + 2, 130 * k + 3, 200 * k + 5, 160 * k), fill=(110, 112, 116))


def signature(pen, k):
    points = [(20 + 2 * x, 90 + 50 * np.sin(x / 7) * np.cos(x / 23)) for x in range(100)]
    pen.line([(x * k, y * k) for x, y in points], fill=(24, 28, 110), width=round(1.4 * k), joint="curve")


def ring(pen, k):
    pen.ellipse((60 * k, 30 * k, 180 * k, 150 * k), fill=(0, 0, 0))
    pen.ellipse((90 * k, 60 * k, 150 * k, 120 * k), fill=(0, 0, 0, 0))


BLACK = (ring, (0, 0, 0))  # on black it would be nothing
PAPERS = [(250, 244, 230), (255, 255, 255), (0, 0, 0), (30, 180, 90)]


@pytest.mark.parametrize(
    ("draw", "paper"), [(draw, paper) for draw in (logo, signature, ring) for paper in PAPERS if (draw, paper) != BLACK]
)
def test_alpha_is_exact_and_the_ground_is_gone_from_soft_edges(draw, paper):
    rgb, alpha = made(draw, paper)
    picture = plain(rgb)
    on = recognised(picture)
    assert on == Ground(paper, 0)
    found = drawn(picture, on)
    soft = (alpha > 0) & (alpha < 1)
    assert np.abs(found[..., 3] / 255 - alpha)[soft].mean() * 255 < 1.5
    assert (found[alpha == 0] == 0).all() and (found[..., 3][alpha == 1] == 255).mean() > 0.99
    # laid over its own ground again it is the picture
    share = found[..., 3:] / 255
    again = found[..., :3] * share + np.array(paper) * (1 - share)
    assert np.abs(again - rgb).max() <= 2


def test_unmixed_colours_are_the_inks():
    rgb, alpha = made(ring, (255, 255, 255))
    found = drawn(plain(rgb), Ground((255, 255, 255), 0))
    seen = (alpha > 0.1) & (alpha < 1)
    assert found[seen][:, :3].max() <= 10


def test_what_is_enclosed_is_open_or_kept_as_wanted():
    rgb, _ = made(ring, (255, 255, 255))
    on = Ground((255, 255, 255), 0)
    assert drawn(plain(rgb), on)[90, 120, 3] == 0
    kept = drawn(plain(rgb), on, "kept")
    assert tuple(kept[90, 120]) == (255, 255, 255, 255) and kept[5, 5, 3] == 0


def test_tiles_leave_no_seam(monkeypatch):
    picture = plain(made(logo)[0])
    whole = drawn(picture, ground(picture))
    for tile in (7, 32, 1000):
        monkeypatch.setattr("offcut.graphic.TILE", tile)
        assert np.array_equal(drawn(picture, ground(picture)), whole)


def jpeg(rgb, quality, **options):
    return plain(np.asarray(opened(saved(Image.fromarray(rgb), "JPEG", quality=quality, **options)).convert("RGB")))


@pytest.mark.parametrize("quality", [92, 95, 98])
def test_a_graphic_saved_as_jpeg_is_recognised(quality):
    assert recognised(jpeg(made(logo)[0], quality, subsampling=0)) is not None


@pytest.mark.parametrize("pale", [2, 6, 10])
def test_a_pale_panel_is_not_noise(pale):
    rgb, _ = made(logo, (255, 255, 255))
    rgb[30:90, 90:150] = np.minimum(rgb[30:90, 90:150], 255 - pale)
    assert ground(plain(rgb)) == Ground((255, 255, 255), 0)
    assert (drawn(plain(rgb), ground(plain(rgb)))[60:80, 115:125, 3] > 0).all()


@pytest.mark.parametrize("quality", [60, 75, 85, 95])
def test_the_rings_that_jpeg_draws_around_shapes_go_with_the_ground(quality):
    rgb, alpha = made(logo)
    picture = jpeg(rgb, quality)
    found = drawn(picture, ground(picture))[..., 3]
    assert np.abs(found / 255 - alpha).mean() < 0.015
    assert (found > 127)[alpha > 0.9].mean() > 0.99 and (found == 0)[alpha == 0].mean() > 0.97


def test_the_pictures_own_alpha_is_kept():
    rgb, _ = made(ring, (255, 255, 255))
    own = np.full(rgb.shape[:2], 255, np.uint8)
    own[:, 120:] = 100
    found = drawn(plain(rgb, own), Ground((255, 255, 255), 0))
    assert found[40, 100, 3] == 255 and found[40, 130, 3] == 100


def test_photographs_are_no_graphics_even_before_a_flat_ground():
    wall = np.full((180, 240, 3), 250, np.uint8)
    wall[40:140, 60:180] = noise(120, 100)
    assert recognised(plain(wall)) is None
    assert recognised(plain(noise(240, 180))) is None
    ramp = np.linspace(0, 255, 240).astype(np.uint8)
    shaded = np.full((180, 240, 3), 250, np.uint8)
    shaded[40:140] = np.dstack([ramp, ramp[::-1], np.roll(ramp, 80)])
    shaded[:, :4] = shaded[:, -4:] = 250
    assert recognised(plain(shaded)) is None


def test_an_empty_page_a_dot_and_a_transparent_picture_are_no_graphics():
    page = np.full((180, 240, 3), 255, np.uint8)
    assert recognised(plain(page)) is None
    page[90, 120] = 0
    assert recognised(plain(page)) is None
    rgb, _ = made(ring)
    assert recognised(plain(rgb, np.zeros(rgb.shape[:2], np.uint8))) is None
    assert recognised(plain(rgb[:1, :1])) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 2), (5, 300)])
def test_any_size_is_cut(size):
    picture = plain(noise(*size))
    assert drawn(picture, ground(picture)).shape == (*size[::-1], 4)
