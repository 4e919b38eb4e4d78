# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finished pictures, as rules are checked against: products, portraits, and walls behind them."""

import dataclasses

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from offcut.check import Made
from offcut.documents import document
from offcut.listing import of_marketplace
from offcut.marketplaces import marketplace
from offcut.portrait import of_document


def product(size=(2000, 2000), box=(100, 100, 1900, 1900), **changes):
    """A grey box on pure white, as a finished JPEG."""
    width, height = size
    cover = np.zeros((height, width), np.uint8)
    left, top, right, bottom = box
    cover[max(top, 0) : bottom, max(left, 0) : right] = 255
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[cover > 0, :3] = 90
    return dataclasses.replace(Made(rgba, box, cover, None, 1.0, "jpeg", 200_000, True, None), **changes)


def face(size, crown, chin, across):
    """A drawn head on clear ground, with eyes, mouth and freckles: an image, and its alpha."""
    head = chin - crown
    image = Image.new("RGB", size, (225, 225, 225))
    cover = Image.new("L", size)
    left, right = across - 0.36 * head, across + 0.36 * head
    ImageDraw.Draw(cover).ellipse((left, crown, right, chin), fill=255)
    ImageDraw.Draw(cover).ellipse((across - head, chin - 0.05 * head, across + head, chin + 2 * head), fill=255)
    image.paste((205, 160, 135), mask=cover)
    draw = ImageDraw.Draw(image)
    draw.chord((left, crown, right, chin), 180, 360, fill=(45, 35, 30))
    freckles = np.random.default_rng(1).uniform(-1, 1, (60, 2))
    for x, y in freckles * (0.25 * head, 0.2 * head) + (across, crown + 0.75 * head):
        draw.ellipse((x - 0.01 * head, y - 0.01 * head, x + 0.01 * head, y + 0.01 * head), fill=(120, 80, 60))
    for side in (-1, 1):
        x, y = across + side * 0.15 * head, crown + 0.53 * head
        draw.ellipse((x - 0.06 * head, y - 0.03 * head, x + 0.06 * head, y + 0.03 * head), fill=(250, 250, 250))
        draw.ellipse((x - 0.025 * head, y - 0.025 * head, x + 0.025 * head, y + 0.025 * head), fill=(30, 20, 15))
    draw.line((across - 0.1 * head, crown + 0.83 * head, across + 0.1 * head, crown + 0.83 * head), (130, 40, 40), 4)
    return image, cover


def photo(id="germany", dpi=300, across=0.5, head=None, top=None, ground=None, blur=0.0, **changes):
    """A finished photo that keeps the rules of the document `id`, but for what is changed."""
    rules = document(id)
    width, height = rules.size_px(dpi)
    crown = (rules.top_share if top is None else top) * height
    chin = crown + (rules.head_share if head is None else head) * height
    image, cover = face((width, height), crown, chin, across * width)
    if ground is None:
        ground = np.array(
            (rules.backgrounds[0].colour if rules.backgrounds else document("uk").backgrounds[1].colour).rgb
        )
    shown = np.where(np.asarray(cover)[..., None] > 0, np.asarray(image), ground).astype(np.uint8)
    image = Image.fromarray(shown).filter(ImageFilter.GaussianBlur(blur * (chin - crown)))
    rgba = np.array(image.convert("RGBA"))
    cover = np.asarray(Image.fromarray(np.asarray(cover)).filter(ImageFilter.GaussianBlur(2 * blur * (chin - crown))))
    made = Made(rgba, None, cover, (crown, chin, across * width), 1.0, "jpeg", None, False, (float(dpi),) * 2)
    return dataclasses.replace(made, **changes)


def listing(id, made, check):
    found = [each for each in of_marketplace(marketplace(id), made) if each.id == check]
    return found[0] if found else None


def checked(id, made, check):
    found = [each for each in of_document(document(id), made) if each.id == check]
    return found[0] if found else None
