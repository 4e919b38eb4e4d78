# SPDX-License-Identifier: AGPL-3.0-or-later
import math

import numpy as np
import pytest
from helpers import model, noise, plain
from PIL import Image

from offcut.errors import MatteNotFinite, ModelContract
from offcut.matte import Matte, nothing_found, uncertainty
from offcut.tensor import pack, unpack
from offcut.upsample import upsample

TENSOR = np.zeros((1, 3, 8, 8), np.float32)


def output(values):
    return np.asarray(values, np.float32).reshape(1, 1, 8, 8)


def packed(picture, side=8, **changes):
    return pack(picture, model(**changes).contract, side)


def answered(values, **changes):
    return unpack(values, model(**changes), TENSOR)


def test_a_picture_of_the_nets_size_is_only_normalised():
    rgb = noise(8, 8)
    tensor = packed(plain(rgb), mean=[1, 2, 3], std=[4, 5, 6])
    assert tensor.shape == (1, 3, 8, 8) and tensor.dtype == np.float32
    expected = (rgb.astype(np.float32) - [1, 2, 3]) / [4, 5, 6]
    assert np.allclose(tensor[0], expected.transpose(2, 0, 1), atol=1e-6)


def test_a_picture_is_stretched_and_averaged_to_the_nets_size():
    rgb = np.zeros((60, 80, 3), np.uint8)
    rgb[:, 40:] = 200
    tensor = packed(plain(rgb), mean=[0, 0, 0], std=[1, 1, 1])
    assert (tensor[0, :, :, :3] == 0).all() and (tensor[0, :, :, 5:] == 200).all()
    stripes = np.zeros((60, 80, 3), np.uint8)
    stripes[:, ::2] = 255  # finer than the net can see: without antialiasing this would be all or nothing
    seen = packed(plain(stripes), mean=[0, 0, 0], std=[1, 1, 1])
    assert np.abs(seen - 127.5).max() < 8


def test_a_net_of_several_sides_gets_the_one_asked_for():
    assert packed(plain(noise(80, 60)), 16).shape == (1, 3, 16, 16)


def test_a_net_that_keeps_shapes_gets_the_pictures_own():
    assert packed(plain(noise(80, 60)), resize="fit").shape == (1, 3, 8, 10)


def test_a_dark_picture_is_brightened_where_the_net_was_trained_so():
    dark = plain(np.full((8, 8, 3), 51, np.uint8))
    assert np.allclose(packed(dark, scale="brightest", mean=[0, 0, 0], std=[255, 255, 255]), 1)
    black = plain(np.zeros((8, 8, 3), np.uint8))
    assert (packed(black, scale="brightest", mean=[0, 0, 0], std=[1, 1, 1]) == 0).all()


def test_a_transparent_picture_is_laid_over_grey():
    alpha = np.zeros((8, 8), np.uint8)
    alpha[:, 4:] = 255
    tensor = packed(plain(np.full((8, 8, 3), 250, np.uint8), alpha), mean=[0, 0, 0], std=[1, 1, 1])
    assert (tensor[..., :4] == 128).all() and (tensor[..., 4:] == 250).all()


def test_without_activation_the_answer_is_clipped():
    matte = answered(output(np.linspace(-1, 2, 64)))
    assert matte.alpha.shape == (8, 8) and matte.alpha.dtype == np.float32
    assert np.allclose(matte.alpha.ravel(), np.clip(np.linspace(-1, 2, 64), 0, 1), atol=1e-6)


@pytest.mark.parametrize("shape", [(8, 8), (1, 8, 8), (1, 1, 8, 8)])
def test_leading_dimensions_of_one_are_welcome(shape):
    assert answered(np.ones(shape, np.float32)).alpha.shape == (8, 8)


def test_the_engines_array_is_left_as_it_was():
    answer = output(np.linspace(0, 5, 64))
    before = answer.copy()
    answered(answer, activation="minmax")
    assert np.array_equal(answer, before)


def test_minmax_stretches_to_the_full_range():
    matte = answered(output(np.linspace(0.2, 0.7, 64)), activation="minmax")
    assert np.allclose(matte.alpha.ravel(), np.linspace(0, 1, 64), atol=1e-5)


