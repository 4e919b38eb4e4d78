// SPDX-License-Identifier: AGPL-3.0-or-later
import { OffcutError } from "../app/fault.js";
import { sha256 } from "./digest.js";

/** @import {ModelRow, Part, EngineStage} from "../app/protocol.js" */

/** Keyed by hash, so it outlives releases: a part is the same bytes whoever asks for it. */
const CACHE = "offcut-weights";
const ATTEMPTS = 3;
const PARALLEL = 3;

/**
 * @typedef {(stage: EngineStage, done: number, total: number, cached: boolean) => void} Progress
 */

/**
 * The model's bytes: each part from the cache or the network, verified by SHA-256 before it is used or stored. A
 * wrong byte is refused and fetched again; parts already stored are never fetched twice, so a cut download resumes.
 *
 * @param {ModelRow} model
 * @param {string} root the site's root URL
 * @param {Progress} progress bytes done of all
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, stored: boolean}>} `stored`: kept for the next visit
 */
export async function loadWeights(model, root, progress) {
  const cache = await openCache();
  const bytes = new Uint8Array(model.bytes);
  const offsets = partOffsets(model);
  let done = 0;
  let stored = cache !== null;
  let fromCache = true;
  const tell = (/** @type {number} */ count) => {
    done += count;
    progress("download", done, model.bytes, fromCache);
  };

  const waiting = [...model.parts.keys()];
  // One part that cannot be had ends the rest of the queue, but not the parts on their way: they are kept.
  const work = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const part = /** @type {Part} */ (model.parts[index]);
      const url = new URL(`weights/${part.sha256}.bin`, root).href;
      let data = cache && (await cachedPart(cache, url, part));
      if (data) {
        tell(part.bytes);
      } else {
        fromCache = false;
        data = await fetchPart(url, part, tell);
        if (cache && !(await storePart(cache, url, data))) stored = false;
      }
      bytes.set(data, offsets[index]);
    }
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
  return { bytes, stored };
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

/** @returns {Promise<Cache | null>} null where the page may not store (plain http, some private windows) */
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/**
 * @param {Cache} cache
 * @param {string} url
 * @param {Part} part
 */
async function cachedPart(cache, url, part) {
  const hit = await cache.match(url).catch(() => undefined);
  if (!hit) return null;
  const data = new Uint8Array(await hit.arrayBuffer());
  if (data.length === part.bytes && (await sha256(data)) === part.sha256) return data;
  await cache.delete(url);
  return null;
}

/**
 * @param {Cache} cache
 * @param {string} url
 * @param {Uint8Array<ArrayBuffer>} data
 * @returns {Promise<boolean>} false when the device has no room; the model still runs this time
 */
async function storePart(cache, url, data) {
  try {
    await cache.put(url, new Response(data, { headers: { "Content-Type": "application/octet-stream" } }));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} url
 * @param {Part} part
 * @param {(count: number) => void} tell called with bytes as they arrive, and with less than nothing when they are refused
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function fetchPart(url, part, tell) {
  let fault = new OffcutError("weights.unreachable", { file: `${part.sha256}.bin`, status: 0 });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 400 * 4 ** (attempt - 1)));
    let received = 0;
    let whole = true;
    try {
      // A retry bypasses the HTTP cache: what was wrong there would be wrong again.
      const response = await fetch(url, { cache: attempt > 0 ? "reload" : "default" });
      if (!response.ok || !response.body) {
        fault = new OffcutError("weights.unreachable", { file: `${part.sha256}.bin`, status: response.status });
        if (response.status === 404 || response.status === 410) break;
        continue;
      }
      const data = new Uint8Array(part.bytes);
      const reader = response.body.getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        if (received + chunk.value.length > part.bytes) {
          await reader.cancel();
          whole = false;
          break;
        }
        data.set(chunk.value, received);
        received += chunk.value.length;
        tell(chunk.value.length);
      }
      if (whole && received === part.bytes && (await sha256(data)) === part.sha256) return data;
      fault = new OffcutError("weights.hash-mismatch", { file: `${part.sha256}.bin` });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      fault = new OffcutError("weights.unreachable", { file: `${part.sha256}.bin`, status: 0 });
    }
    tell(-received);
  }
  throw fault;
}
