// SPDX-License-Identifier: AGPL-3.0-or-later
import { watchLifeline } from "../workers/lifeline.js";

/** @import {Fault} from "./protocol.js" */

/**
 * @typedef {object} Post One worker's standing.
 * @property {"idle" | "starting" | "ready" | "failed"} state
 * @property {string} stage
 * @property {number} done
 * @property {number} total
 * @property {number} since when the present state began, performance.now()
 * @property {number} ms how long it took to get ready
 * @property {boolean} cached whether its bytes came from this device
 * @property {boolean} stored whether they are kept on it
 * @property {boolean} restored whether it started from a snapshot of its memory
 * @property {Fault | null} fault
 */

/** @returns {Post} */
export const idlePost = () => ({
  state: "idle",
  stage: "",
  done: 0,
  total: 0,
  since: 0,
  ms: 0,
  cached: true,
  stored: false,
  restored: false,
  fault: null,
});

/**
 * Starts a worker and watches over its life.
 *
 * @template Message
 * @param {URL} url
 * @param {(message: Message) => void} heard
 * @param {(code: "lost" | "failed", reason: string) => void} gone it died without a word, or its script threw
 * @returns {{worker: Worker, lock: string, end: () => void}} `lock` is what the worker must hold (see lifeline.js)
 */
export function employ(url, heard, gone) {
  const worker = new Worker(url, { type: "module" });
  const lock = `offcut-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  const watch = new AbortController();
  let watched = false;
  worker.onerror = (event) => gone("failed", event.message ?? "");
  worker.onmessage = ({ data }) => {
    if (!watched) {
      watched = true;
      watchLifeline(lock, () => gone("lost", ""), watch.signal);
    }
    heard(data);
  };
  const end = () => {
    watch.abort();
    worker.onmessage = null;
    worker.onerror = null;
    worker.terminate();
  };
  return { worker, lock, end };
}
