# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import model, run

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

from nets import mean
from offcut.errors import EngineFailed, ModelContract, ModelUnknown
from offcut.native import NativeEngine


@pytest.fixture
def path(tmp_path):
    """A net that gives the mean of the three channels."""
    path = tmp_path / "mean.onnx"
    path.write_bytes(mean((1, 3, 8, 8)))
    return path


def test_a_net_is_run_and_its_session_kept(path):
    engine = NativeEngine({"tiny": path}, threads=1)
    tensor = np.random.default_rng(0).random((1, 3, 8, 8), np.float32)
    output = run(engine.run(model(), tensor))
    assert output.dtype == np.float32 and np.allclose(output, tensor.mean(axis=1, keepdims=True), atol=1e-6)
    path.unlink()
    assert np.array_equal(run(engine.run(model(), tensor)), output)


def test_a_net_without_a_file_is_unknown():
    with pytest.raises(ModelUnknown):
        run(NativeEngine({}).run(model(), np.zeros((1, 3, 8, 8), np.float32)))


@pytest.mark.parametrize("changes", [{"input_name": "x"}, {"output_name": "y"}])
def test_a_net_with_other_names_breaks_the_contract(path, changes):
    with pytest.raises(ModelContract):
        run(NativeEngine({"tiny": path}).run(model(**changes), np.zeros((1, 3, 8, 8), np.float32)))


def test_a_tensor_of_another_shape_fails_in_the_engine(path):
    with pytest.raises(EngineFailed):
        run(NativeEngine({"tiny": path}).run(model(), np.zeros((1, 3, 7, 8), np.float32)))


def test_a_file_that_is_no_net_fails_in_the_engine(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"nothing")
    with pytest.raises(EngineFailed):
        run(NativeEngine({"tiny": tmp_path / "x.onnx"}).run(model(), np.zeros((1, 3, 8, 8), np.float32)))
