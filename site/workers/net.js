// SPDX-License-Identifier: AGPL-3.0-or-later
import { OffcutError } from "../app/fault.js";

/** @import {Fault, FromNet, Rung, ToNet} from "../app/protocol.js" */

/**
 * @typedef {object} Request
 * @property {string} model
 * @property {Float32Array} data
 * @property {number[]} dims
 * @property {MessagePort | null} port where its answer arrives; null while it waits for an engine
 * @property {(answer: Answer) => void} resolve
 * @property {(error: OffcutError) => void} reject
 *
 * @typedef {{data: Float32Array, dims: number[], rung: Rung}} Answer
 */

/**
 * The Python worker's door to whichever inference worker is alive. A request waits here until an engine with its model
 * is connected, and outlives an engine that goes: the next one is asked again.
 */
export class Net {
  /** In order of arrival. @type {Set<Request>} */
  #requests = new Set();
  /** @type {{port: MessagePort, model: string} | null} */
  #engine = null;
  #want;

  /** @param {(model: string) => void} want asks for an engine with this model */
  constructor(want) {
    this.#want = want;
  }

  /**
   * @param {MessagePort} port to a fresh inference worker
   * @param {string} model the one it holds
   */
  connect(port, model) {
    this.#engine = { port, model };
    for (const request of this.#requests) this.#withdraw(request);
    this.#pump();
  }

  /**
   * The inference worker is gone. What it was at work on waits for the next, or fails with `fault`.
   *
   * @param {Fault | null} fault
   */
  lost(fault) {
    this.#engine = null;
    for (const request of [...this.#requests].filter(({ port }) => port)) {
      this.#withdraw(request);
      if (fault) request.reject(OffcutError.from(fault));
    }
  }

  /**
   * @param {string} model
   * @param {Float32Array<ArrayBuffer>} data
   * @param {number[]} dims
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  run(model, data, dims, signal) {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#withdraw(request);
        this.#requests.delete(request);
        signal.removeEventListener("abort", cancelled);
        this.#pump();
      };
      const cancelled = () => request.reject(new OffcutError("job.cancelled"));
      /** @type {Request} */
      const request = {
        model,
        data,
        dims,
        port: null,
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#requests.add(request);
      signal.addEventListener("abort", cancelled);
      if (signal.aborted) cancelled();
      else this.#pump();
    });
  }

  /** Sends what the engine can answer. Another model is asked for once nothing is under way: it takes the engine's place. */
  #pump() {
    for (const request of this.#requests) {
      if (request.port) continue;
      if (this.#engine?.model === request.model) {
        this.#send(request, this.#engine.port);
      } else {
        if (![...this.#requests].some(({ port }) => port)) this.#want(request.model);
        return;
      }
    }
  }

  /**
   * @param {Request} request
   * @param {MessagePort} engine
   */
  #send(request, engine) {
    const { port1, port2 } = new MessageChannel();
    request.port = port1;
    port1.onmessage = ({ data: message }) => {
      const reply = /** @type {FromNet} */ (message);
      if (reply.type === "net:failed") request.reject(OffcutError.from(reply.fault));
      else request.resolve({ data: reply.data, dims: reply.dims, rung: reply.rung });
    };
    // Copied, not handed over: should this engine fail, the next one gets the same.
    /** @type {ToNet} */
    const message = { type: "net:run", model: request.model, data: request.data, dims: request.dims, port: port2 };
    engine.postMessage(message, [port2]);
  }

  /** @param {Request} request whose answer is no longer awaited */
  #withdraw(request) {
    request.port?.close();
    request.port = null;
  }
}
