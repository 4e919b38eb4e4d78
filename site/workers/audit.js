// SPDX-License-Identifier: AGPL-3.0-or-later
import { sha256 } from "./digest.js";

/** @import {ListedFile} from "../app/protocol.js" */

/**
 * Reads every file of the release from where the service worker keeps it and compares its hash with the release's
 * own list. Nothing is fetched and nothing is changed.
 *
 * @param {ListedFile[]} files
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress bytes
 * @returns {Promise<{missing: string[], wrong: string[]}>} the urls of those
 */
export async function checkRelease(files, signal, progress) {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  /** @type {string[]} */
  const missing = [];
  /** @type {string[]} */
  const wrong = [];
  let done = 0;
  for (const file of files) {
    signal.throwIfAborted();
    const kept = (await caches.has(file.cache)) && (await (await caches.open(file.cache)).match(file.key));
    if (!kept) missing.push(file.url);
    else if ((await sha256(new Uint8Array(await kept.arrayBuffer()))) !== file.sha256) wrong.push(file.url);
    done += file.bytes;
    progress(done, total);
  }
  return { missing, wrong };
}
