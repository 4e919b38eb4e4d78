// SPDX-License-Identifier: AGPL-3.0-or-later
import { thisDevice } from "../app/device.js";
import { collect } from "./packages.js";
import { SnapshotStore } from "./snapshot.js";

/** @import {ToSnapshotter} from "../app/protocol.js" */
/** @import {PyodideInterface} from "pyodide" */

/** Nobody has asked for anything for so long. */
const IDLE_MS = 5000;
/** What the device must have left, several times what a snapshot takes: pictures and models come first. */
const ROOM = 256 * 2 ** 20;
/** GiB, as far as browsers tell: a second Python beside the first must not cost the page its life. */
const LEAST_MEMORY = 4;

/** Has a snapshot made for the next visit while the Python worker has nothing to do; stops as soon as it has. */
export class Keeper {
  #root = "";
  /** @type {PyodideInterface | null} */
  #pyodide = null;
  #busy = 0;
  #timer = 0;
  /** @type {(() => void) | null} */
  #stop = null;

  /**
   * @param {PyodideInterface} pyodide whose packages the snapshot is to hold
   * @param {string} root the site's root URL
   */
  start(pyodide, root) {
    this.#pyodide = pyodide;
    this.#root = root;
    this.#wait();
  }

  /** Work begins. */
  hold() {
    this.#busy++;
    clearTimeout(this.#timer);
    this.#stop?.();
  }

  /** Work has ended. */
  release() {
    this.#busy--;
    this.#wait();
  }

  #wait() {
    if (!this.#pyodide || this.#busy) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#make().catch(() => {}), IDLE_MS);
  }

  async #make() {
    if (!(await hasRoom())) return;
    // Another tab may be at it.
    await navigator.locks.request("offcut-snapshot", { ifAvailable: true }, async (lock) => {
      const store = lock && (await SnapshotStore.open(this.#root));
      if (!(await store?.isWanted()) || this.#busy || !this.#pyodide) return;
      const stopped = await this.#run(this.#pyodide);
      // Made or failed: not again in this visit. Stopped by a job: again when that is done.
      if (!stopped) this.#pyodide = null;
    });
  }

  /**
   * @param {PyodideInterface} pyodide
   * @returns {Promise<boolean>} whether it was stopped
   */
  #run(pyodide) {
    const packages = collect(pyodide);
    const worker = new Worker(new URL("snapshotter.js", import.meta.url), { type: "module" });
    return new Promise((resolve) => {
      const end = (/** @type {boolean} */ stopped) => {
        worker.terminate();
        this.#stop = null;
        resolve(stopped);
      };
      this.#stop = () => end(true);
      worker.onmessage = () => end(false);
      worker.onerror = () => end(false);
      /** @type {ToSnapshotter} */
      const message = { type: "snapshot:make", root: this.#root, packages };
      worker.postMessage(message, [packages.bytes.buffer]);
    });
  }
}

async function hasRoom() {
  const { memory = LEAST_MEMORY, ios } = thisDevice();
  // iPhones and iPads do not tell, and end a page that takes too much.
  if (memory < LEAST_MEMORY || ios) return false;
  if (!navigator.locks || !navigator.storage || !globalThis.caches) return false;
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return quota - usage > ROOM;
}
