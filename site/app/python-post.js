// SPDX-License-Identifier: AGPL-3.0-or-later
import { employ, idlePost } from "./post.js";

/** @import {CatalogueData, Fault, FromPython, ToPython} from "./protocol.js" */
/** @import {Post} from "./post.js" */

/** The Python worker, as the page sees it: started once, and again after a crash. */
export class PythonPost {
  post = idlePost();

  #release;
  #root;
  #told;
  /** @type {ReturnType<typeof employ> | null} */
  #hand = null;

  /**
   * @param {string} release URL of this release's folder
   * @param {string} root URL of the site's root
   * @param {{change: () => void, lost: (fault: Fault) => void, want: (model: string) => void}} told called when the
   *   standing changes, when the worker is gone, and when a picture needs this model
   */
  constructor(release, root, told) {
    this.#release = release;
    this.#root = root;
    this.#told = told;
  }

  /** @returns {boolean} whether there is a worker to speak to */
  get present() {
    return this.#hand !== null;
  }

  /** @param {CatalogueData} catalogue */
  start(catalogue) {
    const hand = employ(
      new URL("workers/python.js", this.#release),
      (/** @type {FromPython} */ message) => this.#hear(message),
      (code, reason) => this.#lost({ code: `python.${code}`, details: reason ? { reason } : {} }),
    );
    this.#hand = hand;
    this.#set({ ...idlePost(), state: "starting", since: performance.now() });
    this.tell({ type: "python:boot", root: this.#root, lock: hand.lock, catalogue });
  }

  /**
   * @param {ToPython} message
   * @param {Transferable[]} [carried]
   */
  tell(message, carried = []) {
    this.#hand?.worker.postMessage(message, carried);
  }

  /** @param {Fault} fault why it cannot even be started */
  refuse(fault) {
    this.#set({ state: "failed", fault });
  }

  /** @param {FromPython} message */
  #hear(message) {
    if (message.type === "python:stage") {
      this.#set({ stage: message.stage, done: message.done, total: message.total });
    } else if (message.type === "python:ready") {
      const { ms, restored } = message;
      this.#set({ state: "ready", ms, restored, since: performance.now() });
    } else if (message.type === "engine:want") {
      this.#told.want(message.model);
    } else {
      this.#lost(message.fault);
    }
  }

  /** @param {Fault} fault */
  #lost(fault) {
    this.#hand?.end();
    this.#hand = null;
    this.#set({ state: "failed", fault });
    this.#told.lost(fault);
  }

  /** @param {Partial<Post>} change */
  #set(change) {
    this.post = { ...this.post, ...change };
    this.#told.change();
  }
}
