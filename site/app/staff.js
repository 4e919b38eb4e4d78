// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The two workers, as the page sees them: started on intent, watched, ended when a job is cancelled inside
 * inference, and started again. Nothing here touches a pixel.
 */
import { watchLifeline } from "../workers/lifeline.js";
import { OffcutError } from "./fault.js";
import { catalogueWithImports } from "./imports.js";

/** @import {CatalogueData, Fault, FromInference, FromJob, FromPreview, FromPython, JobResult, RecipeData, Stage, ToInference, ToJob, ToPython} from "./protocol.js" */

/**
 * @typedef {object} Post One worker's standing.
 * @property {"idle" | "starting" | "ready" | "failed"} state
 * @property {string} stage
 * @property {number} done
 * @property {number} total
 * @property {number} since when the present state began, performance.now()
 * @property {number} ms how long it took to get ready
 * @property {boolean} cached whether its bytes came from this device
 * @property {boolean} stored whether they are kept on it
 * @property {boolean} restored whether it started from a snapshot of its memory
 * @property {Fault | null} fault
 */

/** @returns {Post} */
const idlePost = () => ({
  state: "idle",
  stage: "",
  done: 0,
  total: 0,
  since: 0,
  ms: 0,
  cached: true,
  stored: false,
  restored: false,
  fault: null,
});

/** Threads past the number of real cores slow a matrix product down; the browser only tells logical ones. */
export function threadCount() {
  if (!globalThis.crossOriginIsolated) return 1;
  const logical = navigator.hardwareConcurrency || 2;
  return logical <= 4 ? logical : Math.min(8, Math.max(4, Math.floor(logical / 2)));
}

/** @fires Staff#change whenever a post's standing does */
export class Staff extends EventTarget {
  python = idlePost();
  engine = idlePost();
  /** @type {CatalogueData | null} */
  catalogue = null;

  #release;
  #root;
  #gate;
  /** @type {Worker | null} */
  #pythonWorker = null;
  /** @type {Worker | null} */
  #engineWorker = null;
  #pythonWatch = new AbortController();
  #engineWatch = new AbortController();
  /** @type {Set<(fault: Fault) => void>} */
  #running = new Set();
  /** @type {Promise<void> | null} */
  #starting = null;

  /**
   * @param {string} release URL of this release's folder
   * @param {string} root URL of the site's root
   * @param {Promise<unknown>} gate no worker starts before it: on hosts that send no headers the service worker
   *   gives the workers their policy
   */
  constructor(release, root, gate) {
    super();
    this.#release = release;
    this.#root = root;
    this.#gate = gate;
  }

