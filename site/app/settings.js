// SPDX-License-Identifier: AGPL-3.0-or-later
/** How files were written last: the next pictures begin with it. */
import { recall } from "./memory.js";

/** @import {OutputSettings, RecipeData} from "./protocol.js" */

/** The key under which it is remembered. */
export const OUTPUT = "offcut.output";

const FORMATS = ["png", "jpeg", "webp", "mask", "ora", "pdf"];

/**
 * A recipe that writes its file as the person did last; one that has its own way of writing keeps it.
 *
 * @param {RecipeData} recipe
 * @returns {RecipeData}
 */
export function asLastWritten(recipe) {
  try {
    /** @type {Partial<OutputSettings>} */
    const told = JSON.parse(recall(OUTPUT) ?? "{}");
    const { format, quality, lossless, metadata, name } = { ...recipe.output, ...told };
    const sound =
      FORMATS.includes(format) &&
      Number.isInteger(quality) &&
      quality >= 1 &&
      quality <= 100 &&
      typeof lossless === "boolean" &&
      ["strip", "keep"].includes(metadata) &&
      typeof name === "string" &&
      name !== "";
    const own = recipe.output.format !== "png" || recipe.output.most !== null || recipe.output.least !== null;
    if (!sound || own) return recipe;
    return { ...recipe, output: { ...recipe.output, format, quality, lossless, metadata, name } };
  } catch {
    return recipe;
  }
}
