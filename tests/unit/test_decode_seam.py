# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the browser's decoder is asked, and what happens when it fails or lies."""

import io
import struct

import numpy as np
import pytest
from helpers import look, noise, opened, saved
from PIL import Image, ImageCms, features

from offcut import errors, header, icc

MARK = 77


class Browser:
    """A decoder that remembers what it was asked and paints everything in one colour."""

    def __init__(self, size=None, fail=False):
        self.asked = []
        self.size = size
        self.fail = fail

    async def __call__(self, data, mime):
        self.asked.append((data, mime))
        if self.fail:
            raise RuntimeError("no such codec")
        width, height = self.size or opened(data).size
        rgba = np.full((height, width, 4), MARK, np.uint8)
        rgba[..., 3] = 255
        return rgba


def pixels(width=24, height=16, channels=3):
    return Image.fromarray(noise(width, height, channels))


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def cmyk():
    return Image.frombytes("CMYK", (24, 16), noise(24, 16, 4).tobytes())


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (saved(pixels(), "JPEG"), "image/jpeg"),
        (saved(pixels(), "JPEG", progressive=True), "image/jpeg"),
        (saved(pixels(), "JPEG") + b"trailing bytes", "image/jpeg"),
        (saved(cmyk(), "JPEG"), "image/jpeg"),
        (saved(pixels(), "PNG"), "image/png"),
        (saved(pixels().quantize(16), "PNG"), "image/png"),
        (saved(pixels(), "WEBP"), "image/webp"),
    ],
)
def test_the_browser_decodes_whole_opaque_pictures(data, mime):
    browser = Browser()
    picture = look(data, decode=browser)
    assert browser.asked == [(data, mime)]
    assert (picture.rgb == MARK).all() and picture.rgba.flags.c_contiguous and picture.alpha is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_browser_decodes_jpegs_of_any_orientation(orientation):
    size = (16, 24) if orientation >= 5 else (24, 16)
    picture = look(saved(pixels(), "JPEG", exif=exif(orientation)), decode=Browser(size))
    assert picture.rgb.shape == (size[1], size[0], 3) and (picture.rgb == MARK).all()


@pytest.mark.parametrize(
    "data",
    [
        saved(pixels(channels=4), "PNG"),
        saved(pixels(channels=4), "WEBP"),
        saved(pixels(), "PNG", transparency=(1, 2, 3)),
        saved(pixels(), "PNG", exif=exif(3)),
        saved(pixels(), "WEBP", exif=exif(3)),
        saved(pixels(), "PNG", save_all=True, append_images=[pixels().rotate(180)]),
        saved(pixels(), "GIF"),
        saved(pixels(), "BMP"),
        saved(pixels(), "TIFF"),
    ],
    ids=["alpha-png", "alpha-webp", "key-png", "turned-png", "turned-webp", "apng", "gif", "bmp", "tiff"],
)
def test_whatever_a_browser_would_change_is_left_to_pillow(data):
    browser = Browser()
    look(data, decode=browser)
    assert browser.asked == []


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_file_never_reaches_the_browser(format):
    browser = Browser((24, 16))
    with pytest.raises(errors.PictureTruncated):
        look(saved(pixels(), format)[:-60], decode=browser)
    assert browser.asked == []


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_picture():
    thumbnail = saved(pixels(8, 8), "JPEG")
    whole = saved(pixels(64, 64), "JPEG")
    app = b"\xff\xe5" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    assert header.probe(whole[:2] + app + whole[2:]).complete
    assert header.probe(whole[:2] + app + whole[2:]).upright == (64, 64)
    assert not header.probe((whole[:2] + app + whole[2:])[:-200]).complete


@pytest.mark.parametrize("browser", [Browser(size=(16, 24)), Browser(size=(48, 32)), Browser(fail=True)])
def test_a_browser_that_fails_or_lies_about_the_size_is_not_believed(browser):
    image = pixels()
    picture = look(saved(image, "PNG"), decode=browser)
    assert len(browser.asked) == 1
    assert np.array_equal(picture.rgb, np.asarray(image))


def avif(brand=b"avif", width=24, height=16):
    """A container without pixels: all that is looked at before a decoder is asked."""

    def box(kind, body):
        return struct.pack(">I", len(body) + 8) + kind + body

    ispe = box(b"ispe", bytes(4) + struct.pack(">II", width, height))
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", ispe)))
    return box(b"ftyp", brand + bytes(4) + b"mif1" + brand) + meta + box(b"mdat", bytes(64))


@pytest.fixture
def no_avif(monkeypatch):
    monkeypatch.setattr(header, "PILLOW_READS_AVIF", False)


def test_avif_goes_to_the_browser_where_pillow_cannot(no_avif):
    picture = look(avif(), decode=Browser((16, 24)))
    assert picture.rgb.shape == (24, 16, 3) and picture.alpha is None


def test_avif_is_unsupported_where_nobody_can(no_avif):
    for decode in (None, Browser(fail=True)):
        with pytest.raises(errors.PictureFormatUnsupported) as caught:
            look(avif(), decode=decode)
        assert caught.value.details == {"format": "AVIF"}


def test_heic_is_read_where_the_browser_can():
    assert look(avif(b"heic"), decode=Browser((24, 16))).rgb.shape == (16, 24, 3)
    with pytest.raises(errors.PictureFormatUnsupported):
        look(avif(b"heic"))


def test_a_truncated_avif_says_so(no_avif):
    with pytest.raises(errors.PictureTruncated):
        look(avif()[:-10], decode=Browser((24, 16)))


