// SPDX-License-Identifier: AGPL-3.0-or-later
/** The models on this device: which stand there whole, which in part, which are on their way, in any tab. */
import { OffcutError, toFault } from "./fault.js";
import { dropRow } from "./imports.js";
import { FILING, hearShelf, keepLock, openShelf, partLock, partUrl, SHELF, shelfKeys, tellShelf } from "./shelf.js";
import { Speed } from "./speed.js";

/** @import {Storekeeper} from "./storekeeper.js" */
/** @import {EngineRow, Fault, Part, ShelfNews} from "./protocol.js" */

/** The browser tells nobody when it clears the shelf: it is looked at now and then. */
const LOOK_MS = 2000;
const GATHER_MS = 120;

/**
 * @typedef {object} Standing How a model stands.
 * @property {"absent" | "partial" | "stored" | "fetching" | "checking"} state
 * @property {number} done bytes on the device, or checked
 * @property {number} speed bytes a second; 0 while it is not known
 * @property {"" | "here" | "tab" | "engine"} by who fetches it: this page, the same page in another tab, an engine
 *   that is getting ready
 * @property {Fault | null} fault why the last attempt ended
 * @property {"" | "sound" | "damaged"} checked what the last check found
 */

/**
 * @typedef {object} Room
 * @property {boolean} known
 * @property {number} used bytes that this site takes up
 * @property {number} left
 * @property {boolean} persisted whether the browser has agreed to clear nothing by itself
 */

/** @fires Store#change */
export class Store extends EventTarget {
  /** Whether this page may store at all. */
  available = typeof caches !== "undefined";
  /** @type {Room} */
  room = { known: false, used: 0, left: 0, persisted: false };
  /** URLs of parts on the shelf that belong to no model any more. @type {string[]} */
  leftovers = [];
  /** Which imported models there are, as one text that changes when they do. */
  imports = "";
  /** @type {EngineRow[]} */
  #models = [];
  #root;
  #keeper;
  /** @type {Map<string, AbortController>} what this page does, by model id */
  #own = new Map();
  /** @type {Map<string, {done: number, check: boolean}>} */
  #progress = new Map();
  /** @type {Map<string, Fault>} */
  #faults = new Map();
  /** @type {Map<string, "sound" | "damaged">} */
  #checked = new Map();
  /** @type {Map<string, number>} bytes on their way, by part */
  #arriving = new Map();
  /** @type {Set<string>} */
  #keys = new Set();
  /** @type {Set<string>} */
  #held = new Set();
  #speed = new Speed();
  #gathering = false;

