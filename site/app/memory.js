// SPDX-License-Identifier: AGPL-3.0-or-later
/** Choices kept on this device. Where a browser keeps nothing (some private windows), nothing is remembered. */

/**
 * @param {string} key
 * @returns {string | null}
 */
export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice holds for this visit.
  }
}

/**
 * Whether all of a model's parts are on this device.
 *
 * @param {{parts: {sha256: string}[]}} model
 * @param {string} root the site's root URL
 */
export async function isStored(model, root) {
  try {
    const hits = model.parts.map(({ sha256 }) => caches.match(new URL(`weights/${sha256}.bin`, root).href));
    return (await Promise.all(hits)).every(Boolean);
  } catch {
    return false;
  }
}