def test_an_avif_bomb_is_refused_before_anyone_decodes(no_avif):
    browser = Browser((1, 1))
    with pytest.raises(errors.PictureTooLarge):
        look(avif(width=60000, height=60000), decode=browser)
    assert browser.asked == []


def profile(text=b"Wide", space=b"RGB "):
    """A matrix profile (ICC v2) with the primaries of Adobe RGB (1998), gamma 2.2."""

    def xyz(*values):
        return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + bytes(1 + 79),
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
        b"kTRC": curve,
    }
    table, body, offset = b"", b"", 132 + 12 * len(tags)
    for name, tag in tags.items():
        tag += bytes(-len(tag) % 4)
        table += name + struct.pack(">II", offset + len(body), len(tag))
        body += tag
    head = bytes(8) + struct.pack(">I", 0x02100000) + b"mntr" + space + b"XYZ " + bytes(12) + b"acsp" + bytes(28)
    head += struct.pack(">iii", round(0.9642 * 65536), 65536, round(0.8249 * 65536)) + bytes(48)
    data = bytes(4) + head[4:] + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(data)) + data[4:]


GREEN = Image.new("RGB", (4, 4), (100, 200, 50))


def test_the_description_of_a_profile_is_read():
    assert icc.description(profile(b"sRGB IEC61966-2.1")) == "sRGB IEC61966-2.1"
    assert icc.description(b"") == "" and icc.description(bytes(200)) == ""
    assert icc.is_srgb(profile(b"sRGB IEC61966-2.1")) and not icc.is_srgb(profile())


def test_a_profile_that_calls_itself_srgb_changes_nothing():
    picture = look(saved(GREEN, "PNG", icc_profile=profile(b"sRGB built-in")))
    assert picture.notes == () and (picture.rgb == (100, 200, 50)).all()


@pytest.mark.skipif(not features.check("littlecms2"), reason="this Pillow has no littlecms")
def test_littlecms_converts_to_srgb_and_leaves_alpha_alone():
    assert icc.is_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    alpha = noise(4, 4, 1)
    image = GREEN.copy()
    image.putalpha(Image.fromarray(alpha))
    picture = look(saved(image, "PNG", icc_profile=profile()))
    assert picture.notes == ("wide-gamut", "already-transparent")
    assert np.array_equal(picture.alpha, alpha)
    # Adobe RGB (100, 200, 50) lies outside sRGB in red and blue: known values from the matrices, clipped.
    assert np.abs(picture.rgb[0, 0].astype(int) - adobe_to_srgb((100, 200, 50))).max() <= 2


def adobe_to_srgb(rgb):
    to_xyz = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
    srgb = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.7141]])
    linear = np.clip(np.linalg.solve(srgb, to_xyz @ (np.array(rgb) / 255) ** 2.2), 0, 1)
    return np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear) * 255


@pytest.mark.skipif(not features.check("littlecms2"), reason="this Pillow has no littlecms")
def test_a_damaged_profile_is_noted_and_ignored():
    broken = profile()[:140] + bytes(60)
    picture = look(saved(GREEN, "PNG", icc_profile=broken))
    assert picture.notes == ("no-colour-conversion",) and (picture.rgb == (100, 200, 50)).all()


def test_a_profile_of_another_colour_space_is_noted_and_ignored():
    picture = look(saved(GREEN, "PNG", icc_profile=profile(space=b"CMYK")))
    assert picture.notes == ("no-colour-conversion",) and (picture.rgb == (100, 200, 50)).all()


@pytest.fixture
def no_littlecms(monkeypatch):
    monkeypatch.setattr(icc, "HAS_LITTLECMS", False)


def test_without_littlecms_the_browser_converts_and_pillow_keeps_the_alpha(no_littlecms):
    alpha = noise(4, 4, 1)
    image = GREEN.copy()
    image.putalpha(Image.fromarray(alpha))
    browser = Browser()
    picture = look(saved(image, "PNG", icc_profile=profile()), decode=browser)
    ((sent, mime),) = browser.asked
    assert mime == "image/png"
    carried = Image.open(io.BytesIO(sent))
    assert carried.mode == "RGB" and carried.info["icc_profile"] == profile()
    assert (np.asarray(carried) == (100, 200, 50)).all()
    assert (picture.rgb == MARK).all() and np.array_equal(picture.alpha, alpha)
    assert picture.notes == ("wide-gamut", "already-transparent")


def test_a_grey_profile_travels_on_a_grey_png(no_littlecms):
    browser = Browser()
    picture = look(saved(Image.new("L", (4, 4), 9), "TIFF", icc_profile=profile(space=b"GRAY")), decode=browser)
    assert opened(browser.asked[0][0]).mode == "L"
    assert picture.notes == ("wide-gamut",)


@pytest.mark.parametrize("decode", [None, Browser(fail=True), Browser(size=(1, 1))])
def test_without_anyone_to_convert_the_colours_stay_and_a_note_says_so(no_littlecms, decode):
    picture = look(saved(GREEN, "TIFF", icc_profile=profile()), decode=decode)
    assert picture.notes == ("no-colour-conversion",) and (picture.rgb == (100, 200, 50)).all()


def test_the_browser_converts_whole_jpegs_itself():
    picture = look(saved(pixels(), "JPEG", icc_profile=profile()), decode=Browser())
    assert picture.notes == ("wide-gamut",) and (picture.rgb == MARK).all()
