// SPDX-License-Identifier: AGPL-3.0-or-later
import { ladder, wantsAdapter } from "./device.js";
import { findAdapter, keepOutcome, testOutcome } from "./gpu.js";
import { employ, idlePost } from "./post.js";

/** @import {Adapter, Device, Wish} from "./device.js" */
/** @import {Fault, FromInference, ModelRow, Rung, Standing, ToInference, Why} from "./protocol.js" */
/** @import {Post} from "./post.js" */

/** What each failure of a backend says about why the next one runs. Any other fault is none of the backend's. */
/** @type {Record<string, Why>} */
const WHY = {
  "engine.failed": "refused",
  "engine.wrong-answer": "wrong-answer",
  "engine.unreachable": "not-fetched",
  "engine.device-lost": "lost",
  "engine.lost": "lost",
  "matte.not-finite": "wrong-answer",
  "job.out-of-memory": "memory",
};

/**
 * The inference worker, as the page sees it. It holds one model on one backend; another model takes its place, and so
 * does the next backend when one fails.
 */
export class EnginePost {
  post = idlePost();
  /** What runs now, or is getting ready. @type {Standing | null} */
  backend = null;
  /** The model that runs now, or is getting ready. @type {ModelRow | null} */
  model = null;

  #release;
  #root;
  #device;
  #told;
  /** @type {ReturnType<typeof employ> | null} */
  #hand = null;
  /** @type {Rung[]} */
  #rungs = [];
  #step = 0;
  /** @type {Adapter | null} */
  #adapter = null;
  /** Counts what was asked for: what is found out for an earlier wish is not acted on. */
  #turn = 0;

  /**
   * @param {string} release URL of this release's folder
   * @param {string} root URL of the site's root
   * @param {Device} device
   * @param {object} told
   * @param {() => void} told.change the standing changed
   * @param {(worker: Worker, model: ModelRow) => void} told.hired a fresh worker can be joined to Python's
   * @param {(fault: Fault | null) => void} told.gone the worker is gone; what it was at work on failed with the fault,
   *   or goes to the next worker
   * @param {(fault: Fault) => void} told.failed no backend is left
   * @param {(side: number) => void} told.tight memory ran out on the processor with an input of this side
   */
  constructor(release, root, device, told) {
    this.#release = release;
    this.#root = root;
    this.#device = device;
    this.#told = told;
  }

  /**
   * Makes a model ready, if it is not the one that is.
   *
   * @param {ModelRow} model
   * @param {Wish} wish
   * @param {boolean} [anew] even if it is, from the first backend on
   */
  async load(model, wish, anew = false) {
    const same = model.id === this.model?.id;
    if (same && !anew && this.post.state !== "idle" && this.post.state !== "failed") return;
    this.end();
    const turn = this.#turn;
    this.model = model;
    this.#set({ ...idlePost(), state: "starting", since: performance.now(), total: model.bytes });
    if (!same || anew || this.#rungs.length === 0) {
      this.#rungs = [];
      this.#adapter = wantsAdapter(model, wish, this.#device) ? await findAdapter() : null;
      if (turn !== this.#turn) return;
      const refused = this.#adapter !== null && testOutcome(model, this.#adapter) === false;
      const { rungs, why } = ladder(model, wish, this.#device, this.#adapter, refused);
      this.#rungs = rungs;
      this.#step = 0;
      this.#start(why);
    } else {
      this.#start(this.backend?.why ?? "");
    }
  }

  /** Ends the worker, which alone gives its memory back. */
  end() {
    this.#turn += 1;
    this.#leave(null);
    this.#set(idlePost());
  }

  /** Ends a worker that is at work, which cannot be asked to stop, and makes a fresh one ready. */
  replace() {
    this.#leave(null);
    this.#start(this.backend?.why ?? "");
  }

  /** @param {Fault} fault why it cannot even be started */
  refuse(fault) {
    this.#set({ state: "failed", fault });
  }

  /** @param {(worker: Worker, model: ModelRow) => void} work done with the worker, if there is one */
  withWorker(work) {
    if (this.#hand && this.model) work(this.#hand.worker, this.model);
  }

  /** @param {Why} why */
  #start(why) {
    const model = this.model;
    const rung = this.#rungs[this.#step];
    if (!model || !rung) return;
    const hand = employ(
      new URL("workers/inference.js", this.#release),
      (/** @type {FromInference} */ message) => this.#hear(message),
      (code, reason) => this.#failed({ code: `engine.${code}`, details: reason ? { reason } : {} }),
    );
    this.#hand = hand;
    this.backend = { ...rung, why };
    this.#set({ ...idlePost(), state: "starting", since: performance.now(), total: model.bytes });
    const test = rung.backend === "webgpu" && this.#adapter !== null && testOutcome(model, this.#adapter) === null;
    /** @type {ToInference} */
    const message = { type: "engine:boot", root: this.#root, lock: hand.lock, model, rung, test };
    hand.worker.postMessage(message);
    this.#told.hired(hand.worker, model);
  }

  /** @param {FromInference} message */
  #hear(message) {
    if (message.type === "engine:progress") {
      const { stage, done, total, cached } = message;
      this.#set({ stage, done, total, cached });
    } else if (message.type === "engine:ready") {
      if (this.backend?.backend === "webgpu") this.#judge(true);
      const { ms, stored } = message;
      this.#set({ state: "ready", ms, stored, since: performance.now() });
    } else {
      this.#failed(message.fault);
    }
  }

  /** @param {boolean} passed */
  #judge(passed) {
    if (this.model && this.#adapter) keepOutcome(this.model, this.#adapter, passed);
  }

  /**
   * Goes on with the next backend where the fault is this one's; else the engine has failed until it is started again.
   *
   * @param {Fault} fault
   */
  #failed(fault) {
    const onGpu = this.backend?.backend === "webgpu";
    const ran = this.post.state === "ready";
    const why = WHY[fault.code];
    if (fault.code === "engine.wrong-answer") this.#judge(false);
    // A worker that the browser ended without a word is started again only when asked to: it may do so for ever.
    const next = why && (onGpu || fault.code !== "engine.lost") ? this.#rungs[this.#step + 1] : undefined;
    const tight = fault.code === "job.out-of-memory" && !onGpu && ran;
    if (next) this.#step += 1;
    if (next || tight) {
      // The processor's memory holds no picture of this size: the job itself has to try a smaller one.
      if (tight) this.#told.tight(Number(fault.details.side ?? 0));
      this.#leave(tight ? fault : null);
      // Why the first choice was left says more than how the second one failed.
      const before = this.backend?.why;
      this.#start(before && Object.values(WHY).includes(before) ? before : (why ?? ""));
      return;
    }
    this.#leave(fault);
    this.#set({ state: "failed", fault });
    this.#told.failed(fault);
  }

  /** @param {Fault | null} fault */
  #leave(fault) {
    if (!this.#hand) return;
    this.#hand.end();
    this.#hand = null;
    this.#told.gone(fault);
  }

  /** @param {Partial<Post>} change */
  #set(change) {
    this.post = { ...this.post, ...change };
    this.#told.change();
  }
}
