# SPDX-License-Identifier: AGPL-3.0-or-later
"""offcut.foreground beside the authors' own program, on photographs."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from offcut import foreground
from offcut.foreground import unmixed

EVALSET = Path(__file__).parents[3] / "shared" / "evalset"
MEASURED = sorted(EVALSET.glob("images/am_*"))


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    """PyMatting's estimate_foreground_ml, by itself: the whole package compiles for minutes as it is imported."""
    package = importlib.util.find_spec("pymatting")
    if package is None:
        pytest.skip("PyMatting is not installed.")
    path = Path(package.origin).parent / "foreground" / "estimate_foreground_ml.py"
    # What numba keeps of a module that was loaded this way it cannot load again: each run has a place of its own.
    os.environ["NUMBA_CACHE_DIR"] = str(tmp_path_factory.mktemp("numba"))
    spec = importlib.util.spec_from_file_location("estimate_foreground_ml", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda rgb, alpha, rounds: (
        module.estimate_foreground_ml(rgb / 255, alpha / 255, n_big_iterations=rounds).reshape(-1, 3) * 255
    )


def strands(height, width, count=160, seed=3):
    """Alpha of a disc from whose rim thin, soft hairs stand off: uint8 [height,width]."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    middle, radius = np.array([height, width]) / 2, min(height, width) * 0.3
    alpha = np.clip(radius - np.hypot(rows - middle[0], columns - middle[1]) + 0.5, 0, 1)
    for angle in random.uniform(0, 2 * np.pi, count):
        along = np.linspace(radius * 0.9, radius * random.uniform(1.1, 1.6), 240)
        turn = angle + random.uniform(-0.4, 0.4) * (along / radius - 1)
        at = middle[:, None] + along * np.array([np.sin(turn), np.cos(turn)])
        for down, across, fade in zip(*at, np.linspace(1, 0, 240), strict=True):
            top, left = int(down) - 2, int(across) - 2
            near = np.hypot(
                rows[top : top + 5, left : left + 5] - down, columns[top : top + 5, left : left + 5] - across
            )
            seen = alpha[top : top + 5, left : left + 5]
            np.maximum(seen, fade * np.clip(1.4 - near, 0, 1), out=seen)
    return np.rint(alpha * 255).astype(np.uint8)


def distance(one, other, alpha, soft):
    """Mean levels between the colours of soft pixels, each counted as much as it is seen."""
    weight = alpha.reshape(-1, 1)[soft] / 255
    return float((np.abs(one.astype(float) - other) * weight).sum() / weight.sum() / 3)


@pytest.mark.parametrize(("front", "back"), [("chelsea", "coffee"), ("coffee", "astronaut"), ("astronaut", "chelsea")])
def test_hair_over_a_photograph_gets_the_colours_that_its_authors_program_finds(
    oracle, photos, monkeypatch, front, back
):
    pictures = [np.asarray(Image.open(photos[name]).convert("RGB").resize((400, 300))) for name in (front, back)]
    alpha = strands(300, 400)
    share = alpha[..., None] / 255
    rgb = np.rint(pictures[0] * share + pictures[1] * (1 - share)).astype(np.uint8)
    truth, shown = (each.reshape(-1, 3) for each in (pictures[0], rgb))
    soft, ours, _ = unmixed(rgb, alpha)
    theirs = oracle(rgb, alpha, 2)
    assert distance(ours, truth[soft], alpha, soft) < 0.9 * distance(theirs[soft], truth[soft], alpha, soft)
    assert distance(ours, truth[soft], alpha, soft) < 0.7 * distance(shown[soft], truth[soft], alpha, soft)
    # Their method and no more; with as many rounds the order in which pixels are visited no longer tells.
    monkeypatch.setattr(foreground, "ROUNDS", 6)
    monkeypatch.setattr(foreground, "_explain", lambda *_: None)
    soft, ours, _ = unmixed(rgb, alpha)
    assert distance(ours, oracle(rgb, alpha, 6)[soft], alpha, soft) <= 2


@pytest.mark.skipif(not MEASURED, reason="The evaluation pictures are not beside this checkout.")
@pytest.mark.parametrize("path", MEASURED, ids=lambda path: path.stem)
def test_measured_mattes_of_photographs_give_the_colours_that_its_authors_program_finds(oracle, monkeypatch, path):
    rgb = np.asarray(Image.open(path).convert("RGB"))
    alpha = np.asarray(Image.open(EVALSET / "masks" / path.name).convert("L"))
    monkeypatch.setattr(foreground, "_explain", lambda *_: None)
    soft, ours, _ = unmixed(rgb, alpha)
    theirs = oracle(rgb, alpha, foreground.ROUNDS)[soft]
    assert distance(ours, theirs, alpha, soft) <= 2
    assert distance(rgb.reshape(-1, 3)[soft], theirs, alpha, soft) > 3
