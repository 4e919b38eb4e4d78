// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {RecipeData} from "./protocol.js" */
/** @import {Job} from "./queue.js" */
/** @import {Staff} from "./staff.js" */

/** @type {Pick<RecipeData, "scene" | "frame" | "output" | "purpose">} What leaves the cutout as it is, in the picture's size. */
const NOTHING_AROUND = {
  scene: {
    backdrop: null,
    drop: null,
    contact: null,
    rim: null,
    tone: { brightness: 0, contrast: 0, saturation: 0 },
  },
  frame: {
    fit: "picture",
    canvas: null,
    margin: 0,
    turn: 0,
    flip: false,
    zoom: 1,
    x: 0,
    y: 0,
    head: { height: 0.7, top: 0.1, crown: null, chin: null, x: null },
  },
  output: {
    format: "png",
    quality: 90,
    lossless: false,
    most: null,
    least: null,
    metadata: "strip",
    name: "{name}",
    sheet: null,
  },
  purpose: null,
};

/** The same recipe without what comes after the cutout. @param {RecipeData} recipe @returns {RecipeData} */
export const bareRecipe = (recipe) => ({ ...recipe, ...NOTHING_AROUND });

/** Whether a recipe's file is the cutout itself. @param {RecipeData} recipe */
export const isBare = ({ scene, frame, output }) =>
  same(scene, NOTHING_AROUND.scene) && same(frame, NOTHING_AROUND.frame) && output.format === "png" && !output.sheet;

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

/**
 * Cutouts without backdrop and frame, for work by hand: made when they are asked for.
 *
 * @fires Bare#change when another is there
 */
export class Bare extends EventTarget {
  #staff;
  /** @type {WeakMap<Job, {recipe: RecipeData, blob: Blob | null}>} */
  #made = new WeakMap();

  /** @param {Staff} staff */
  constructor(staff) {
    super();
    this.#staff = staff;
  }

  /**
   * The cutout of what is shown; null until it is there.
   *
   * @param {Job} job
   * @returns {Blob | null}
   */
  of(job) {
    const { shown, result } = job;
    if (!shown || !result) return null;
    if (isBare(shown)) return result.blob;
    const known = this.#made.get(job);
    if (known?.recipe === shown) return known.blob;
    // While the next is made, the one before stays on the screen.
    this.#made.set(job, { recipe: shown, blob: known?.blob ?? null });
    this.#make(job, shown);
    return known?.blob ?? null;
  }

  /**
   * @param {Job} job
   * @param {RecipeData} shown
   */
  async #make(job, shown) {
    const never = new AbortController().signal;
    const made = await this.#staff.run(job.file, bareRecipe(shown), never, () => {}).catch(() => null);
    if (!made || this.#made.get(job)?.recipe !== shown) return;
    this.#made.set(job, { recipe: shown, blob: made.blob });
    this.dispatchEvent(new Event("change"));
  }
}
