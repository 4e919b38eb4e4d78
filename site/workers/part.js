// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One part of a model: from the shelf or from the network, by one thread of all tabs at a time, and verified always.
 *
 * A part is a whole file of at most 4 MiB. A cut download goes on at the next part, so no server needs to answer
 * range requests, and any static host will do.
 */
import { OffcutError } from "../app/fault.js";
import { openShelf, partLock, partUrl, tellShelf } from "../app/shelf.js";
import { sha256 } from "./digest.js";

/** @import {Part} from "../app/protocol.js" */

const ATTEMPTS = 3;
const NEWS_MS = 150;

/**
 * @typedef {object} Errand
 * @property {string} root the site's root URL
 * @property {boolean} imported whether it came from a file, so that no server has it
 * @property {(count: number, kept: boolean) => void} tell bytes as they arrive, less than nothing when they are
 *   refused; `kept`: they were on the device
 * @property {AbortSignal} [signal]
 */

/**
 * @param {Part} part
 * @param {Errand} errand
 * @returns {Promise<{data: Uint8Array<ArrayBuffer>, stored: boolean}>} `stored`: it stands on the shelf
 */
export async function getPart(part, { root, imported, tell, signal }) {
  const url = partUrl(root, part);
  const fromShelf = async () => {
    const data = await keptPart(url, part);
    if (data) tell(part.bytes, true);
    return data && { data, stored: true };
  };
  const kept = await fromShelf();
  if (kept) return kept;
  if (imported) throw new OffcutError("weights.gone");
  return await alone(partLock(part), signal, async () => {
    // Another tab may have brought it while this one waited.
    const brought = await fromShelf();
    if (brought) return brought;
    tell(0, false);
    const data = await fetchPart(url, part, (count) => tell(count, false), signal);
    return { data, stored: await storePart(url, data) };
  });
}

/**
 * @template T
 * @param {string} lock
 * @param {AbortSignal | undefined} signal
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
async function alone(lock, signal, task) {
  // Plain http pages have no locks; they have no shelf to share either.
  if (!navigator.locks) return await task();
  // Awaited inside, since the lock's own promise is typed as one of a promise.
  return await navigator.locks.request(lock, signal ? { signal } : {}, async () => await task());
}

/**
 * @param {string} url
 * @param {Part} part
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null when it is not there; a wrong one is taken off the shelf
 */
export async function keptPart(url, part) {
  const shelf = await openShelf();
  const hit = await shelf?.match(url).catch(() => undefined);
  if (!shelf || !hit) return null;
  const data = new Uint8Array(await hit.arrayBuffer());
  if (data.length === part.bytes && (await sha256(data)) === part.sha256) return data;
  await shelf.delete(url);
  tellShelf({ type: "shelf:changed" });
  return null;
}

/**
 * The shelf is opened anew each time: one that was cleared meanwhile would swallow what is put into it.
 *
 * @param {string} url
 * @param {Uint8Array<ArrayBuffer>} data
 * @returns {Promise<boolean>} false when the device has no room; the model still runs this time
 */
export async function storePart(url, data) {
  const shelf = await openShelf();
  if (!shelf) return false;
  try {
    await shelf.put(url, new Response(data, { headers: { "Content-Type": "application/octet-stream" } }));
  } catch {
    return false;
  }
  tellShelf({ type: "shelf:changed" });
  return true;
}

/**
 * @param {string} url
 * @param {Part} part
 * @param {(count: number) => void} tell
 * @param {AbortSignal} [signal]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function fetchPart(url, part, tell, signal) {
  const file = `${part.sha256}.bin`;
  let fault = new OffcutError("weights.unreachable", { file, status: 0 });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 400 * 4 ** (attempt - 1)));
    signal?.throwIfAborted();
    const arrived = arrivals(part, tell);
    try {
      // A retry bypasses the HTTP cache: what was wrong there would be wrong again.
      const response = await fetch(url, { cache: attempt > 0 ? "reload" : "default", signal: signal ?? null });
      if (!response.ok || !response.body) {
        fault = new OffcutError("weights.unreachable", { file, status: response.status });
        if (response.status === 404 || response.status === 410) break;
        continue;
      }
      const data = await readBody(response.body, part, arrived.add);
      if (data && (await sha256(data)) === part.sha256) return data;
      fault = new OffcutError("weights.hash-mismatch", { file });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      fault = new OffcutError("weights.unreachable", { file, status: 0 });
    }
    arrived.refuse();
  }
  throw fault;
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {Part} part
 * @param {(count: number) => void} tell
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null when it is longer or shorter than the part
 */
async function readBody(body, part, tell) {
  const data = new Uint8Array(part.bytes);
  let received = 0;
  const reader = body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (received + chunk.value.length > part.bytes) {
      await reader.cancel();
      return null;
    }
    data.set(chunk.value, received);
    received += chunk.value.length;
    tell(chunk.value.length);
  }
  return received === part.bytes ? data : null;
}

/**
 * Counts one attempt, for this thread and, now and then, for the tabs that look on.
 *
 * @param {Part} part
 * @param {(count: number) => void} tell
 */
function arrivals(part, tell) {
  let bytes = 0;
  let told = 0;
  return {
    add(/** @type {number} */ count) {
      bytes += count;
      tell(count);
      if (performance.now() - told < NEWS_MS) return;
      told = performance.now();
      tellShelf({ type: "part:arriving", sha256: part.sha256, bytes });
    },
    refuse() {
      tell(-bytes);
      bytes = 0;
    },
  };
}
