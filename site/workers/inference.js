// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The inference worker: one onnxruntime-web session on one backend. It may run out of memory, hang, lose its graphics
 * card or be cancelled: the page ends it and starts another, on the next backend, without losing Python. A request
 * whose backend failed is left unanswered here: it is asked again of the next worker.
 */
import { OffcutError, toFault } from "../app/fault.js";
import { holdLifeline } from "./lifeline.js";
import { allFinite, knownPicture, sameAnswer } from "./selftest.js";
import { loadWeights } from "./weights.js";

/** @import {Fault, FromInference, FromNet, ModelRow, Rung, ToInference, ToNet} from "../app/protocol.js" */
/** @import * as Ort from "onnxruntime-web" */

/**
 * @typedef {object} Session
 * @property {typeof Ort} ort
 * @property {Ort.InferenceSession} session
 * @property {ModelRow} model
 * @property {Rung} rung
 */

const SCRIPTS = { wasm: "ort.wasm.min.mjs", webgpu: "ort.jspi.min.mjs" };
/** A warning about nodes that stay on the processor is no error, but the console would show it as one. */
const ERRORS_ONLY = 3;

/** @type {Promise<Session> | undefined} */
let booting;

/** @param {FromInference} message */
const tell = (message) => postMessage(message);

/** @param {unknown} error */
const fail = (error) => tell({ type: "engine:failed", fault: engineFault(error) });

/**
 * What ORT and the browser throw, as one of our codes. ORT speaks C++; an uncaught exception of its arrives as a bare
 * number, the address of what is nearly always a bad_alloc.
 *
 * @param {unknown} error
 * @returns {Fault}
 */
function engineFault(error) {
  const fault = toFault(error, "engine.failed");
  const memory = /bad_alloc|out of memory|\bOOM\b|allocat\w+ (failed|memory)|(failed|not) to allocate/i;
  if (fault.code !== "engine.failed") return fault;
  const exhausted = typeof error === "number" || memory.test(String(fault.details.reason));
  return exhausted ? { code: "job.out-of-memory", details: fault.details } : fault;
}

/**
 * @param {Extract<ToInference, {type: "engine:boot"}>} message
 * @returns {Promise<Session>}
 */
async function boot({ root, model, rung, test, lock }) {
  const started = performance.now();
  await holdLifeline(lock);
  const [ort, weights] = await Promise.all([
    runtime(new URL(ASSETS.ort, root).href, rung),
    loadWeights(model, root, (stage, done, total, cached) =>
      tell({ type: "engine:progress", stage, done, total, cached }),
    ),
  ]);
  const stage = (/** @type {"session" | "test"} */ name) =>
    tell({ type: "engine:progress", stage: name, done: 0, total: 1, cached: weights.stored });
  const create = (/** @type {Rung["backend"]} */ backend) => open(ort, weights.bytes, model, backend);
  if (test) stage("test");
  const known = test ? await knownAnswer(ort, await create("wasm"), model) : null;
  stage("session");
  const session = await create(rung.backend);
  if (rung.backend === "webgpu") await watchDevice(ort);
  if (known && !(await agrees(ort, session, model, known))) throw new OffcutError("engine.wrong-answer");
  tell({ type: "engine:ready", ms: performance.now() - started, stored: weights.stored });
  return { ort, session, model, rung };
}

/**
 * @param {string} base
 * @param {Rung} rung
 * @returns {Promise<typeof Ort>}
 */
async function runtime(base, { backend, threads }) {
  const script = `${base}${SCRIPTS[backend]}`;
  /** @type {typeof Ort} */
  const ort = await import(script).catch((error) => {
    throw new OffcutError("engine.unreachable", { reason: String(error) });
  });
  ort.env.wasm.wasmPaths = base;
  ort.env.wasm.numThreads = threads;
  return ort;
}

/**
 * @param {typeof Ort} ort
 * @param {Uint8Array} bytes
 * @param {ModelRow} model
 * @param {Rung["backend"]} backend
 */
