// SPDX-License-Identifier: AGPL-3.0-or-later
/** The storekeeper: fetches, hashes, cuts and checks models and files, so that the page never waits for it. */
import { OffcutError, toFault } from "../app/fault.js";
import { keepLock } from "../app/shelf.js";
import { checkRelease } from "./audit.js";
import { keepFile, readFile } from "./filing.js";
import { holdLifeline } from "./lifeline.js";
import { checkWeights, keepWeights } from "./weights.js";

/** @import {FromTask, StoreResults, StoreTask, ToStorekeeper, ToTask} from "../app/protocol.js" */

let root = "";

/**
 * @param {StoreTask} task
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress
 * @returns {Promise<StoreResults[keyof StoreResults]>}
 */
async function perform(task, signal, progress) {
  switch (task.type) {
    case "shelf:keep":
      // Shared: several tabs may bring one model together; whoever takes it away waits for all of them.
      await navigator.locks.request(keepLock(task.model), { mode: "shared", signal }, () =>
        keepWeights(task.model, root, signal, progress),
      );
      return null;
    case "shelf:check":
      return await checkWeights(task.model, root, signal, progress);
    case "file:read":
      return await readFile(task.file, signal, progress);
    case "file:keep":
      await keepFile(task.file, task.parts, root, signal, progress);
      return null;
    case "release:check":
      return await checkRelease(task.files, signal, progress);
  }
}

/** @param {StoreTask} task */
async function answer(task) {
  const { port } = task;
  const stop = new AbortController();
  /** @param {FromTask} message */
  const reply = (message) => port.postMessage(message);
  port.onmessage = ({ data }) => {
    if (/** @type {ToTask} */ (data).type === "task:stop") stop.abort();
  };
  let told = 0;
  try {
    const result = await perform(task, stop.signal, (done, total) => {
      // A screen shows sixty pictures a second at most; a network brings thousands of chunks.
      if (done < total && performance.now() - told < 50) return;
      told = performance.now();
      reply({ type: "task:progress", done, total });
    });
    reply({ type: "task:done", result });
  } catch (error) {
    if (stop.signal.aborted && !(error instanceof OffcutError)) reply({ type: "task:stopped" });
    else reply({ type: "task:failed", fault: toFault(error, "store.failed") });
  }
}

addEventListener("message", async (/** @type {MessageEvent<ToStorekeeper>} */ { data: message }) => {
  if (message.type === "store:boot") {
    root = message.root;
    await holdLifeline(message.lock);
    postMessage("ready");
  } else {
    answer(message);
  }
});
