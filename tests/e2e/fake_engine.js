// SPDX-License-Identifier: AGPL-3.0-or-later
// Stands in for the inference worker where a test is about reading and writing: it keeps all but a
// sixteenth of each side in the last corner, at once: a picture without any ground would count as one without a subject.
addEventListener("message", async ({ data: message }) => {
  if (message.type === "engine:connect") {
    message.port.onmessage = ({ data: { port, dims } }) => {
      const [, , height, width] = dims;
      const data = new Float32Array(width * height).fill(1);
      for (let row = Math.floor((height * 15) / 16); row < height; row += 1)
        data.fill(0, row * width + Math.floor((width * 15) / 16), (row + 1) * width);
      const rung = { backend: "wasm", threads: 1 };
      port.postMessage({ type: "net:done", data, dims: [1, 1, height, width], rung }, [data.buffer]);
    };
    return;
  }
  await new Promise((held) => navigator.locks.request(message.lock, () => (held(), new Promise(() => {}))));
  postMessage({ type: "engine:ready", ms: 0, stored: false });
});
