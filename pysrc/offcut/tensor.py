# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between pictures and nets: what goes in, and what comes out."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.catalogue import Contract, Model
from offcut.errors import MatteNotFinite, ModelContract
from offcut.matte import Matte
from offcut.picture import Picture

GREY = 128
"""What a picture with alpha is laid over before the net sees it: the middle, which is no one's colour."""

FLAT = 0.05
"""A min-max net's answer that spans less than this holds no subject, and is not stretched into one."""


def pack(picture: Picture, contract: Contract, side: int) -> NDArray[np.float32]:
    """The picture as the net wants it at `side`: float32 [1,3,height,width], RGB, (x - mean) / std.

    Resized with an antialiased bilinear (triangle) filter, on 8 bits by Pillow, after averaging whole blocks of a
    large picture: twice as fast, and the input differs by half a level of 256. Only the small result is ever turned
    into floats.
    """
    # "RGBX" shares the picture's memory, and is resized without the premultiplication that "RGBA" gets
    image = Image.frombuffer("RGBX", picture.size, picture.rgba, "raw", "RGBX", 0, 1)
    if not picture.opaque:
        base = Image.new("RGBX", image.size, (GREY, GREY, GREY, 255))
        base.paste(image, mask=Image.fromarray(picture.rgba))
        image = base
    size = contract.input_size(*picture.size, side)
    small = np.asarray(image.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0))[..., :3]
    tensor = np.empty((1, 3, size[1], size[0]), np.float32)
    tensor[0] = small.transpose(2, 0, 1)
    if contract.scale == "brightest":
        tensor *= np.float32(255 / max(int(small.max()), 1))
    tensor -= np.asarray(contract.mean, np.float32).reshape(1, 3, 1, 1)
    tensor /= np.asarray(contract.std, np.float32).reshape(1, 3, 1, 1)
    return tensor


def unpack(output: NDArray[np.float32], model: Model, tensor: NDArray[np.float32]) -> Matte:
    """The net's answer to `tensor` as a matte, float32 [height,width] in 0..1, of the tensor's size.

    `output` is float [1,1,H,W], [1,H,W] or [H,W]. The contract's activation is applied: "none" clips; "sigmoid"
    is 1 / (1 + exp(-x)); "minmax" stretches min..max to 0..1 (as U2-Net's authors do), except that an answer
    which spans less than `FLAT` is only clipped: stretching it would invent a subject out of noise.

    Raises ModelContract for another shape and MatteNotFinite for NaN or infinity.
    """
    expected = tensor.shape[2:]
    if output.shape[-2:] != expected or any(size != 1 for size in output.shape[:-2]):
        raise ModelContract(
            model=model.id, expected=str([1, 1, *expected]), got=str([int(size) for size in output.shape])
        )
    plane = output.reshape(expected).astype(np.float32)  # a copy: the caller keeps its array
    low, high = float(plane.min()), float(plane.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise MatteNotFinite()
    match model.contract.activation:
        case "sigmoid":
            np.clip(plane, -30, 30, out=plane)  # exp must not overflow; beyond that nothing changes in float32
            plane[...] = 1 / (1 + np.exp(-plane))
        case "minmax" if high - low >= FLAT:
            plane -= np.float32(low)
            plane /= np.float32(high - low)
        case _:
            pass
    return Matte(np.clip(plane, 0, 1))
