// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Where a picture lies in a stage. Pure arithmetic in CSS pixels: `scale` is CSS pixels per picture pixel, `x` and
 * `y` the picture's top left corner in the stage.
 *
 * @typedef {{width: number, height: number}} Size
 * @typedef {{scale: number, x: number, y: number}} View
 */

const MAX_SCALE = 8;
const MARGIN = 24;

/**
 * @param {Size} stage
 * @param {Size} picture
 * @returns {number} the scale at which all of it is seen; small pictures are not blown up past 2
 */
export function fitScale(stage, picture) {
  const margin = Math.min(MARGIN, stage.width / 16);
  const room = {
    width: Math.max(1, stage.width - 2 * margin),
    height: Math.max(1, stage.height - 2 * margin),
  };
  return Math.min(room.width / picture.width, room.height / picture.height, 2);
}

/**
 * @param {Size} stage
 * @param {Size} picture
 * @returns {View}
 */
export function fit(stage, picture) {
  return centred(stage, picture, fitScale(stage, picture));
}

/**
 * @param {Size} stage
 * @param {Size} picture
 * @param {number} scale
 * @returns {View}
 */
function centred(stage, picture, scale) {
  return {
    scale,
    x: (stage.width - picture.width * scale) / 2,
    y: (stage.height - picture.height * scale) / 2,
  };
}

/**
 * Zooms so that the picture's point under (x, y) stays there.
 *
 * @param {View} view
 * @param {Size} stage
 * @param {Size} picture
 * @param {number} scale wanted
 * @param {{x: number, y: number}} at in the stage
 * @returns {View}
 */
export function zoomTo(view, stage, picture, scale, at) {
  const least = Math.min(fitScale(stage, picture), 1);
  const next = Math.min(Math.max(scale, least), Math.max(MAX_SCALE, least));
  const ratio = next / view.scale;
  return settle({ scale: next, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, stage, picture);
}

/**
 * Keeps the picture in reach: centred along a side that fits, else never leaving the stage.
 *
 * @param {View} view
 * @param {Size} stage
 * @param {Size} picture
 * @returns {View}
 */
export function settle(view, stage, picture) {
  const along = (/** @type {number} */ start, /** @type {number} */ length, /** @type {number} */ room) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, start));
  return {
    scale: view.scale,
    x: along(view.x, picture.width * view.scale, stage.width),
    y: along(view.y, picture.height * view.scale, stage.height),
  };
}

/**
 * Whether the picture is larger than the stage, so that dragging moves it.
 *
 * @param {View} view
 * @param {Size} stage
 * @param {Size} picture
 */
export const overflows = (view, stage, picture) =>
  picture.width * view.scale > stage.width + 1 || picture.height * view.scale > stage.height + 1;
