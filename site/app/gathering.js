// SPDX-License-Identifier: AGPL-3.0-or-later
/** The pictures in folders: what else lies there is left out. */
import { looksLikePicture, placed } from "./paths.js";

/**
 * Those of files from a folder; all of them where none is a picture, to be told so.
 *
 * @param {File[]} files
 */
export function picturesOf(files) {
  const pictures = files.filter((file) => looksLikePicture(file.webkitRelativePath || file.name));
  return pictures.length ? pictures : files;
}

/**
 * What was dropped, and the pictures in the folders among it, in the order of their names.
 *
 * @param {readonly FileSystemEntry[]} entries
 * @returns {Promise<File[]>}
 */
export async function filesIn(entries) {
  const found = [];
  for (const entry of ordered(entries)) {
    if (entry.isDirectory) found.push(...(await below(/** @type {FileSystemDirectoryEntry} */ (entry))));
    else found.push(await fileOf(/** @type {FileSystemFileEntry} */ (entry)));
  }
  return found;
}

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<File[]>} */
async function below(folder) {
  const found = [];
  for (const entry of ordered(await listed(folder))) {
    if (entry.isDirectory) found.push(...(await below(/** @type {FileSystemDirectoryEntry} */ (entry))));
    else if (looksLikePicture(entry.fullPath)) found.push(await fileOf(/** @type {FileSystemFileEntry} */ (entry)));
  }
  return found;
}

/** @param {readonly FileSystemEntry[]} entries */
const ordered = (entries) =>
  [...entries].sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const fileOf = (entry) =>
  new Promise((resolve, reject) => {
    entry.file((file) => resolve(placed(file, entry.fullPath.replace(/^\//, ""))), reject);
  });

/** Browsers list a folder in pieces. @param {FileSystemDirectoryEntry} folder */
async function listed(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}