  /**
   * @param {Storekeeper} keeper
   * @param {string} root
   */
  constructor(keeper, root) {
    super();
    this.#keeper = keeper;
    this.#root = root;
    hearShelf((message) => this.#hear(message));
    setInterval(() => !document.hidden && this.refresh(), LOOK_MS);
    document.addEventListener("visibilitychange", () => !document.hidden && this.refresh());
  }

  /** @param {EngineRow[]} models */
  async list(models) {
    this.#models = models;
    await this.refresh();
  }

  /** Looks at the shelf, at who is fetching what, and at the room there is. */
  async refresh() {
    if (this.available) {
      this.available = (await openShelfQuietly()) !== null;
    }
    if (this.available) {
      this.#keys = await shelfKeys();
      this.imports = [...this.#keys].filter((url) => url.endsWith(".json")).join();
      const { held = [] } = (await navigator.locks?.query()) ?? {};
      this.#held = new Set(held.map(({ name = "" }) => name));
      for (const sha256 of this.#arriving.keys()) {
        if (!this.#held.has(partLock({ sha256, bytes: 0 }))) this.#arriving.delete(sha256);
      }
      this.#findLeftovers();
      await this.#measure();
    }
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @param {EngineRow} model
   * @returns {Standing}
   */
  standing(model) {
    const own = this.#progress.get(model.id);
    const fault = this.#faults.get(model.id) ?? null;
    const checked = this.#checked.get(model.id) ?? "";
    if (own?.check) return { state: "checking", done: own.done, speed: 0, by: "here", fault, checked };
    const { kept, coming } = this.#bytes(model);
    const by = own ? "here" : this.#fetchedBy(model);
    const done = Math.min(model.bytes, Math.max(kept + coming, own?.done ?? 0));
    if (by && kept < model.bytes) {
      return { state: "fetching", done, speed: this.#speed.of(model.id, done), by, fault: null, checked: "" };
    }
    this.#speed.forget(model.id);
    const state = kept === model.bytes ? "stored" : kept > 0 ? "partial" : "absent";
    return { state, done: kept, speed: 0, by: "", fault: state === "stored" ? null : fault, checked };
  }

  /**
   * Brings the model to the device, or what is missing of it.
   *
   * @param {EngineRow} model
   */
  async get(model) {
    await this.#work(model, false, async (signal, progress) => {
      await this.#keeper.ask("shelf:keep", { model }, { signal, progress });
    });
  }

  /**
   * Reads every part again and compares its hash.
   *
   * @param {EngineRow} model
   */
  async check(model) {
    this.#checked.delete(model.id);
    await this.#work(model, true, async (signal, progress) => {
      const { lost } = await this.#keeper.ask("shelf:check", { model }, { signal, progress });
      this.#checked.set(model.id, lost ? "damaged" : "sound");
    });
  }

  /**
   * Stops what goes on, in every tab; what has arrived whole stays.
   *
   * @param {EngineRow} model
   */
  pause(model) {
    this.#own.get(model.id)?.abort();
    tellShelf({ type: "keep:stop", model: model.sha256 });
  }

  /**
   * Takes the model off the device, once no tab brings it any more.
   *
   * @param {EngineRow} model
   */
  async remove(model) {
    this.pause(model);
    await navigator.locks.request(keepLock(model), async () => {
      const others = this.#models.filter((each) => each !== model && this.#bytes(each).kept > 0);
      const shared = new Set(others.flatMap(({ parts }) => parts.map(({ sha256 }) => sha256)));
      const mine = model.parts.filter(({ sha256 }) => !shared.has(sha256));
      await this.#drop(mine.map((part) => partUrl(this.#root, part)));
      if (model.imported) await dropRow(model, this.#root);
    });
    this.#faults.delete(model.id);
    this.#checked.delete(model.id);
    tellShelf({ type: "shelf:changed" });
    await this.refresh();
  }

  /** Takes away what belongs to no model any more. */
  async clearLeftovers() {
    await this.#drop(this.leftovers);
    tellShelf({ type: "shelf:changed" });
    await this.refresh();
  }

  /** Asks the browser to clear nothing by itself; it may ask the person, or decide alone. */
  async persist() {
    try {
      await navigator.storage?.persist?.();
    } catch {
      // Then it is as it was.
    }
    await this.refresh();
  }

  /**
   * @param {EngineRow} model
   * @param {boolean} check
   * @param {(signal: AbortSignal, progress: (done: number) => void) => Promise<void>} task
   */
  async #work(model, check, task) {
    if (this.#own.has(model.id)) return;
    const stop = new AbortController();
    this.#own.set(model.id, stop);
    this.#faults.delete(model.id);
    const progress = (/** @type {number} */ done) => {
      this.#progress.set(model.id, { done, check });
      this.dispatchEvent(new Event("change"));
    };
    progress(0);
    try {
      await task(stop.signal, progress);
    } catch (error) {
      if (!stop.signal.aborted || error instanceof OffcutError) this.#faults.set(model.id, toFault(error, "internal"));
    }
    this.#own.delete(model.id);
    this.#progress.delete(model.id);
    await this.refresh();
  }

  /** @param {string[]} urls */
  async #drop(urls) {
    const shelf = await openShelf();
    for (const url of urls) await shelf?.delete(url);
  }

  /** @param {EngineRow} model */
  #bytes(model) {
    let [kept, coming] = [0, 0];
    for (const part of model.parts) {
      if (this.#keys.has(partUrl(this.#root, part))) kept += part.bytes;
      else coming += this.#arriving.get(part.sha256) ?? 0;
    }
    return { kept, coming };
  }

  /** @param {EngineRow} model */
  #fetchedBy(model) {
    if (this.#held.has(keepLock(model))) return "tab";
    return model.parts.some((/** @type {Part} */ part) => this.#held.has(partLock(part))) ? "engine" : "";
  }

  #findLeftovers() {
    const known = new Set(this.#models.flatMap(({ parts }) => parts.map((part) => partUrl(this.#root, part))));
    const urls = [...this.#keys].filter((url) => url.endsWith(".bin") && !known.has(url));
    // What is being brought just now may belong to a model that this page does not know yet.
    const busy = [...this.#held].some((name) => name === FILING || name.startsWith(partLock({ sha256: "", bytes: 0 })));
    this.leftovers = this.#models.length && !busy ? urls : [];
  }

  async #measure() {
    try {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      const persisted = (await navigator.storage.persisted?.()) ?? false;
      this.room = { known: quota > 0, used: usage, left: Math.max(0, quota - usage), persisted };
    } catch {
      this.room = { known: false, used: 0, left: 0, persisted: false };
    }
  }

  /** @param {ShelfNews} message */
  #hear(message) {
    if (message.type === "keep:stop") {
      for (const model of this.#models) if (model.sha256 === message.model) this.#own.get(model.id)?.abort();
    }
    if (message.type === "part:arriving") this.#arriving.set(message.sha256, message.bytes);
    // News come by the hundred while a model arrives.
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      this.refresh();
    }, GATHER_MS);
  }
}

/** Whether the shelf could be had, without making it. */
async function openShelfQuietly() {
  try {
    return { there: await caches.has(SHELF) };
  } catch {
    return null;
  }
}
