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
 * @param {string | null} value null to forget it
 * @returns {boolean} false where it holds for this visit only
 */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
