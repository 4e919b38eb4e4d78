// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The shelf: where models stand on this device, and the names by which every thread of every tab agrees about it.
 *
 * It is one cache. Parts are keyed by their hash, so it outlives releases; what is known about an imported model
 * stands beside its parts, so that both go together when the browser clears the shelf.
 */

/** @import {ModelRow, Part, ShelfNews} from "./protocol.js" */

export const SHELF = "offcut-weights";
/** Size of the parts that a file is cut into; the build cuts the same (pysrc/sitebuild/weights.py). */
export const PART_BYTES = 4 << 20;
/** What a model may weigh: beyond it neither a tab's memory nor onnxruntime's WASM build holds it. */
export const LARGEST_FILE = 2_000_000_000;

/**
 * @param {string} root the site's root URL
 * @param {Part} part
 */
export const partUrl = (root, part) => new URL(`weights/${part.sha256}.bin`, root).href;

/** Held while a part is on its way, so that no two threads fetch it at once. @param {Part} part */
export const partLock = (part) => `offcut-part-${part.sha256}`;

/** Held, shared, by every tab that brings a model to the shelf because a person asked. @param {ModelRow} model */
export const keepLock = (model) => `offcut-keep-${model.sha256}`;

/** Held while a file is put on the shelf: its parts have no row yet. */
export const FILING = "offcut-filing";

/** @returns {Promise<Cache | null>} null where the page may not store (plain http, some private windows) */
export async function openShelf() {
  try {
    return await caches.open(SHELF);
  } catch {
    return null;
  }
}

/** @returns {Promise<Set<string>>} the URLs of all that stands on the shelf; it is not made by being looked at */
export async function shelfKeys() {
  if (!(await caches.has(SHELF))) return new Set();
  const shelf = await caches.open(SHELF);
  return new Set((await shelf.keys()).map(({ url }) => url));
}

/**
 * Whether all parts of a model stand on the shelf.
 *
 * @param {string} root the site's root URL
 * @param {{parts: Part[]}} model
 */
export async function standsWhole(root, { parts }) {
  try {
    const keys = await shelfKeys();
    return parts.every((part) => keys.has(partUrl(root, part)));
  } catch {
    return false;
  }
}

/** @type {BroadcastChannel | undefined} */
let channel;
const news = () => {
  channel ??= new BroadcastChannel("offcut-shelf");
  return channel;
};

/**
 * Tells every other thread and tab. A tab that is closed tells nothing: whoever listens asks Web Locks what is true.
 *
 * @param {ShelfNews} message
 */
export const tellShelf = (message) => news().postMessage(message);

/**
 * @param {(message: ShelfNews) => void} heard
 */
export function hearShelf(heard) {
  news().addEventListener("message", ({ data }) => heard(data));
}
