// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page's side of the storekeeper: one worker, started when it is first needed, and one port for each task. */
import { OffcutError } from "./fault.js";
import { employ } from "./post.js";

/** @import {FromTask, StoreResults, StoreTask, ToStorekeeper, ToTask} from "./protocol.js" */

/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {(done: number, total: number) => void} [progress]
 */

export class Storekeeper {
  #release;
  #root;
  #gate;
  /** @type {Promise<Worker> | null} */
  #worker = null;
  /** @type {Set<(error: OffcutError) => void>} */
  #pending = new Set();

  /**
   * @param {string} release URL of this release's folder
   * @param {string} root URL of the site's root
   * @param {Promise<unknown>} gate no worker starts before it (see Staff)
   */
  constructor(release, root, gate) {
    this.#release = release;
    this.#root = root;
    this.#gate = gate;
  }

  /**
   * @template {StoreTask["type"]} K
   * @param {K} type
   * @param {Omit<Extract<StoreTask, {type: K}>, "type" | "port">} task
   * @param {Options} [options] a stopped task rejects with the signal's reason
   * @returns {Promise<StoreResults[K]>}
   */
  async ask(type, task, { signal, progress } = {}) {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    signal?.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      const stop = () => {
        /** @type {ToTask} */
        const message = { type: "task:stop" };
        port1.postMessage(message);
      };
      const settle = () => {
        this.#pending.delete(lost);
        signal?.removeEventListener("abort", stop);
        port1.close();
      };
      const lost = (/** @type {unknown} */ error) => {
        settle();
        reject(error);
      };
      this.#pending.add(lost);
      signal?.addEventListener("abort", stop);
      port1.onmessage = ({ data }) => {
        const reply = /** @type {FromTask} */ (data);
        if (reply.type === "task:progress") progress?.(reply.done, reply.total);
        else if (reply.type === "task:failed") lost(OffcutError.from(reply.fault));
        else if (reply.type === "task:stopped") lost(signal?.reason);
        else {
          settle();
          resolve(/** @type {any} */ (reply.result));
        }
      };
      worker.postMessage({ ...task, type, port: port2 }, [port2]);
    });
  }

  async #start() {
    await this.#gate;
    return await new Promise((resolve, reject) => {
      const hand = employ(
        new URL("workers/storekeeper.js", this.#release),
        () => resolve(hand.worker),
        (_code, reason) => {
          hand.end();
          this.#worker = null;
          const error = new OffcutError("store.failed", { reason });
          reject(error);
          for (const lost of [...this.#pending]) lost(error);
        },
      );
      /** @type {ToStorekeeper} */
      const message = { type: "store:boot", root: this.#root, lock: hand.lock };
      hand.worker.postMessage(message);
    });
  }
}
