// SPDX-License-Identifier: AGPL-3.0-or-later
import { OffcutError } from "../app/fault.js";

/** @import {FromNet, ToNet} from "../app/protocol.js" */

/** The Python worker's door to whichever inference worker is alive. */
export class Net {
  /** @type {Set<(error: OffcutError) => void>} */
  #pending = new Set();
  /** @type {PromiseWithResolvers<MessagePort>} */
  #port = Promise.withResolvers();

  /** @param {MessagePort} port to a fresh inference worker */
  connect(port) {
    this.#port.resolve(port);
    this.#port = Promise.withResolvers();
    this.#port.resolve(port);
  }

  /** The inference worker is gone: whatever it was asked will never be answered. */
  lost() {
    this.#port = Promise.withResolvers();
    for (const reject of this.#pending) reject(new OffcutError("engine.lost"));
  }

  /**
   * @param {string} model
   * @param {Float32Array<ArrayBuffer>} data transferred away
   * @param {number[]} dims
   * @param {AbortSignal} signal
   * @returns {Promise<{data: Float32Array, dims: number[]}>}
   */
  run(model, data, dims, signal) {
    return new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      const settle = () => {
        this.#pending.delete(fail);
        signal.removeEventListener("abort", cancelled);
        port1.close();
      };
      const fail = (/** @type {OffcutError} */ error) => {
        settle();
        reject(error);
      };
      const cancelled = () => fail(new OffcutError("job.cancelled"));
      this.#pending.add(fail);
      signal.addEventListener("abort", cancelled);
      port1.onmessage = ({ data: message }) => {
        const reply = /** @type {FromNet} */ (message);
        if (reply.type === "net:failed") return fail(OffcutError.from(reply.fault));
        settle();
        resolve({ data: reply.data, dims: reply.dims });
      };
      this.#port.promise.then((engine) => {
        /** @type {ToNet} */
        const request = { type: "net:run", model, data, dims, port: port2 };
        if (signal.aborted) cancelled();
        else engine.postMessage(request, [data.buffer, port2]);
      });
    });
  }
}
