// SPDX-License-Identifier: AGPL-3.0-or-later
import { FRAME, OUTPUT, SCENE } from "./defaults.js";
import { same } from "./plain.js";

/** @import {RecipeData} from "./protocol.js" */
/** @import {Job} from "./queue.js" */
/** @import {Staff} from "./staff.js" */

/** The same recipe without what comes after the cutout. @param {RecipeData} recipe @returns {RecipeData} */
export const bareRecipe = (recipe) => ({ ...recipe, scene: SCENE, frame: FRAME, output: OUTPUT, purpose: null });

/** Whether a recipe's file is the cutout itself. @param {RecipeData} recipe */
export const isBare = ({ scene, frame, output }) =>
  same(scene, SCENE) && same(frame, FRAME) && output.format === "png" && !output.sheet;

/**
 * Whether a recipe leaves the photo as it is, but for its frame: nothing is cut out of it.
 *
 * @param {RecipeData} recipe
 */
export const isUntouched = ({ scene }) => same(scene, { ...SCENE, backdrop: { original: { blur: 0, grey: 0 } } });

/** @typedef {{recipe: RecipeData, blob: Blob | null, failed: boolean}} Made `blob` may be that of a recipe before. */

/**
 * Cutouts without backdrop and frame, for work by hand.
 *
 * @fires Bare#change when another is there, or cannot be made
 */
export class Bare extends EventTarget {
  #staff;
  /** @type {WeakMap<Job, Made>} */
  #made = new WeakMap();
  /** @type {AbortController | null} */
  #making = null;

  /** @param {Staff} staff */
  constructor(staff) {
    super();
    this.#staff = staff;
  }

  /**
   * The cutout of what is shown; while it is made the one before, and null where there is none.
   *
   * @param {Job} job
   * @returns {Blob | null}
   */
  of(job) {
    const { shown, result } = job;
    if (!shown || !result) return null;
    return isBare(shown) ? result.blob : (this.#made.get(job)?.blob ?? null);
  }

  /** Whether the cutout could not be made. @param {Job} job */
  failed(job) {
    const made = this.#made.get(job);
    return made !== undefined && made.recipe === job.shown && made.failed;
  }

  /**
   * Has it made, as soon as nothing else is made of the picture; what was made for another is given up.
   *
   * @param {Job | null} job null where nobody wants any more
   */
  want(job) {
    const rests = job?.state === "done" && job.recipe === job.shown;
    if (!job?.shown || !rests) {
      this.#making?.abort();
      this.#making = null;
      return;
    }
    if (isBare(job.shown) || this.#made.get(job)?.recipe === job.shown) return;
    this.#make(job, job.shown);
  }

  /** Tries again what could not be made. @param {Job} job */
  retry(job) {
    if (this.failed(job)) this.#made.delete(job);
  }

  /**
   * @param {Job} job
   * @param {RecipeData} shown
   */
  async #make(job, shown) {
    this.#making?.abort();
    const making = new AbortController();
    this.#making = making;
    const before = this.#made.get(job);
    this.#made.set(job, { recipe: shown, blob: before?.blob ?? null, failed: false });
    const made = await this.#staff.run(job.file, bareRecipe(shown), making.signal, () => {}).catch(() => null);
    if (this.#made.get(job)?.recipe !== shown) return;
    if (made) this.#made.set(job, { recipe: shown, blob: made.blob, failed: false });
    else if (!making.signal.aborted) this.#made.set(job, { recipe: shown, blob: null, failed: true });
    else if (before) this.#made.set(job, before);
    else this.#made.delete(job);
    this.dispatchEvent(new Event("change"));
  }
}
