// SPDX-License-Identifier: AGPL-3.0-or-later
import { bareRecipe, isBare } from "./bare.js";
import { Easel } from "./easel.js";
import { History } from "./history.js";
import { same } from "./plain.js";

/** @import {Laid, Look} from "./easel.js" */
/** @import {RecipeData} from "./protocol.js" */
/** @import {Job, Queue} from "./queue.js" */
/** @import {Staff} from "./staff.js" */

/** So long after the last move of a slider the picture is made in full, in milliseconds. */
const REST_MS = 500;
/** The same where nothing changes but how the file is written: then there is nothing to sketch, and its size to see. */
const REST_TO_WRITE_MS = 150;
/** The same after a stroke: more often than not another follows. */
const REST_BY_HAND_MS = 1500;

/**
 * What a person is wishing of the picture at hand: sketched at once, and made in full when the wishing rests.
 *
 * @fires Drafts#change when there is something else to see
 * @fires Drafts#laid detail: Laid, what touches changed of what is looked at
 */
export class Drafts extends EventTarget {
  #queue;
  #easel;
  /** @type {Job | null} */
  #job = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** The recipe of the full picture that is on the screen. @type {RecipeData | null} */
  #seen = null;
  /** @type {WeakMap<Job, History>} */
  #histories = new WeakMap();
  /** The recipe before the slider that is being held was moved. @type {RecipeData | null} */
  #before = null;
  /** What is looked at while a person works by hand. @type {Look | null} */
  #look = null;

  /**
   * @param {Queue} queue
   * @param {Staff} staff
   */
  constructor(queue, staff) {
    super();
    this.#queue = queue;
    this.#easel = new Easel(staff);
    this.#easel.addEventListener("drawn", () => this.dispatchEvent(new Event("change")));
    this.#easel.addEventListener("laid", (event) => {
      const { detail } = /** @type {CustomEvent<Laid>} */ (event);
      // The person begins to look at it now.
      if (this.#rest) this.#restFor(REST_BY_HAND_MS);
      this.dispatchEvent(new CustomEvent("laid", { detail }));
    });
    staff.addEventListener("change", () => {
      if (staff.python.state === "failed") this.#easel.close();
    });
  }

  /** @param {Job} job */
  history(job) {
    const known = this.#histories.get(job) ?? new History();
    this.#histories.set(job, known);
    return known;
  }

  /**
   * Something else is wished.
   *
   * @param {Job} job
   * @param {RecipeData} recipe
   * @param {boolean} [over] whether the person has let go of the slider
   */
  change(job, recipe, over = true) {
    if (!this.#before && same(job.recipe, recipe)) return;
    this.#before ??= job.recipe;
    if (over) {
      if (!same(this.#before, recipe)) this.history(job).step(this.#before, recipe);
      this.#before = null;
    }
    this.#wish(job, recipe, over);
  }

  /**
   * Something else is wished that only the full picture can show.
   *
   * @param {Job} job
   * @param {RecipeData} recipe
   */
  want(job, recipe) {
    this.history(job).step(job.recipe, recipe);
    this.#queue.want(job, recipe);
  }

  /**
   * Goes some steps back, below 0, or forth.
   *
   * @param {Job} job
   * @param {number} by
   * @returns {boolean} false where there is nothing there
   */
  go(job, by) {
    const recipe = this.history(job).go(job.recipe, by);
    if (recipe) this.#wish(job, recipe, true);
    return recipe !== null;
  }

  /** Wishes are to be expected. @param {Job} job */
  prepare(job) {
    this.#easel.prepare(job.file, job.recipe);
  }

  /**
   * The person works by hand, and looks at this; null when that is over.
   *
   * @param {Job} job
   * @param {Look | null} look
   */
  look(job, look) {
    this.#look = look;
    if (look) this.relay(job);
  }

  /**
   * All is laid anew that was done by hand and the full picture on the screen does not show. Where there is nothing,
   * Python makes ready all the same what is looked at now: no stroke has to wait for that.
   *
   * @param {Job} job
   */
  relay(job) {
    this.#easel.forget();
    if (this.#look && job.result) this.#easel.touch(job.file, job.recipe, this.#look, job.recipe === job.shown);
  }

  /** The person is at work: nothing is made in full meanwhile. @param {Job} job */
  hold(job) {
    this.#restFor(0);
    if (job.state === "working" && job.result) this.#queue.draft(job, job.recipe);
  }

  /** The person rests. @param {Job} job */
  release(job) {
    this.#job = job;
    this.#restFor(REST_BY_HAND_MS);
  }

  /** The full picture is on the screen: the sketch of it has done its work. @param {Job} job */
  settle(job) {
    this.#seen = job.shown;
    this.dispatchEvent(new Event("change"));
  }

  /** The person turns to something else. */
  leave() {
    this.#finish();
    this.#look = this.#before = null;
    this.#easel.close();
  }

  /**
   * What was sketched, while the full picture does not show it yet and is not going to show something else.
   *
   * @param {Job} job
   * @param {boolean} [bare] of the cutout alone, in the picture's size, and not of what is around it
   */
  sketch({ state, recipe, shown }, bare = false) {
    const { drawing } = this.#easel;
    if (drawing && drawing.bare !== bare && !isBare(drawing.recipe)) return null;
    const takenBack = recipe === shown && drawing?.recipe !== shown;
    const seen = drawing?.recipe === this.#seen;
    return drawing && state !== "failed" && !takenBack && !seen ? drawing : null;
  }

  /**
   * @param {Job} job
   * @param {RecipeData} recipe
   * @param {boolean} over
   */
  #wish(job, recipe, over) {
    // What was asked for before shows what there is to see, where only the file is to be another.
    const written = !same(job.recipe.output, recipe.output) && same({ ...job.recipe, output: recipe.output }, recipe);
    const before = this.sketch(job, this.#look !== null)?.recipe ?? job.shown;
    const byHand = this.#look && before && sameBut(before, recipe);
    this.#job = job;
    this.#queue.draft(job, recipe);
    if (written) return this.#restFor(REST_TO_WRITE_MS);
    if (this.#look && byHand) this.#easel.touch(job.file, recipe, this.#look);
    else this.#easel.wish(job.file, recipe, this.#look ? bareRecipe(recipe) : recipe);
    this.#restFor(!over ? 0 : byHand ? REST_BY_HAND_MS : REST_MS);
  }

  /** @param {number} ms until the picture is made in full; 0 for no such thing */
  #restFor(ms) {
    clearTimeout(this.#rest);
    this.#rest = ms ? setTimeout(() => this.#finish(), ms) : undefined;
  }

  #finish() {
    this.#restFor(0);
    const job = this.#job;
    this.#job = null;
    const here = job && this.#queue.jobs.includes(job);
    // What failed before there was anything to see is tried again as it is wished now.
    const rests = job?.state === (job?.result ? "done" : "failed");
    if (here && rests && job.recipe !== job.shown) this.#queue.want(job, job.recipe);
  }
}

/**
 * Whether two recipes are the same but for their touches.
 *
 * @param {RecipeData} one
 * @param {RecipeData} other
 */
function sameBut(one, other) {
  const rest = (/** @type {RecipeData} */ recipe) => JSON.stringify({ ...recipe, touches: [] });
  return rest(one) === rest(other);
}
