// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A boot of Pyodide that can be repeated exactly, so that the memory of one fits another.
 *
 * A snapshot of Pyodide holds the linear memory alone. numpy and Pillow also stand outside of it: as instances of
 * WebAssembly modules whose functions lie in a table, at indexes that Python's structures in memory refer to, and
 * with data at addresses that were dealt out when they were linked. So all libraries are linked here before Python
 * starts, in the order of their paths. Emscripten takes their memory from the static ground below the heap then, and
 * indexes and addresses come out the same whenever the bytes are the same.
 *
 * Pyodide offers no door between "the runtime is there" and "Python is there"; the factory that its loader calls is
 * a global function, and that is the door used. Pyodide's version is pinned, and whoever calls this must be ready
 * for it to fail.
 */
import { files } from "./packages.js";

/** @import {Packages} from "../app/protocol.js" */
/** @import {PyodideInterface, loadPyodide} from "pyodide" */

/** @typedef {any} Module Emscripten's, with the parts that Pyodide exports. */

const scope = /** @type {{_createPyodideModule: (settings: any) => Promise<Module>}} */ (
  /** @type {unknown} */ (globalThis)
);

/**
 * @param {string} indexURL
 * @param {Promise<Packages>} packages
 * @param {Parameters<typeof loadPyodide>[0]} options
 * @param {(module: Module) => void | Promise<void>} linked called when the libraries are linked and memory may still
 *   be replaced
 * @returns {Promise<PyodideInterface>}
 */
export async function replay(indexURL, packages, options, linked) {
  const libraries = packages.then(compile);
  // It is awaited later; a failure before that must not count as unhandled.
  libraries.catch(() => {});
  const [{ loadPyodide }] = await Promise.all([import(`${indexURL}pyodide.mjs`), import(`${indexURL}pyodide.asm.js`)]);
  const create = scope._createPyodideModule;
  scope._createPyodideModule = async (settings) => {
    // Emscripten waits for ever for a step that throws.
    const { promise: failed, reject } = Promise.withResolvers();
    settings.preRun.push(async (/** @type {Module} */ module) => {
      module.addRunDependency("packages");
      try {
        unpack(module.FS, await packages);
        for (const [path, library] of await libraries) link(module, path, library);
        module.removeRunDependency("packages");
      } catch (error) {
        reject(error);
      }
    });
    const module = await Promise.race([create(settings), failed]);
    await linked(module);
    return module;
  };
  try {
    return await loadPyodide({ indexURL, ...options });
  } finally {
    scope._createPyodideModule = create;
  }
}

/**
 * @param {Packages} packages
 * @returns {Promise<[path: string, library: WebAssembly.Module][]>} in the order of their paths
 */
function compile(packages) {
  const libraries = files(packages).filter(([path]) => path.endsWith(".so"));
  return Promise.all(libraries.map(async ([path, data]) => [path, await WebAssembly.compile(data)]));
}

/**
 * @param {any} FS
 * @param {Packages} packages
 */
function unpack(FS, packages) {
  const folders = new Set();
  for (const [path, data] of files(packages)) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(folder)) FS.mkdirTree(folder);
    folders.add(folder);
    FS.writeFile(path, data, { canOwn: true });
  }
}

/**
 * What dlopen does, as far as it can be done before there is a heap; Python's own dlopen finds the library done.
 *
 * @param {Module} module
 * @param {string} path
 * @param {WebAssembly.Module} library
 */
function link(module, path, library) {
  const entry = module.newDSO(path, undefined, "loading");
  entry.global = false;
  entry.exports = module.loadWebAssemblyModule(library, { nodelete: true }, path, {});
}
