// SPDX-License-Identifier: AGPL-3.0-or-later
/** Whether a backend computes what the processor computes, on a picture made here. */

/** @import {Contract} from "../app/protocol.js" */

/** Mean difference of two mattes, of 1: 16-bit floats stay below a tenth of it, a broken driver does not. */
const TOLERANCE = 0.02;

/**
 * A bright disc on a dark, grained ground, as a net of this contract takes it, at its smallest side.
 *
 * @param {Contract} contract
 * @returns {{data: Float32Array, dims: number[]}}
 */
export function knownPicture({ sides, mean, std }) {
  const side = Math.min(...sides);
  const plane = side * side;
  const data = new Float32Array(3 * plane);
  // A linear congruential generator: the same grain on every device.
  let seed = 1;
  for (let place = 0; place < plane; place++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const grain = (seed >>> 24) / 8;
    const across = (place % side) / side - 0.5;
    const down = Math.floor(place / side) / side - 0.5;
    const inside = Math.hypot(across, down) < 0.3;
    const colour = inside ? [230, 180 - 100 * down, 90 + 100 * across] : [30 + grain, 45 + grain, 40 + grain];
    for (const [channel, value] of colour.entries()) {
      data[channel * plane + place] = (value - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    }
  }
  return { data, dims: [1, 3, side, side] };
}

/**
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} known
 * @param {Contract["activation"]} activation
 */
export function sameAnswer(found, known, activation) {
  if (found.length !== known.length) return false;
  const level = levels(known, activation);
  let sum = 0;
  for (let place = 0; place < known.length; place++) {
    sum += Math.abs(level(found[place] ?? Number.NaN) - level(known[place] ?? Number.NaN));
  }
  // NaN is no number below it, so an answer that holds one fails.
  return sum / known.length <= TOLERANCE;
}

/**
 * How a net's raw value becomes an alpha; min-max by the known answer, so that both are measured alike.
 *
 * @param {ArrayLike<number>} known
 * @param {Contract["activation"]} activation
 * @returns {(value: number) => number}
 */
function levels(known, activation) {
  if (activation === "sigmoid") return (value) => 1 / (1 + Math.exp(-value));
  if (activation === "none") return (value) => value;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < known.length; place++) {
    low = Math.min(low, known[place] ?? 0);
    high = Math.max(high, known[place] ?? 0);
  }
  return (value) => (value - low) / Math.max(high - low, 1e-3);
}

/** @param {ArrayLike<number>} values */
export function allFinite(values) {
  for (let place = 0; place < values.length; place++) if (!Number.isFinite(values[place])) return false;
  return true;
}
