// SPDX-License-Identifier: AGPL-3.0-or-later
/** The list of pictures and what has become of each. One after another; a failed one blocks nobody. */
import { toFault } from "./fault.js";

/** @import {Fault, JobResult, RecipeData, Stage} from "./protocol.js" */
/** @import {Staff} from "./staff.js" */

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {File} file
 * @property {RecipeData} start the recipe it was added with
 * @property {RecipeData} recipe what is wanted
 * @property {RecipeData | null} shown the recipe `result` was made with
 * @property {"waiting" | "working" | "done" | "failed" | "cancelled"} state
 * @property {Stage | "open" | ""} stage
 * @property {number} started performance.now() when work on it began
 * @property {number} took milliseconds from start to result
 * @property {boolean} cold whether the engine was still getting ready when work on the result began
 * @property {JobResult | null} result
 * @property {Fault | null} fault
 * @property {(() => void) | null} again how to try again with what is no picture itself
 */

/**
 * @typedef {object} Opened What was in a project or an archive.
 * @property {File} file
 * @property {RecipeData} recipe
 * @property {RecipeData} [start]
 * @property {File[]} [rest]
 */

/**
 * @typedef {object} Current
 * @property {Job} job
 * @property {AbortController} abort
 * @property {"" | "again" | "draft"} next what it was stopped for
 */

/**
 * @param {number} id
 * @param {File} file
 * @param {RecipeData} recipe
 * @param {RecipeData} [start]
 * @returns {Job}
 */
const newJob = (id, file, recipe, start = recipe) => ({
  id,
  file,
  start,
  recipe,
  shown: null,
  state: "waiting",
  stage: "",
  started: 0,
  took: 0,
  cold: false,
  result: null,
  fault: null,
  again: null,
});

/**
 * @fires Queue#change when any job does
 */
export class Queue extends EventTarget {
  /** @type {Job[]} */
  jobs = [];

  #staff;
  #nextId = 1;
  /** @type {Current | null} */
  #current = null;

  /** @param {Staff} staff */
  constructor(staff) {
    super();
    this.#staff = staff;
  }

  /**
   * @param {File[]} files
   * @param {RecipeData} recipe
   * @param {RecipeData} [start] what a person comes back to who takes everything back
   * @returns {Job[]}
   */
  add(files, recipe, start = recipe) {
    const added = files.map((file) => newJob(this.#nextId++, file, recipe, start));
    this.jobs.push(...added);
    this.#changed();
    this.#pump();
    return added;
  }

  /**
   * A project, or an archive, is in the list while it is opened: then the pictures in it take its place, or it stays
   * with the reason.
   *
   * @param {File} file
   * @param {RecipeData} recipe
   * @param {() => Promise<Opened>} open
   * @returns {Job}
   */
  expect(file, recipe, open) {
    const job = newJob(this.#nextId++, file, recipe);
    this.jobs.push(job);
    this.#open(job, open);
    return job;
  }

  /**
   * @param {Job} job
   * @param {() => Promise<Opened>} open
   */
  async #open(job, open) {
    Object.assign(job, { state: "working", stage: "open", started: performance.now(), fault: null });
    job.again = () => this.#open(job, open);
    this.#changed();
    try {
      const { file, recipe, start = recipe, rest = [] } = await open();
      if (job.state !== "working") return;
      const others = rest.map((one) => newJob(this.#nextId++, one, recipe, start));
      this.jobs.splice(this.jobs.indexOf(job) + 1, 0, ...others);
      Object.assign(job, { file, start, recipe, again: null });
      this.#wait(job);
    } catch (error) {
      if (job.state !== "working") return;
      Object.assign(job, { state: "failed", fault: toFault(error, "internal") });
      this.#changed();
    }
  }

  /** @param {Job} job */
  cancel(job) {
    if (job.state === "waiting") this.#stopped(job);
    else if (this.#current?.job === job) this.#current.abort.abort();
    else if (job.state === "working") this.#stopped(job);
    this.#changed();
  }

  /**
   * Makes a picture anew with another recipe; what is shown stays until that is done.
   *
   * @param {Job} job
   * @param {RecipeData} recipe
   */
  want(job, recipe) {
    job.recipe = recipe;
    if (this.#current?.job === job) this.#interrupt(this.#current, "again");
    else this.#wait(job);
  }

  /**
   * Notes what is wanted of a finished picture while the person is not done with wishing: nothing is made of it yet.
   *
   * @param {Job} job
   * @param {RecipeData} recipe
   */
  draft(job, recipe) {
    job.recipe = recipe;
    if (this.#current?.job === job) this.#interrupt(this.#current, "draft");
    else if (job.result) Object.assign(job, { state: "done", fault: null });
    this.#changed();
  }

  /** @param {Job} job */
  retry(job) {
    if (job.state !== "failed" && job.state !== "cancelled") return;
    if (job.again) job.again();
    else this.#wait(job);
  }

  /** @param {Job} job */
  remove(job) {
    this.cancel(job);
    this.jobs = this.jobs.filter((other) => other !== job);
    this.#changed();
  }

  /** @param {Job} job */
  #wait(job) {
    Object.assign(job, { state: "waiting", fault: null, stage: "" });
    this.#changed();
    this.#pump();
  }

  /**
   * @param {Current} current
   * @param {"again" | "draft"} next
   */
  #interrupt(current, next) {
    current.next = next;
    current.abort.abort();
  }

  /** A picture that was to be made anew keeps what it has. @param {Job} job */
  #stopped(job) {
    if (job.result && job.shown) Object.assign(job, { state: "done", recipe: job.shown });
    else job.state = "cancelled";
  }

  async #pump() {
    if (this.#current) return;
    const job = this.jobs.find(({ state }) => state === "waiting");
    if (!job) return;
    const abort = new AbortController();
    /** @type {Current} */
    const current = { job, abort, next: "" };
    this.#current = current;
    const { python, engine } = this.#staff;
    const cold = python.state !== "ready" || (engine.state !== "ready" && job.recipe.method.by !== "hand");
    Object.assign(job, { state: "working", started: performance.now() });
    this.#changed();
    try {
      const recipe = await this.#staff.settle(job.recipe);
      if (!current.next) job.recipe = recipe;
      job.result = await this.#staff.run(job.file, recipe, abort.signal, (stage) => {
        job.stage = stage;
        this.#changed();
      });
      Object.assign(job, { state: "done", shown: recipe, took: performance.now() - job.started, cold });
    } catch (error) {
      if (current.next === "draft" && job.result) job.state = "done";
      else if (abort.signal.aborted) this.#stopped(job);
      else Object.assign(job, { state: "failed", fault: toFault(error, "internal") });
    } finally {
      this.#current = null;
      if (current.next === "again") {
        this.#wait(job);
      } else {
        this.#changed();
        this.#pump();
      }
    }
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
