// SPDX-License-Identifier: AGPL-3.0-or-later
/** What a device can bear, and which backends are tried on it, in order. Only decisions: nothing here acts. */

/** @import {Rung, ModelRow, Why} from "./protocol.js" */

/** @typedef {"auto" | "gpu" | "processor"} Wish */

/**
 * @typedef {object} Device What a browser tells of the device it runs on.
 * @property {boolean} isolated whether the page may have threads
 * @property {number} logical logical processor cores
 * @property {number | undefined} memory GiB, at most 8; only some browsers tell
 * @property {boolean} mobile
 * @property {boolean} ios
 * @property {boolean} webgpu whether the browser has WebGPU, and JSPI, which our build for it needs
 */

/**
 * @typedef {object} Adapter A graphics card as WebGPU shows it.
 * @property {string} name for telling one from another
 * @property {boolean} software a processor that plays graphics card
 * @property {boolean} half whether it computes with 16-bit floats
 */

const SMALL_MEMORY = 4;
/** The largest input of a net on a small device: a second, closer look would need more than twice the memory. */
const SMALL_SIDE = 512;
const REST_MS = 60_000;

/**
 * @typedef {object} Told What a navigator tells, of a page or (less) of a worker.
 * @property {string} userAgent
 * @property {number} [maxTouchPoints]
 * @property {number} hardwareConcurrency
 * @property {number} [deviceMemory]
 * @property {{mobile: boolean}} [userAgentData]
 */

/** @returns {Device} */
export function thisDevice() {
  const told = /** @type {Told} */ (/** @type {unknown} */ (navigator));
  const { userAgent, maxTouchPoints = 0 } = told;
  // An iPad says that it is a Mac; no Mac has a touch screen.
  const ios = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return {
    isolated: globalThis.crossOriginIsolated === true,
    logical: told.hardwareConcurrency || 2,
    memory: told.deviceMemory,
    mobile: told.userAgentData?.mobile ?? /Android|Mobile/.test(userAgent),
    ios,
    webgpu: "gpu" in told && "Suspending" in WebAssembly,
  };
}

/** @param {Device} device */
export const isSmall = ({ memory = 8, mobile, ios }) => mobile || ios || memory <= SMALL_MEMORY;

/**
 * Threads past the number of real cores slow a matrix product down; the browser only tells logical ones. Each thread
 * has memory of its own, so small devices get two, and iOS, which ends a page for much less, one.
 *
 * @param {Device} device
 */
export function threadCount(device) {
  if (!device.isolated || device.ios) return 1;
  if (isSmall(device)) return Math.min(2, device.logical);
  return device.logical <= 4 ? device.logical : Math.min(8, Math.max(4, Math.floor(device.logical / 2)));
}

/**
 * The largest input that a net may get here; 0 where there is no limit.
 *
 * @param {Device} device
 */
export const largestSide = (device) => (isSmall(device) ? SMALL_SIDE : 0);

/**
 * How many pixels of the picture at hand are kept in memory; a larger one is kept smaller.
 *
 * @param {Device} device
 */
export const heldPixels = (device) => (isSmall(device) ? 8e6 : 24e6);

/**
 * After how many milliseconds without work the engine's memory is given back; Infinity for never.
 *
 * @param {Device} device
 */
export const restAfter = (device) => (isSmall(device) ? REST_MS : Number.POSITIVE_INFINITY);

/**
 * The backends to try for a model, best first, and why the first is not WebGPU.
 *
 * @param {ModelRow} model
 * @param {Wish} wish
 * @param {Device} device
 * @param {Adapter | null} adapter
 * @param {boolean} refused whether this adapter has failed this model's test before
 * @returns {{rungs: Rung[], why: Why}}
 */
export function ladder(model, wish, device, adapter, refused) {
  const threads = threadCount(device);
  /** @type {Rung[]} */
  const processor = threads > 1 ? [{ backend: "wasm", threads }] : [];
  processor.push({ backend: "wasm", threads: 1 });
  const why = withoutGpu(model, wish, device, adapter, refused);
  return { rungs: why ? processor : [{ backend: "webgpu", threads }, ...processor], why };
}

/**
 * Why a model does not run on WebGPU; "" when it does.
 *
 * @param {ModelRow} model
 * @param {Wish} wish
 * @param {Device} device
 * @param {Adapter | null} adapter
 * @param {boolean} refused
 * @returns {Why}
 */
function withoutGpu(model, wish, device, adapter, refused) {
  if (wish === "processor") return "wish";
  if (!model.backends.includes("webgpu") || (wish === "auto" && model.backends[0] !== "webgpu")) return "model";
  if (!device.webgpu || !adapter) return "no-adapter";
  if (model.precision === "fp16" && !adapter.half) return "no-half";
  if (adapter.software && wish === "auto") return "software";
  return refused ? "wrong-answer" : "";
}

/**
 * Whether a page has to look for an adapter before it asks for the ladder.
 *
 * @param {ModelRow} model
 * @param {Wish} wish
 * @param {Device} device
 */
export const wantsAdapter = (model, wish, device) =>
  withoutGpu(model, wish, device, { name: "", software: false, half: true }, false) === "";
