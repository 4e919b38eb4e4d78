// SPDX-License-Identifier: AGPL-3.0-or-later
/** Plain data, as recipes are. */

/**
 * Whether two pieces of plain data are the same.
 *
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean}
 */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const keys = Object.keys(one);
  const mine = /** @type {Record<string, unknown>} */ (one);
  const its = /** @type {Record<string, unknown>} */ (other);
  return keys.length === Object.keys(other).length && keys.every((key) => same(mine[key], its[key]));
}
