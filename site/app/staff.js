// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The two workers together, as the page sees them: started on intent, watched, ended when a job is cancelled inside
 * inference, and started again. Nothing here touches a pixel.
 */
import { modelOf, recallPlan, rememberPlan, settledPlan } from "./choice.js";
import { heldPixels, largestSide, restAfter, thisDevice } from "./device.js";
import { EnginePost } from "./engine-post.js";
import { OffcutError } from "./fault.js";
import { catalogueWithImports } from "./imports.js";
import { recall, remember } from "./memory.js";
import { PythonPost } from "./python-post.js";
import { standsWhole } from "./shelf.js";

/** @import {CatalogueData, Fault, FromJob, FromPreview, FromProject, FromStill, JobResult, ModelRow, RecipeData, Stage, Standing, Still, ToJob, ToPython} from "./protocol.js" */
/** @import {Wish} from "./device.js" */
/** @import {Post} from "./post.js" */

const WISH = "offcut.wish";
const WISHES = /** @type {const} */ (["auto", "gpu", "processor"]);

/** @fires Staff#change whenever a post's standing does, or what is chosen */
export class Staff extends EventTarget {
  /** @type {CatalogueData | null} */
  catalogue = null;

  #release;
  #gate;
  #root;
  #device = thisDevice();
  #python;
  #engine;
  #plan = recallPlan();
  #wish = WISHES.find((wish) => wish === recall(WISH)) ?? "auto";
  /** The largest input of a net that this device takes; 0 for any. */
  #largestSide = largestSide(this.#device);
  /** @type {Set<(fault: Fault) => void>} */
  #running = new Set();
  /** Who waits for an answer of Python's that is no job's. @type {Set<(fault: Fault) => void>} */
  #asking = new Set();
  /** @type {Promise<void> | null} */
  #starting = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** Pictures for backgrounds, by the SHA-256 that recipes know them by. @type {Map<string, File>} */
  #stills = new Map();

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
    const change = () => this.dispatchEvent(new Event("change"));
    const failAll = (/** @type {Fault} */ fault) => {
      for (const lost of [...this.#running, ...this.#asking]) lost(fault);
    };
    this.#python = new PythonPost(release, root, {
      change,
      lost: failAll,
      want: (id) => {
        const model = this.#model(id);
        if (model) this.#engine.load(model, this.#wish);
      },
    });
    this.#engine = new EnginePost(release, root, this.#device, {
      change,
      hired: (worker, model) => {
        this.#join(worker, model);
        this.#restLater();
      },
      gone: (fault) => this.#python.tell({ type: "engine:lost", fault }),
      failed: failAll,
      tight: (side) => {
        this.#largestSide = Math.min(this.#largestSide || side, side) - 1;
      },
    });
  }

  /** @returns {Post} */
  get python() {
    return this.#python.post;
  }

  /** @returns {Post} */
  get engine() {
    return this.#engine.post;
  }

  /** What answers now, or is getting ready to. @returns {Standing | null} */
  get backend() {
    return this.#engine.backend;
  }

  /** The id of the plan, or of the model, that pictures get for which nothing else is said. */
  get plan() {
    return this.catalogue ? settledPlan(this.catalogue, this.#plan) : this.#plan;
  }

  /** So many pixels of the picture at hand are kept in memory. */
  get held() {
    return heldPixels(this.#device);
  }

  /** What the person wants to compute with. @returns {Wish} */
  get wish() {
    return this.#wish;
  }

  set wish(wish) {
    this.#wish = wish;
    remember(WISH, wish);
    const model = this.#engine.model;
    if (model) this.#engine.load(model, wish, true);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Chooses a plan for the pictures to come, and makes its model ready.
   *
   * @param {string} plan
   */
  choose(plan) {
    this.#plan = plan;
    rememberPlan(plan);
    const model = this.#model(plan);
    // What is at work is not disturbed: the next picture asks for its model.
    if (model && this.#running.size === 0) this.#engine.load(model, this.#wish);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Starts whatever is not running, side by side; safe to call at every sign of intent.
   *
   * @param {boolean} [engine] whether a net is going to be needed
   */
  async start(engine = true) {
    await this.#prepare();
    const { state } = this.engine;
    if (engine && this.catalogue && (state === "idle" || state === "failed")) await this.#preload(this.catalogue);
  }

  /**
   * A recipe that says which plan it means.
   *
   * @param {RecipeData} recipe
   * @returns {Promise<RecipeData>}
   */
  async settle(recipe) {
    await this.#prepare();
    return recipe.model === "default" ? { ...recipe, model: this.plan } : recipe;
  }

  /** The catalogue and Python. */
  #prepare() {
    this.#starting ??= this.#fetchCatalogue().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #fetchCatalogue() {
    await this.#gate;
    try {
      const response = this.catalogue ? null : await fetch(new URL("catalogue.json", this.#release));
      if (response && !response.ok) throw new Error(`catalogue.json: ${response.status}`);
      if (response) this.catalogue = await catalogueWithImports(await response.json(), this.#root);
    } catch (error) {
      const fault = { code: "site.unreachable", details: { reason: String(error) } };
      this.#python.refuse(fault);
      this.#engine.refuse(fault);
    }
    if (!this.catalogue || this.#python.present) return;
    this.#python.start(this.catalogue);
    this.#engine.withWorker((worker, model) => this.#join(worker, model));
  }

  /** The chosen plan's model, or the default's where the other would have to be fetched. @param {CatalogueData} catalogue */
  async #preload(catalogue) {
    const chosen = this.#engine.model ?? this.#model(this.plan);
    const usual = this.#model(catalogue.default);
    const model = chosen === usual || !chosen || (await standsWhole(this.#root, chosen)) ? chosen : usual;
    const { state } = this.engine;
    if (model && (state === "idle" || state === "failed")) await this.#engine.load(model, this.#wish);
  }

  /** @param {string} id of a plan or a model */
  #model(id) {
    return this.catalogue ? modelOf(this.catalogue, id) : undefined;
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
    await this.#prepare();
    if (!this.#python.present) throw OffcutError.from(this.python.fault ?? { code: "python.lost", details: {} });
    signal.throwIfAborted();
    const model = recipe.method.by === "hand" ? undefined : this.#model(recipe.model);
    // A ready engine stays until Python asks for another: the answer may be known already.
    if (model && this.engine.state !== "ready" && this.#running.size === 0) this.#engine.load(model, this.#wish);
    return await new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      /** @type {Stage | ""} */
      let stage = "";
      const settle = () => {
        this.#running.delete(lost);
        signal.removeEventListener("abort", cancel);
        port1.close();
        this.#restLater();
      };
      const stop = () => {
        /** @type {ToJob} */
        const message = { type: "job:cancel" };
        port1.postMessage(message);
        settle();
      };
      const lost = (/** @type {Fault} */ fault) => {
        stop();
        reject(OffcutError.from(fault));
      };
      const cancel = () => {
        stop();
        // A running net cannot be asked to stop: its worker is ended, and a fresh one made ready at once.
        if (stage === "infer" && this.engine.state === "ready") this.#engine.replace();
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
          const why = reply.result.engine ? (this.backend?.why ?? "") : "";
          resolve({ ...reply.result, why });
        } else {
          lost(reply.fault);
        }
      };
      const limit = this.#largestSide;
      const { name } = file;
      const stills = this.stills(recipe);
      this.#python.tell({ type: "job:run", file, name, recipe, stills, largestSide: limit, port: port2 }, [port2]);
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
    const reply = await this.#once((port) => ({ type: "preview:make", file, name: file.name, side, port }));
    if (reply.type !== "preview:done") throw new OffcutError("internal");
    return reply.blob;
  }

  /**
   * Keeps a picture for backgrounds.
   *
   * @param {File} file
   * @returns {Promise<string>} what recipes are to call it
   */
  async keepStill(file) {
    const reply = await this.#once((port) => ({ type: "still:keep", file, port }));
    if (reply.type !== "still:kept") throw new OffcutError("internal");
    this.#stills.set(reply.image, file);
    return reply.image;
  }

  /**
   * A project file of a picture and its recipe.
   *
   * @param {File} file
   * @param {RecipeData} recipe
   * @returns {Promise<Blob>}
   */
  async packProject(file, recipe) {
    const { name } = file;
    const stills = this.stills(recipe);
    const largestSide = this.#largestSide;
    const reply = await this.#once((port) => ({ type: "project:pack", file, name, recipe, stills, largestSide, port }));
    if (reply.type !== "project:packed") throw new OffcutError("internal");
    return reply.blob;
  }

  /**
   * The picture in a project file, and its recipe.
   *
   * @param {File} file
   * @returns {Promise<{file: File, recipe: RecipeData}>}
   */
  async openProject(file) {
    const reply = await this.#once((port) => ({ type: "project:open", file, port }));
    if (reply.type !== "project:opened") throw new OffcutError("internal");
    for (const { image, blob } of reply.stills) this.#stills.set(image, new File([blob], image));
    return { file: new File([reply.blob], reply.name), recipe: reply.recipe };
  }

  /**
   * Asks Python for one thing.
   *
   * @param {(port: MessagePort) => ToPython} ask
   * @returns {Promise<FromPreview | FromStill | FromProject>}
   */
  async #once(ask) {
    await this.#prepare();
    if (!this.#python.present) throw OffcutError.from(this.python.fault ?? { code: "python.lost", details: {} });
    return await new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      const lost = (/** @type {Fault} */ fault) => {
        this.#asking.delete(lost);
        port1.close();
        reject(OffcutError.from(fault));
      };
      this.#asking.add(lost);
      port1.onmessage = ({ data }) => {
        const reply = /** @type {FromPreview | FromStill | FromProject} */ (data);
        this.#asking.delete(lost);
        port1.close();
        if ("fault" in reply) reject(OffcutError.from(reply.fault));
        else resolve(reply);
      };
      this.#python.tell(ask(port2), [port2]);
    });
  }

  /**
   * The pictures that a recipe names.
   *
   * @param {RecipeData} recipe
   * @returns {Still[]}
   */
  stills({ scene: { backdrop } }) {
    if (!backdrop || !("image" in backdrop)) return [];
    const { image } = backdrop.image;
    const file = this.#stills.get(image);
    return file ? [{ image, file }] : [];
  }

  /**
   * A port to a picture on an easel, on which recipes are tried out; null while there is no Python.
   *
   * @param {File} file
   * @returns {MessagePort | null}
   */
  easel(file) {
    if (!this.#python.present) return null;
    const { port1, port2 } = new MessageChannel();
    const { name } = file;
    this.#python.tell({ type: "easel:open", file, name, most: this.held, port: port2 }, [port2]);
    return port1;
  }

  /** On a small device the engine's memory is given back when nothing has needed it for a while. */
  #restLater() {
    clearTimeout(this.#rest);
    const wait = restAfter(this.#device);
    if (!Number.isFinite(wait)) return;
    this.#rest = setTimeout(() => {
      if (this.#running.size === 0 && this.engine.state === "ready") this.#engine.end();
      else this.#restLater();
    }, wait);
  }

  /**
   * Gives the two workers a channel of their own.
   *
   * @param {Worker} engine
   * @param {ModelRow} model
   */
  #join(engine, model) {
    if (!this.#python.present) return;
    const { port1, port2 } = new MessageChannel();
    this.#python.tell({ type: "engine:connect", port: port1, model: model.id }, [port1]);
    engine.postMessage({ type: "engine:connect", port: port2 }, [port2]);
  }
}
