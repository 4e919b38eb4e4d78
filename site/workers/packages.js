// SPDX-License-Identifier: AGPL-3.0-or-later
/** The files of Python's installed packages as one list and one buffer, so that they travel and are stored in one piece. */

/** @import {Packages} from "../app/protocol.js" */
/** @import {PyodideInterface} from "pyodide" */

/**
 * Copies every installed package out of Pyodide's file system.
 *
 * @param {PyodideInterface} pyodide
 * @returns {Packages} in the order of their paths, the same in every browser
 */
export function collect(pyodide) {
  const { FS } = pyodide;
  const sysconfig = pyodide.pyimport("sysconfig");
  // Written with two slashes there, and with one wherever Python opens a library.
  const folders = [sysconfig.get_path("purelib").replace(/^\/+/, "/")];
  sysconfig.destroy();
  /** @type {[path: string, data: Uint8Array][]} */
  const files = [];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of FS.readdir(folder)) {
      if (name === "." || name === "..") continue;
      const path = `${folder}/${name}`;
      if (FS.isDir(FS.stat(path).mode)) folders.push(path);
      else files.push([path, FS.readFile(path)]);
    }
  }
  files.sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = new Uint8Array(files.reduce((sum, [, data]) => sum + data.length, 0));
  let end = 0;
  for (const [, data] of files) {
    bytes.set(data, end);
    end += data.length;
  }
  return { list: files.map(([path, data]) => [path, data.length]), bytes };
}

/**
 * Each file as a view of the one buffer.
 *
 * @param {Packages} packages
 * @returns {[path: string, data: Uint8Array<ArrayBuffer>][]}
 */
export function files({ list, bytes }) {
  let end = 0;
  return list.map(([path, size]) => {
    end += size;
    return [path, bytes.subarray(end - size, end)];
  });
}
