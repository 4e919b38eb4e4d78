// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The probe: opens an unknown model as the engine would and says what goes in and what comes out. It is started for
 * one model and ended after, since what a strange graph leaves in memory is known to nobody.
 */
import { toFault } from "../app/fault.js";

/** @import {FromProbe, Port, ToProbe} from "../app/protocol.js" */
/** @import * as Ort from "onnxruntime-web" */

/**
 * @param {Ort.InferenceSession.ValueMetadata} value
 * @returns {Port}
 */
const port = (value) =>
  value.isTensor
    ? { name: value.name, type: value.type, dims: [...value.shape] }
    : { name: value.name, type: "", dims: [] };

/**
 * @param {ToProbe} message
 * @returns {Promise<FromProbe>}
 */
async function probe({ root, file }) {
  const base = new URL(ASSETS.ort, root).href;
  /** @type {typeof Ort} */
  let ort;
  try {
    ort = await import(`${base}ort.wasm.min.mjs`);
    // Asked for by itself, so that a missing network is not taken for a bad model.
    const binary = await fetch(`${base}ort-wasm-simd-threaded.wasm`);
    if (!binary.ok) throw new TypeError(String(binary.status));
    ort.env.wasm.wasmBinary = await binary.arrayBuffer();
  } catch (error) {
    return { type: "probe:failed", fault: toFault(error, "import.no-runtime") };
  }
  ort.env.wasm.wasmPaths = base;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "fatal";
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "disabled",
    });
    return { type: "probe:done", inputs: session.inputMetadata.map(port), outputs: session.outputMetadata.map(port) };
  } catch (error) {
    return { type: "probe:failed", fault: toFault(error, "import.not-a-model") };
  }
}

addEventListener("message", async (/** @type {MessageEvent<ToProbe>} */ { data: message }) => {
  postMessage(await probe(message));
});
