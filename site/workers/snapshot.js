// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The snapshot on this device: Python's memory as it is once everything is imported, and what must be laid out again
 * before that memory fits. A later visit starts from it instead of starting Python.
 *
 * It serves one release in one browser. Whatever is wrong with it costs time and nothing else: the caller boots in
 * the ordinary way.
 */
import { sha256 } from "./digest.js";

/** @import {Packages} from "../app/protocol.js" */

const CACHE = "offcut-snapshot";
/** To be raised when what is stored, or how it is made, changes. */
const FORMAT = 1;
/** A start that crashed the worker or failed is tried once more, and then no more in this release. */
const MOST_TRIES = 2;

/**
 * @typedef {object} Layout
 * @property {number} table how many functions the table holds
 * @property {[handle: number, path: string][]} handles libraries as Python knows them
 *
 * @typedef {{bytes: number, sha256: string}} Sum
 *
 * @typedef {Layout & {list: Packages["list"], memory: Sum, files: Sum}} Index
 *
 * @typedef {"index" | "memory" | "files" | "tries"} Part
 */

export class SnapshotStore {
  #cache;
  #base;
  #search;

  /**
   * @param {Cache} cache
   * @param {string} root
   */
  constructor(cache, root) {
    this.#cache = cache;
    this.#base = new URL(`${CACHE}/`, root).href;
    const { pyodide, wheel } = ASSETS;
    this.#search = new URLSearchParams({ format: `${FORMAT}`, pyodide, wheel, browser: navigator.userAgent });
  }

  /**
   * @param {string} root the site's root URL
   * @returns {Promise<SnapshotStore | null>} null where nothing can be kept (plain http, some private windows)
   */
  static async open(root) {
    try {
      return new SnapshotStore(await caches.open(CACHE), root);
    } catch {
      return null;
    }
  }

  /**
   * Looks for a snapshot of this very release and browser; those of others go.
   *
   * @returns {Promise<Index | null>}
   */
  async find() {
    const index = await this.#cache.match(this.#url("index"));
    if (!index) await this.#sweep();
    else if ((await this.#tries()) < MOST_TRIES) return await index.json();
    else await this.discard();
    return null;
  }

  /** Whether one should be made: there is none, and none has failed too often. */
  async isWanted() {
    return !(await this.#cache.match(this.#url("index"))) && (await this.#tries()) < MOST_TRIES;
  }

  /**
   * @param {Index} index
   * @param {"memory" | "files"} part
   * @returns {Promise<Uint8Array<ArrayBuffer>>} as it was stored; rejects when it is not
   */
  async read(index, part) {
    const response = await this.#cache.match(this.#url(part));
    if (!response) throw new Error(`the snapshot has no ${part}`);
    const data = new Uint8Array(await response.arrayBuffer());
    const { bytes, sha256: wanted } = index[part];
    if (data.length !== bytes || (await sha256(data)) !== wanted) throw new Error(`the snapshot's ${part} is spoilt`);
    return data;
  }

  /**
   * Stores a snapshot; the index comes last, so half a snapshot is none.
   *
   * @param {Layout} layout
   * @param {Packages} packages
   * @param {Uint8Array<ArrayBuffer>} memory
   */
  async keep(layout, packages, memory) {
    /** @type {Index} */
    const index = {
      ...layout,
      list: packages.list,
      memory: { bytes: memory.length, sha256: await sha256(memory) },
      files: { bytes: packages.bytes.length, sha256: await sha256(packages.bytes) },
    };
    try {
      await this.#put("memory", memory);
      await this.#put("files", packages.bytes);
      await this.#put("index", JSON.stringify(index));
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** To be called before a start from the snapshot: one that never ends leaves its mark, if there is room for one. */
  async begin() {
    const tries = await this.#tries();
    await this.#put("tries", `${tries + 1}`).catch(() => {});
  }

  /** The start went well. */
  async succeed() {
    await this.#cache.delete(this.#url("tries"));
  }

  /** Deletes the snapshot; the tries are remembered. */
  async discard() {
    for (const part of /** @type {Part[]} */ (["index", "memory", "files"])) await this.#cache.delete(this.#url(part));
  }

  async #tries() {
    const entry = await this.#cache.match(this.#url("tries"));
    return entry ? Number(await entry.text()) : 0;
  }

  async #sweep() {
    const own = `?${this.#search}`;
    for (const request of await this.#cache.keys()) {
      const { href, search } = new URL(request.url);
      if (href.startsWith(this.#base) && search !== own) await this.#cache.delete(request);
    }
  }

  /**
   * @param {Part} part
   * @param {BodyInit} body
   */
  #put(part, body) {
    return this.#cache.put(this.#url(part), new Response(body));
  }

  /** @param {Part} part */
  #url(part) {
    return `${this.#base}${part}?${this.#search}`;
  }
}
