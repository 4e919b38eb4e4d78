// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A short-lived worker that makes the snapshot: it boots a Python of its own, imports what jobs need, stores the
 * memory and ends. This Python never sees a picture, so none can be in what is stored.
 */
import { replay } from "./replay.js";
import { SnapshotStore } from "./snapshot.js";

/** @import {FromSnapshotter, Packages, ToSnapshotter} from "../app/protocol.js" */

/**
 * @param {string} root
 * @param {Packages} packages
 */
async function make(root, packages) {
  const store = await SnapshotStore.open(root);
  if (!store) throw new Error("nothing can be kept here");
  /** @type {any} */
  let module;
  let table = 0;
  const indexURL = new URL(ASSETS.pyodide, root).href;
  const pyodide = await replay(indexURL, Promise.resolve(packages), { _makeSnapshot: true }, (linked) => {
    module = linked;
    table = module.wasmTable.length;
  });
  const python = pyodide.pyimport("offcut.snapshot");
  python.prepare();
  python.destroy();
  // A function that entered the table later would not be there when the memory is put back.
  if (module.wasmTable.length !== table) throw new Error(`${module.wasmTable.length - table} functions came late`);
  // Pyodide lists the packages it finds, and takes a snapshot only of an empty list.
  for (const name of Object.keys(pyodide.loadedPackages)) delete pyodide.loadedPackages[name];
  const memory = /** @type {Uint8Array<ArrayBuffer>} */ (pyodide.makeMemorySnapshot());
  /** @type {[string, {name: string}][]} */
  const known = Object.entries(module.LDSO.loadedLibsByHandle);
  /** @type {[number, string][]} */
  const handles = known.map(([handle, { name }]) => [Number(handle), name]);
  await store.keep({ table, handles: handles.filter(([handle]) => handle !== 0) }, packages, memory);
}

addEventListener("message", async ({ data }) => {
  const { root, packages } = /** @type {ToSnapshotter} */ (data);
  /** @type {FromSnapshotter} */
  let reply = { type: "snapshot:kept" };
  try {
    await make(root, packages);
  } catch (error) {
    reply = { type: "snapshot:failed", reason: String(error) };
  }
  postMessage(reply);
});
