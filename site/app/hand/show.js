// SPDX-License-Identifier: AGPL-3.0-or-later
/** Ways to show a cutout, from its canvas alone. */
import { clip, pen } from "./ink.js";

/** @import {Part} from "./ink.js" */

const AROUND = /** @type {const} */ ([
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
]);

/**
 * A colour where the cutout is, or where it is not but the picture is.
 *
 * @param {HTMLCanvasElement} cut the cutout
 * @param {HTMLCanvasElement} on where it is drawn
 * @param {Part} part
 * @param {GlobalCompositeOperation} operation
 * @param {string} colour
 * @param {{x: number, y: number, width: number, height: number}} picture where the picture lies
 */
export function tinted(cut, on, part, operation, colour, { x, y, width, height }) {
  const room = pen(on);
  room.save();
  clip(room, part);
  room.globalCompositeOperation = "copy";
  room.drawImage(cut, 0, 0);
  room.globalCompositeOperation = operation;
  room.fillStyle = colour;
  room.fillRect(x, y, width, height);
  room.restore();
  return on;
}

/**
 * A line around all that is to be seen of the cutout.
 *
 * @param {HTMLCanvasElement} cut the cutout
 * @param {HTMLCanvasElement} on where it is drawn
 * @param {Part} part
 * @param {number} reach how wide it is, in pixels
 */
export function outlined(cut, on, part, reach) {
  const room = pen(on);
  room.save();
  clip(room, part);
  room.globalCompositeOperation = "copy";
  room.drawImage(cut, reach, 0);
  room.globalCompositeOperation = "source-over";
  for (const [x, y] of AROUND) room.drawImage(cut, x * reach, y * reach);
  // Soft pixels are as good as the subject's: the line is drawn around all that is to be seen.
  for (let turn = 0; turn < 3; turn++) room.drawImage(on, 0, 0);
  room.globalCompositeOperation = "source-in";
  room.fillStyle = "#ff2d00";
  room.fillRect(0, 0, on.width, on.height);
  room.globalCompositeOperation = "destination-out";
  for (let turn = 0; turn < 3; turn++) room.drawImage(cut, 0, 0);
  room.restore();
  return on;
}
