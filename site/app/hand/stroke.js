// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A line that is being drawn, in pixels of the picture.
 *
 * @typedef {{x: number, y: number, pressure: number}} Spot
 */

/** Hundredths of a pixel are kept. */
const round = (/** @type {number} */ value) => Math.round(value * 100) / 100;

/**
 * The spots that a line needs so as to stay within `tolerance` of all: D. Douglas and T. Peucker, 1973. How hard the pen
 * was pressed counts as a third direction.
 *
 * @param {Spot[]} spots
 * @param {number} tolerance in pixels
 * @param {number} reach pixels that full pressure is worth
 * @returns {Spot[]}
 */
export function simplified(spots, tolerance, reach = 0) {
  if (spots.length < 3) return spots;
  const keep = new Uint8Array(spots.length);
  keep[0] = keep[spots.length - 1] = 1;
  /** @type {[number, number][]} */
  const open = [[0, spots.length - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [first, last] = part;
    let furthest = tolerance;
    let at = -1;
    for (let index = first + 1; index < last; index++) {
      const off = distance(spots, index, first, last, reach);
      if (off > furthest) [furthest, at] = [off, index];
    }
    if (at < 0) continue;
    keep[at] = 1;
    open.push([first, at], [at, last]);
  }
  return spots.filter((_, index) => keep[index]);
}

/**
 * How far a spot is from the straight line between two others.
 *
 * @param {Spot[]} spots
 * @param {number} index
 * @param {number} first
 * @param {number} last
 * @param {number} reach
 */
function distance(spots, index, first, last, reach) {
  const [spot, start, end] = /** @type {[Spot, Spot, Spot]} */ ([spots[index], spots[first], spots[last]]);
  const across = end.x - start.x;
  const down = end.y - start.y;
  const length = across * across + down * down;
  const along = length ? ((spot.x - start.x) * across + (spot.y - start.y) * down) / length : 0;
  const share = Math.min(1, Math.max(0, along));
  const pressed = start.pressure + share * (end.pressure - start.pressure);
  return Math.hypot(
    spot.x - start.x - share * across,
    spot.y - start.y - share * down,
    (spot.pressure - pressed) * reach,
  );
}

/** @param {Spot[]} spots @returns {number[]} x and y of each */
export const pairs = (spots) => spots.flatMap(({ x, y }) => [round(x), round(y)]);

/** @param {Spot[]} spots @returns {number[]} x, y and pressure of each */
export const triples = (spots) => spots.flatMap(({ x, y, pressure }) => [round(x), round(y), round(pressure)]);