  /** Starts whatever is not running, side by side; safe to call at every sign of intent. */
  start() {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start() {
    await this.#gate;
    try {
      const response = this.catalogue ? null : await fetch(new URL("catalogue.json", this.#release));
      if (response && !response.ok) throw new Error(`catalogue.json: ${response.status}`);
      if (response) this.catalogue = await catalogueWithImports(await response.json(), this.#root);
    } catch (error) {
      const fault = { code: "site.unreachable", details: { reason: String(error) } };
      this.#set("python", { state: "failed", fault });
      this.#set("engine", { state: "failed", fault });
      return;
    }
    if (!this.#pythonWorker) this.#startPython();
    if (!this.#engineWorker) this.#startEngine();
  }

  /**
   * Runs one picture through the pipeline.
   *
   * @param {File} file
   * @param {RecipeData} recipe
   * @param {AbortSignal} signal
   * @param {(stage: Stage, done: number, total: number) => void} progress
   * @returns {Promise<JobResult>}
   */
  async run(file, recipe, signal, progress) {
    signal.throwIfAborted();
    await this.start();
    const python = this.#pythonWorker;
    if (!python) throw OffcutError.from(this.python.fault ?? { code: "python.lost", details: {} });
    return await new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      /** @type {Stage | ""} */
      let stage = "";
      const settle = () => {
        this.#running.delete(lost);
        signal.removeEventListener("abort", cancel);
        port1.close();
      };
      const lost = (/** @type {Fault} */ fault) => {
        settle();
        reject(OffcutError.from(fault));
      };
      const cancel = () => {
        /** @type {ToJob} */
        const message = { type: "job:cancel" };
        port1.postMessage(message);
        // A running net cannot be asked to stop: its worker is ended, and a fresh one made ready at once.
        if (stage === "infer") this.#replaceEngine();
        settle();
        reject(signal.reason);
      };
      this.#running.add(lost);
      signal.addEventListener("abort", cancel);
      port1.onmessage = ({ data }) => {
        const reply = /** @type {FromJob} */ (data);
        if (reply.type === "job:progress") {
          stage = reply.stage;
          progress(reply.stage, reply.done, reply.total);
        } else if (reply.type === "job:done") {
          settle();
          resolve(reply.result);
        } else {
          lost(reply.fault);
        }
      };
      /** @type {ToPython} */
      const message = { type: "job:run", file, name: file.name, recipe, port: port2 };
      python.postMessage(message, [port2]);
    });
  }

  /**
   * A PNG preview of a picture the browser itself cannot show (TIFF, say).
   *
   * @param {File} file
   * @param {number} side longest side in pixels
   * @returns {Promise<Blob>}
   */
  async preview(file, side) {
    await this.start();
    const python = this.#pythonWorker;
    if (!python) throw new OffcutError("python.lost");
    return await new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        const reply = /** @type {FromPreview} */ (data);
        port1.close();
        if (reply.type === "preview:done") resolve(reply.blob);
        else reject(OffcutError.from(reply.fault));
      };
      /** @type {ToPython} */
      const message = { type: "preview:make", file, name: file.name, side, port: port2 };
      python.postMessage(message, [port2]);
    });
  }

  #startPython() {
    if (!this.catalogue) return;
    const worker = new Worker(new URL("workers/python.js", this.#release), { type: "module" });
    const lock = `offcut-python-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    this.#pythonWorker = worker;
    this.#pythonWatch = new AbortController();
    const { signal } = this.#pythonWatch;
    const lost = (/** @type {Fault} */ fault) => this.#pythonLost(worker, fault);
    let watched = false;
    worker.onerror = (event) => lost({ code: "python.failed", details: { reason: event.message ?? "" } });
    worker.onmessage = ({ data }) => {
      const message = /** @type {FromPython} */ (data);
      if (!watched) {
        watched = true;
        watchLifeline(lock, () => lost({ code: "python.lost", details: {} }), signal);
      }
      if (message.type === "python:stage") {
        this.#set("python", { stage: message.stage, done: message.done, total: message.total });
      } else if (message.type === "python:ready") {
        const { ms, restored } = message;
        this.#set("python", { state: "ready", ms, restored, since: performance.now() });
      } else {
        lost(message.fault);
      }
    };
    this.#set("python", { ...idlePost(), state: "starting", since: performance.now() });
    /** @type {ToPython} */
    const message = { type: "python:boot", root: this.#root, lock, catalogue: this.catalogue };
    worker.postMessage(message);
    if (this.#engineWorker) this.#join(worker, this.#engineWorker);
  }

  #startEngine() {
    const catalogue = this.catalogue;
    const plan = catalogue?.plans.find((row) => row.id === catalogue.default);
    const model = catalogue?.models.find((row) => row.id === (plan?.model ?? catalogue.default));
    if (!model) return;
    const worker = new Worker(new URL("workers/inference.js", this.#release), { type: "module" });
    const lock = `offcut-engine-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    this.#engineWorker = worker;
    this.#engineWatch = new AbortController();
    const { signal } = this.#engineWatch;
    let watched = false;
    worker.onerror = (event) =>
      this.#engineLost(worker, { code: "engine.failed", details: { reason: event.message ?? "" } });
    worker.onmessage = ({ data }) => {
      const message = /** @type {FromInference} */ (data);
      if (!watched) {
        watched = true;
        watchLifeline(lock, () => this.#engineLost(worker, { code: "engine.lost", details: {} }), signal);
      }
      if (message.type === "engine:progress") {
        const { stage, done, total, cached } = message;
        this.#set("engine", { stage, done, total, cached });
      } else if (message.type === "engine:ready") {
        const { ms, stored } = message;
        this.#set("engine", { state: "ready", ms, stored, since: performance.now() });
      } else {
        this.#engineLost(worker, message.fault);
      }
    };
    this.#set("engine", { ...idlePost(), state: "starting", since: performance.now(), total: model.bytes });
    /** @type {ToInference} */
    const message = { type: "engine:boot", root: this.#root, lock, model, threads: threadCount() };
    worker.postMessage(message);
    if (this.#pythonWorker) this.#join(this.#pythonWorker, worker);
  }

  /**
   * Gives the two workers a channel of their own.
   *
   * @param {Worker} python
   * @param {Worker} engine
   */
  #join(python, engine) {
    const { port1, port2 } = new MessageChannel();
    /** @type {ToPython & ToInference} */
    const forPython = { type: "engine:connect", port: port1 };
    /** @type {ToInference} */
    const forEngine = { type: "engine:connect", port: port2 };
    python.postMessage(forPython, [port1]);
    engine.postMessage(forEngine, [port2]);
  }

  /**
   * @param {Worker} worker
   * @param {Fault} fault
   */
  #pythonLost(worker, fault) {
    if (worker !== this.#pythonWorker) return;
    this.#pythonWatch.abort();
    worker.terminate();
    this.#pythonWorker = null;
    this.#set("python", { state: "failed", fault });
    for (const lost of [...this.#running]) lost(fault);
  }

  /**
   * @param {Worker} worker
   * @param {Fault} fault
   */
  #engineLost(worker, fault) {
    if (worker !== this.#engineWorker) return;
    this.#endEngine();
    this.#set("engine", { state: "failed", fault });
    // Python fails the picture that was waiting for an answer; one that waits for an engine gets it from here.
    for (const lost of [...this.#running]) lost(fault);
  }

  #endEngine() {
    this.#engineWatch.abort();
    this.#engineWorker?.terminate();
    this.#engineWorker = null;
    /** @type {ToPython} */
    const message = { type: "engine:lost" };
    this.#pythonWorker?.postMessage(message);
  }

  #replaceEngine() {
    this.#endEngine();
    this.#startEngine();
  }

  /**
   * @param {"python" | "engine"} name
   * @param {Partial<Post>} change
   */
  #set(name, change) {
    this[name] = { ...this[name], ...change };
    this.dispatchEvent(new Event("change"));
  }
}
