// SPDX-License-Identifier: AGPL-3.0-or-later
/** What dragging in the picture does, where it does not move the view. */

/** @import {Part} from "./elements/inspector.js" */
/** @import {RecipeData} from "./protocol.js" */

/** How far a subject is moved at most, a picture behind it, and how large a subject is at least and at most: as offcut.frame and offcut.backdrop have it. */
const [SUBJECT, BEHIND, SMALLEST, LARGEST] = [2, 1, 0.05, 20];

/**
 * What is moved, with these parts of the panel open.
 *
 * @param {RecipeData} recipe
 * @param {ReadonlySet<Part>} parts
 * @returns {"frame" | "backdrop" | null}
 */
export function moves({ scene: { backdrop } }, parts) {
  if (parts.has("frame")) return "frame";
  const placed = backdrop && "image" in backdrop && backdrop.image.fit === "place";
  return parts.has("scene") && placed ? "backdrop" : null;
}

/**
 * The recipe of what was moved by shares of the canvas.
 *
 * @param {RecipeData} recipe
 * @param {ReadonlySet<Part>} parts
 * @param {{x: number, y: number}} by
 * @returns {RecipeData}
 */
export function moved(recipe, parts, { x, y }) {
  const { frame, scene } = recipe;
  if (moves(recipe, parts) === "frame") {
    return { ...recipe, frame: { ...frame, x: within(frame.x + x, SUBJECT), y: within(frame.y + y, SUBJECT) } };
  }
  if (!scene.backdrop || !("image" in scene.backdrop)) return recipe;
  const { image } = scene.backdrop;
  const backdrop = { image: { ...image, x: within(image.x + x, BEHIND), y: within(image.y + y, BEHIND) } };
  return { ...recipe, scene: { ...scene, backdrop } };
}

/**
 * The recipe of a subject that is to be so large.
 *
 * @param {RecipeData} recipe
 * @param {number} zoom
 * @returns {RecipeData}
 */
export const scaled = (recipe, zoom) => ({
  ...recipe,
  frame: { ...recipe.frame, zoom: Math.min(LARGEST, Math.max(SMALLEST, zoom)) },
});

/**
 * @param {number} share
 * @param {number} most
 */
const within = (share, most) => Math.min(most, Math.max(-most, share));
