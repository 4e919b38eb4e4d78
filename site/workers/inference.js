// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The inference worker: one onnxruntime-web session. It may run out of memory, hang or be cancelled: the page ends
 * it and starts another without losing Python.
 */
import { OffcutError, toFault } from "../app/fault.js";
import { holdLifeline } from "./lifeline.js";
import { loadWeights } from "./weights.js";

/** @import {FromInference, FromNet, ModelRow, ToInference, ToNet} from "../app/protocol.js" */
/** @import * as Ort from "onnxruntime-web" */

/**
 * @typedef {object} Session
 * @property {typeof Ort} ort
 * @property {Ort.InferenceSession} session
 * @property {ModelRow} model
 */

/** @type {Promise<Session> | undefined} */
let booting;

/** @param {FromInference} message */
const tell = (message) => postMessage(message);

/**
 * @param {Extract<ToInference, {type: "engine:boot"}>} message
 * @returns {Promise<Session>}
 */
async function boot({ root, model, threads, lock }) {
  const started = performance.now();
  await holdLifeline(lock);
  const base = new URL(ASSETS.ort, root).href;
  const [ort, weights] = await Promise.all([
    /** @type {Promise<typeof Ort>} */ (import(`${base}ort.wasm.min.mjs`)),
    loadWeights(model, root, (stage, done, total, cached) =>
      tell({ type: "engine:progress", stage, done, total, cached }),
    ),
  ]);
  tell({ type: "engine:progress", stage: "session", done: 0, total: 1, cached: weights.stored });
  ort.env.wasm.wasmPaths = base;
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(weights.bytes, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  const ms = performance.now() - started;
  tell({ type: "engine:ready", model: model.id, threads, ms, stored: weights.stored });
  return { ort, session, model };
}

/** @param {ToNet} request */
async function answer({ data, dims, model: wanted, port }) {
  /** @type {FromNet} */
  let reply;
  try {
    if (!booting) throw new OffcutError("engine.lost");
    const { ort, session, model } = await booting;
    if (model.id !== wanted) throw new OffcutError("model.unknown", { model: wanted });
    const input = new ort.Tensor("float32", data, dims);
    const output = (await session.run({ [model.contract.input_name]: input }))[model.contract.output_name];
    if (!output) throw new OffcutError("model.contract", { model: wanted, expected: model.contract.output_name });
    reply = { type: "net:done", data: /** @type {Float32Array} */ (output.data), dims: [...output.dims] };
    port.postMessage(reply, [reply.data.buffer]);
  } catch (error) {
    reply = { type: "net:failed", fault: toFault(error, "engine.failed") };
    port.postMessage(reply);
    // A session that threw may be out of memory or half written: the page starts a clean one for the next picture.
    if (reply.fault.code === "engine.failed") self.close();
  }
}

addEventListener("message", (/** @type {MessageEvent<ToInference>} */ { data: request }) => {
  if (request.type === "engine:connect") {
    request.port.onmessage = ({ data }) => answer(data);
    return;
  }
  booting = boot(request);
  booting.catch((error) => tell({ type: "engine:failed", fault: toFault(error, "engine.failed") }));
});
