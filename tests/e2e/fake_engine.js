// SPDX-License-Identifier: AGPL-3.0-or-later
// Stands in for the inference worker where a test is about reading and writing: it keeps every pixel, at once.
addEventListener("message", async ({ data: message }) => {
  if (message.type === "engine:connect") {
    message.port.onmessage = ({ data: { port, dims } }) => {
      const [, , height, width] = dims;
      const data = new Float32Array(width * height).fill(1);
      const rung = { backend: "wasm", threads: 1 };
      port.postMessage({ type: "net:done", data, dims: [1, 1, height, width], rung }, [data.buffer]);
    };
    return;
  }
  await new Promise((held) => navigator.locks.request(message.lock, () => (held(), new Promise(() => {}))));
  postMessage({ type: "engine:ready", ms: 0, stored: false });
});