@pytest.mark.parametrize("level", [0.0, 0.01, 0.4])
def test_minmax_invents_no_subject_in_a_flat_answer(level):
    noisy = level + np.random.default_rng(0).random(64) * 0.01
    matte = answered(output(noisy), activation="minmax")
    assert matte.alpha.max() <= level + 0.011
    assert nothing_found(matte)


def test_sigmoid_is_the_logistic_function_without_overflow(recwarn):
    values = np.zeros(64)
    values[:4] = [-1000, 1000, 1, -1]
    alpha = answered(output(values), activation="sigmoid").alpha.ravel()
    assert np.allclose(alpha[:5], [0, 1, 0.7310586, 0.2689414, 0.5], atol=1e-6)
    assert not recwarn


@pytest.mark.parametrize("shape", [(8, 6), (1, 2, 8, 8), (2, 8, 8), (64,), (1, 1, 16, 16)])
def test_another_shape_breaks_the_contract(shape):
    with pytest.raises(ModelContract) as caught:
        answered(np.zeros(shape, np.float32))
    assert caught.value.details == {"model": "tiny", "expected": "[1, 1, 8, 8]", "got": str(list(shape))}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("activation", ["none", "minmax", "sigmoid"])
def test_an_answer_that_is_not_finite_is_refused(value, activation):
    values = np.zeros(64)
    values[7] = value
    with pytest.raises(MatteNotFinite):
        answered(output(values), activation=activation)


def test_a_speck_is_nothing_and_a_small_subject_is_something():
    alpha = np.zeros((1000, 1000), np.float32)
    alpha[:22, :22] = 1
    assert nothing_found(Matte(alpha))
    alpha[:23, :23] = 1
    assert not nothing_found(Matte(alpha))


def test_a_clean_cut_is_certain_and_a_grey_one_is_not():
    alpha = np.zeros((100, 100), np.float32)
    alpha[:50] = 1
    assert uncertainty(Matte(alpha)) == 0
    alpha[50:60] = 0.4
    assert math.isclose(uncertainty(Matte(alpha)), 10 * 100 * 0.4 / 5000, rel_tol=1e-6)


def test_a_matte_without_a_subject_has_decided_nothing():
    assert uncertainty(Matte(np.zeros((100, 100), np.float32))) == math.inf


def test_a_matte_of_the_pictures_size_is_only_rounded():
    alpha = np.random.default_rng(0).random((6, 8), np.float32)
    assert np.array_equal(upsample(Matte(alpha), 8, 6), np.rint(alpha * 255))


def test_a_flat_matte_stays_flat_at_any_size():
    for value in (0.0, 0.5, 1.0):
        grown = upsample(Matte(np.full((6, 8), value, np.float32)), 131, 77)
        assert grown.shape == (77, 131) and grown.dtype == np.uint8
        assert (grown == round(value * 255)).all()


def test_an_edge_grows_without_ringing_past_the_range_or_moving():
    alpha = np.zeros((8, 8), np.float32)
    alpha[:, 4:] = 1
    grown = upsample(Matte(alpha), 80, 80)
    assert (grown[:, :30] == 0).all() and (grown[:, 50:] == 255).all()
    assert np.abs(grown.astype(int) + grown[:, ::-1] - 255).max() <= 1  # symmetric about the middle


def test_a_tiny_picture_gets_the_average():
    alpha = np.zeros((64, 64), np.float32)
    alpha[:, 32:] = 1
    assert abs(int(upsample(Matte(alpha), 1, 1)[0, 0]) - 128) <= 1


def test_what_is_filled_in_is_what_the_whole_resize_gives():
    # Blobs with soft edges: tiles that are all subject, all background, and both.
    rows, columns = np.mgrid[0:96, 0:128]
    alpha = np.clip((30 - np.hypot(rows - 40, columns - 50)) / 6, 0, 1).astype(np.float32)
    coarse = Image.fromarray(np.rint(alpha * 255).astype(np.uint8))
    for width, height in [(2000, 1500), (901, 1203), (129, 96)]:
        whole = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)).astype(int)
        grown = upsample(Matte(alpha), width, height)
        assert grown.shape == (height, width)
        assert np.abs(grown - whole).max() <= 2  # the kernel's weights are rounded per tile
        assert (grown == whole).mean() > 0.99
