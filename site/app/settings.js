// SPDX-License-Identifier: AGPL-3.0-or-later
/** How files were written last: the next pictures begin with it. */
import { OUTPUT } from "./defaults.js";
import { recall, remember } from "./memory.js";
import { same } from "./plain.js";

/** @import {OutputSettings, RecipeData} from "./protocol.js" */

/** The key under which it is remembered. */
const KEY = "offcut.output";

/** What is remembered: nothing of one picture's own, and not that camera, date and place were kept once. */
const KEPT = /** @type {const} */ (["format", "quality", "lossless", "name"]);

/** @type {Record<typeof KEPT[number], (value: unknown) => boolean>} */
const SOUND = {
  format: (value) => ["png", "jpeg", "webp", "mask", "ora", "pdf"].includes(/** @type {string} */ (value)),
  quality: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100,
  lossless: (value) => typeof value === "boolean",
  name: (value) => typeof value === "string" && value !== "" && value.length <= 80,
};

/** @returns {Partial<OutputSettings>} */
function told() {
  try {
    const known = JSON.parse(recall(KEY) ?? "{}");
    return Object.fromEntries(KEPT.filter((name) => SOUND[name](known[name])).map((name) => [name, known[name]]));
  } catch {
    return {};
  }
}

/**
 * Remembers what a person changed of how a file is written.
 *
 * @param {Partial<OutputSettings>} change
 */
export function keepOutput(change) {
  const kept = KEPT.filter((name) => name in change).map((name) => [name, change[name]]);
  if (kept.length) remember(KEY, JSON.stringify({ ...told(), ...Object.fromEntries(kept) }));
}

/** Files are to be written as they are at first. */
export const forgetOutput = () => remember(KEY, null);

/**
 * A recipe that writes its file as the person did last; one that has its own way of writing keeps it.
 *
 * @param {RecipeData} recipe
 * @returns {RecipeData}
 */
export const asLastWritten = (recipe) =>
  same(recipe.output, OUTPUT) ? { ...recipe, output: { ...OUTPUT, ...told() } } : recipe;
