// SPDX-License-Identifier: AGPL-3.0-or-later
import { Sketcher } from "./sketcher.js";

/** @import {Wish} from "./elements/edges.js" */
/** @import {RecipeData} from "./protocol.js" */
/** @import {Job, Queue} from "./queue.js" */
/** @import {Staff} from "./staff.js" */

/** So long after the last move of a slider the picture is made in full, in milliseconds. */
const REST_MS = 500;

/**
 * What a person is wishing of the picture at hand: sketched at once, and made in full when the wishing rests.
 *
 * @fires Drafts#change when there is something else to see
 */
export class Drafts extends EventTarget {
  #queue;
  #sketcher;
  /** @type {Job | null} */
  #job = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** The recipe of the full picture that is on the screen. @type {RecipeData | null} */
  #seen = null;

  /**
   * @param {Queue} queue
   * @param {Staff} staff
   */
  constructor(queue, staff) {
    super();
    this.#queue = queue;
    this.#sketcher = new Sketcher(staff);
    this.#sketcher.addEventListener("drawn", () => this.dispatchEvent(new Event("change")));
    staff.addEventListener("change", () => {
      if (staff.python.state === "failed") this.#sketcher.close();
    });
  }

  /**
   * A slider moves.
   *
   * @param {Job} job
   * @param {Wish} wish
   * @param {boolean} over whether it was let go
   */
  adjust(job, { method, edges }, over) {
    this.#job = job;
    this.#queue.draft(job, { ...job.recipe, method, edges });
    this.#sketcher.wish(job.file, job.recipe);
    clearTimeout(this.#rest);
    if (over) this.#rest = setTimeout(() => this.#finish(), REST_MS);
  }

  /** Wishes are to be expected. @param {Job} job */
  prepare(job) {
    this.#sketcher.prepare(job.file, job.recipe);
  }

  /** The full picture is on the screen: the sketch of it has done its work. @param {Job} job */
  settle(job) {
    this.#seen = job.shown;
    this.dispatchEvent(new Event("change"));
  }

  /** The person turns to something else. */
  leave() {
    this.#finish();
    this.#sketcher.close();
  }

  /**
   * What was sketched, while the full picture does not show it yet and is not going to show something else.
   *
   * @param {Job} job
   */
  sketch({ state, recipe, shown }) {
    const { drawing } = this.#sketcher;
    const takenBack = recipe === shown && drawing?.recipe !== shown;
    const seen = drawing?.recipe === this.#seen;
    return drawing && state !== "failed" && !takenBack && !seen ? drawing.image : null;
  }

  #finish() {
    clearTimeout(this.#rest);
    const job = this.#job;
    this.#job = null;
    const here = job && this.#queue.jobs.includes(job);
    if (here && job.result && job.state === "done" && job.recipe !== job.shown) this.#queue.want(job, job.recipe);
  }
}
