# SPDX-License-Identifier: AGPL-3.0-or-later
"""A host on this machine with the files that a test gives it, and small nets to put there."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from onnx import TensorProto, helper


class Host(ThreadingHTTPServer):
    """Serves `files` by their path; `asked` are the paths that were asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def put(self, name: str, data: bytes) -> str:
        """Serve `data` at /<name>; return its address."""
        self.files[f"/{name}"] = data
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class Answer(BaseHTTPRequestHandler):
    """One answer of a `Host`."""

    server: Host

    def do_GET(self) -> None:
        """The file, or 404."""
        self.server.asked.append(self.path)
        data = self.server.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *values: Any) -> None:
        """Say nothing."""


def brightness(side: int) -> bytes:
    """A net whose answer is the mean of the three channels, and that has a second output which nobody wants.

    Takes float32 [1,3,side,side] as "picture"; gives [1,1,side,side] as "matte" and [1,3,side,side] as "unused".
    """
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        [
            helper.make_node("Neg", ["picture"], ["unused"]),
            helper.make_node("ReduceMean", ["picture"], ["matte"], axes=[1], keepdims=1),
        ],
        "brightness",
        [value("picture", TensorProto.FLOAT, [1, 3, side, side])],
        [
            value("matte", TensorProto.FLOAT, [1, 1, side, side]),
            value("unused", TensorProto.FLOAT, [1, 3, side, side]),
        ],
    )
    data: bytes = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    return data