async function open(ort, bytes, model, backend) {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: [backend],
    graphOptimizationLevel: "all",
    logSeverityLevel: ERRORS_ONLY,
  });
  const { input_name: input, output_name: output } = model.contract;
  const taken = session.inputMetadata.find(({ name }) => name === input);
  const fits = taken?.isTensor && taken.type === "float32" && taken.shape.length === 4;
  if (session.inputNames.length !== 1 || !fits) {
    throw new OffcutError("model.contract", { model: model.id, expected: `${input} [1,3,h,w]`, got: told(session) });
  }
  if (!session.outputNames.includes(output)) {
    throw new OffcutError("model.contract", { model: model.id, expected: output, got: told(session) });
  }
  return session;
}

/** @param {Ort.InferenceSession} session */
const told = ({ inputMetadata, outputNames }) =>
  `${inputMetadata.map((each) => `${each.name} [${each.isTensor ? each.shape : ""}]`)} -> ${outputNames}`.slice(0, 200);

/**
 * @param {typeof Ort} ort
 * @param {Ort.InferenceSession} session
 * @param {ModelRow} model
 * @param {Float32Array} data
 * @param {number[]} dims
 */
async function infer(ort, session, model, data, dims) {
  const input = new ort.Tensor("float32", data, dims);
  const { input_name: name, output_name: wanted } = model.contract;
  const output = (await session.run({ [name]: input }, [wanted]))[wanted];
  if (!output) throw new OffcutError("model.contract", { model: model.id, expected: wanted, got: "nothing" });
  return { data: /** @type {Float32Array} */ (output.data), dims: [...output.dims] };
}

/**
 * What the processor says of the known picture. Its session is closed again.
 *
 * @param {typeof Ort} ort
 * @param {Ort.InferenceSession} session
 * @param {ModelRow} model
 */
async function knownAnswer(ort, session, model) {
  const { data, dims } = knownPicture(model.contract);
  const answer = await infer(ort, session, model, data, dims);
  await session.release();
  return answer.data;
}

/**
 * @param {typeof Ort} ort
 * @param {Ort.InferenceSession} session
 * @param {ModelRow} model
 * @param {Float32Array} known
 */
async function agrees(ort, session, model, known) {
  const { data, dims } = knownPicture(model.contract);
  return sameAnswer((await infer(ort, session, model, data, dims)).data, known, model.contract.activation);
}

/** A lost card may leave a run hanging for good, so its own word is what counts. @param {typeof Ort} ort */
async function watchDevice(ort) {
  const device = await ort.env.webgpu.device;
  device.lost.then(({ message }) => fail(new OffcutError("engine.device-lost", { reason: message.slice(0, 200) })));
}

/** @param {ToNet} request */
async function answer({ data, dims, model: wanted, port }) {
  /** @param {FromNet} message */
  const reply = (message, /** @type {Transferable[]} */ carried = []) => port.postMessage(message, carried);
  if (!booting) return;
  const booted = await booting.catch(() => null);
  // What went wrong at the start has been told to the page.
  if (!booted) return;
  const { ort, session, model, rung } = booted;
  try {
    if (model.id !== wanted) throw new OffcutError("model.unknown", { model: wanted });
    const output = await infer(ort, session, model, data, dims);
    if (rung.backend === "webgpu" && !allFinite(output.data)) throw new OffcutError("matte.not-finite");
    reply({ type: "net:done", ...output, rung }, [output.data.buffer]);
  } catch (error) {
    const fault = engineFault(error);
    if (fault.code.startsWith("model.")) reply({ type: "net:failed", fault });
    else fail(new OffcutError(fault.code, { ...fault.details, side: Math.max(...dims) }));
  }
}

addEventListener("message", (/** @type {MessageEvent<ToInference>} */ { data: request }) => {
  if (request.type === "engine:connect") {
    request.port.onmessage = ({ data }) => answer(data);
    return;
  }
  booting = boot(request);
  booting.catch(fail);
});
