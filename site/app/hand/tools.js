// SPDX-License-Identifier: AGPL-3.0-or-later
/** The tools that a person works with by hand, and how each was left. */
import { recall, remember } from "../memory.js";

/**
 * @typedef {"erase" | "restore" | "protect" | "fill" | "lasso" | "rectangle" | "keep" | "drop" | "refine"} Tool
 *
 * @typedef {object} Settings
 * @property {Tool} tool
 * @property {number} brush diameter of the brushes in pixels of the screen
 * @property {number} scribble the same of the lines that keep and drop
 * @property {number} refine the same of the line that refines
 * @property {number} hardness 0..1
 * @property {number} tolerance 0..1
 * @property {boolean} contiguous whether a fill takes only what hangs together
 * @property {boolean} restores whether fill, lasso and rectangle bring back instead of taking away
 * @property {boolean} pressure whether a pen's pressure changes the size
 */

const KEY = "offcut.hand";

/** @type {Settings} */
const FIRST = {
  tool: "erase",
  brush: 48,
  scribble: 12,
  refine: 48,
  hardness: 0.8,
  tolerance: 0.12,
  contiguous: true,
  restores: false,
  pressure: true,
};

export const SIZES = { least: 1, most: 400 };

/** The tool of each key, while work is done by hand. @type {Record<string, Tool>} */
export const KEYS = {
  e: "erase",
  r: "restore",
  p: "protect",
  k: "keep",
  d: "drop",
  w: "fill",
  l: "lasso",
  m: "rectangle",
  g: "refine",
};

/** How the cutout can be shown. */
export const MODES = /** @type {const} */ (["cutout", "overlay", "matte", "outline"]);

/** @returns {Settings} */
export function recallSettings() {
  try {
    const told = JSON.parse(recall(KEY) ?? "{}");
    const known = Object.entries(FIRST).filter(([name, value]) => typeof told[name] === typeof value);
    const settings = { ...FIRST, ...Object.fromEntries(known.map(([name]) => [name, told[name]])) };
    return Object.values(KEYS).includes(settings.tool) ? settings : FIRST;
  } catch {
    return FIRST;
  }
}

/** @param {Settings} settings */
export const rememberSettings = (settings) => remember(KEY, JSON.stringify(settings));

/** Which of the sizes a tool has; "" for none. @param {Tool} tool @returns {"brush" | "scribble" | "refine" | ""} */
export function sizeOf(tool) {
  if (tool === "erase" || tool === "restore" || tool === "protect") return "brush";
  if (tool === "keep" || tool === "drop") return "scribble";
  return tool === "refine" ? "refine" : "";
}
