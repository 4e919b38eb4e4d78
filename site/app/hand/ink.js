// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Lines on a canvas. A view here says how the picture lies on it: `scale` is its pixels per pixel of the picture.
 *
 * @import {View} from "../viewport.js"
 * @import {Spot} from "./stroke.js"
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Part In pixels of the canvas.
 */

/** Ink of lines that change nothing by themselves, and of what is protected. */
export const INKS = /** @type {Record<string, string>} */ ({
  keep: "#1f9d61",
  drop: "#d6381a",
  refine: "#3a6ea5",
  area: "#3a6ea5",
  shield: "#3a6ea5",
});

/** A picture's pixel that is larger than so many of the screen is shown as a square. */
const MAGNIFIED = 3;

export const pen = (/** @type {HTMLCanvasElement} */ canvas) =>
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * From here on, what is drawn is meant in pixels of the picture.
 *
 * @param {CanvasRenderingContext2D} on
 * @param {View} view
 */
export function inPicture(on, { scale, x, y }) {
  on.setTransform(scale, 0, 0, scale, x, y);
  on.imageSmoothingEnabled = scale < MAGNIFIED;
  on.imageSmoothingQuality = "medium";
}

/**
 * Lays the path of a closed line.
 *
 * @param {CanvasRenderingContext2D} on
 * @param {View} view
 * @param {Spot[]} spots
 */
export function polygon(on, view, spots) {
  inPicture(on, view);
  on.beginPath();
  for (const { x, y } of spots) on.lineTo(x, y);
  on.closePath();
}

/**
 * Draws a line, as wide as the pen was pressed.
 *
 * @param {CanvasRenderingContext2D} on
 * @param {View} view
 * @param {Spot[]} spots
 * @param {number} radius in pixels of the picture
 * @param {string} [colour]
 */
export function trace(on, view, spots, radius, colour = "#000000") {
  inPicture(on, view);
  on.strokeStyle = on.fillStyle = colour;
  on.lineCap = on.lineJoin = "round";
  const even = spots.every(({ pressure }) => pressure === spots[0]?.pressure);
  if (even) {
    on.lineWidth = 2 * radius * (spots[0]?.pressure ?? 1);
    on.beginPath();
    for (const { x, y } of spots) on.lineTo(x, y);
    if (spots.length === 1) on.lineTo((spots[0]?.x ?? 0) + 1e-3, spots[0]?.y ?? 0);
    if (on.lineWidth > 0) on.stroke();
  } else {
    spots.forEach((spot, index) => {
      const next = spots[index + 1] ?? spot;
      on.lineWidth = radius * (spot.pressure + next.pressure);
      on.beginPath();
      on.moveTo(spot.x, spot.y);
      on.lineTo(next.x + 1e-3, next.y);
      if (spot.pressure + next.pressure > 0) on.stroke();
    });
  }
  on.setTransform(1, 0, 0, 1, 0, 0);
}

/**
 * The least and the most of some numbers: a long line has more of them than a function takes.
 *
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function range(values) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/**
 * A soft brush as a hard one that is blurred: cover falls from full to none between the core and the rim, most steeply
 * half way.
 *
 * @param {{radius: number, hardness: number}} brush
 */
export const softness = ({ radius, hardness }) => ({
  core: (radius * (1 + hardness)) / 2,
  blur: 0.266 * radius * (1 - hardness),
});

/**
 * @param {number[]} points
 * @param {2 | 3} each
 * @returns {Spot[]}
 */
export function spotsOf(points, each) {
  const spots = [];
  for (let at = 0; at < points.length; at += each) {
    spots.push({ x: points[at] ?? 0, y: points[at + 1] ?? 0, pressure: each === 3 ? (points[at + 2] ?? 1) : 1 });
  }
  return spots;
}

/**
 * @param {CanvasRenderingContext2D} on
 * @param {Part} part
 */
export function clip(on, { left, top, right, bottom }) {
  on.beginPath();
  on.rect(left, top, right - left, bottom - top);
  on.clip();
}

/**
 * @param {CanvasRenderingContext2D} on
 * @param {HTMLCanvasElement} from
 * @param {Part} part
 */
export function copied(on, from, part) {
  on.save();
  clip(on, part);
  on.globalCompositeOperation = "copy";
  on.drawImage(from, 0, 0);
  on.restore();
}
