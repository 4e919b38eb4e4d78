// SPDX-License-Identifier: AGPL-3.0-or-later
/** Whole models, part by part: to run them, to keep them, to check what is kept. */
import { OffcutError } from "../app/fault.js";
import { openShelf, partUrl, standsWhole } from "../app/shelf.js";
import { getPart, keptPart } from "./part.js";

/** @import {EngineStage, ModelRow, Part} from "../app/protocol.js" */

const PARALLEL = 3;
/** How often a model is brought again that was cleared away as it came. */
const ROUNDS = 3;

/**
 * @typedef {(stage: EngineStage, done: number, total: number, cached: boolean) => void} Progress
 */

/**
 * The model's bytes: each part from the shelf or the network, verified by SHA-256 before it is used or stored. A
 * wrong byte is refused and fetched again; parts already stored are never fetched twice, so a cut download resumes,
 * and a part that another tab is fetching is waited for.
 *
 * @param {ModelRow} model
 * @param {string} root the site's root URL
 * @param {Progress} progress bytes done of all
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, stored: boolean}>} `stored`: kept for the next visit
 */
export async function loadWeights(model, root, progress) {
  const bytes = new Uint8Array(model.bytes);
  const offsets = partOffsets(model);
  let done = 0;
  let stored = (await openShelf()) !== null;
  let cached = true;
  const tell = (/** @type {number} */ count, /** @type {boolean} */ kept) => {
    done += count;
    cached &&= kept;
    progress("download", done, model.bytes, cached);
  };
  await eachPart(model, async (part, index) => {
    const found = await getPart(part, { root, imported: Boolean(model.imported), tell });
    bytes.set(found.data, offsets[index]);
    stored &&= found.stored;
  });
  return { bytes, stored };
}

/**
 * Brings every part to the shelf and holds none in memory.
 *
 * @param {ModelRow} model
 * @param {string} root
 * @param {AbortSignal} signal a pause: what has arrived whole stays
 * @param {(done: number, total: number) => void} progress
 * @returns {Promise<void>}
 */
export async function keepWeights(model, root, signal, progress) {
  for (let round = 0; round < ROUNDS; round++) {
    let done = 0;
    const tell = (/** @type {number} */ count) => {
      done += count;
      progress(done, model.bytes);
    };
    await eachPart(model, async (part) => {
      signal.throwIfAborted();
      const { stored } = await getPart(part, { root, imported: false, tell, signal });
      // Fetching the rest would be in vain.
      if (!stored) throw new OffcutError("weights.no-room");
    });
    // The browser, or another tab, may have cleared the shelf as it was filled.
    if (await standsWhole(root, model)) return;
  }
  throw new OffcutError("weights.no-room");
}

/**
 * Reads every part from the shelf and compares its hash. Wrong ones are taken off.
 *
 * @param {ModelRow} model
 * @param {string} root
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress
 * @returns {Promise<{good: number, lost: number}>} in parts
 */
export async function checkWeights(model, root, signal, progress) {
  let [good, done] = [0, 0];
  for (const part of model.parts) {
    signal.throwIfAborted();
    if (await keptPart(partUrl(root, part), part)) good += 1;
    done += part.bytes;
    progress(done, model.bytes);
  }
  return { good, lost: model.parts.length - good };
}

/**
 * One part that cannot be had ends the rest of the queue, but not the parts on their way: they are kept.
 *
 * @param {ModelRow} model
 * @param {(part: Part, index: number) => Promise<void>} task
 */
async function eachPart(model, task) {
  const waiting = [...model.parts.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await task(next[1], next[0]);
  };
  const ends = await Promise.allSettled(
    Array.from({ length: PARALLEL }, () =>
      work().catch((error) => {
        waiting.length = 0;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** @param {ModelRow} model */
function partOffsets(model) {
  let end = 0;
  const offsets = model.parts.map((part) => {
    end += part.bytes;
    return end - part.bytes;
  });
  if (end !== model.bytes) throw new OffcutError("weights.hash-mismatch", { model: model.id });
  return offsets;
}
