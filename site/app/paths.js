// SPDX-License-Identifier: AGPL-3.0-or-later
/** Where in a folder or an archive a picture stood: its result goes to the same place. */

/** @type {WeakMap<File, string>} */
const PATHS = new WeakMap();

/**
 * Notes where a file stood.
 *
 * @param {File} file
 * @param {string} path with "/" between folders
 */
export function placed(file, path) {
  PATHS.set(file, path);
  return file;
}

/** Whether a file among many is to be taken for a picture, by its name. @param {string} path */
export const looksLikePicture = (path) =>
  /\.(jpe?g|jpe|jfif|mpo|png|webp|tiff?|bmp|gif|ico|avif)$/i.test(path) && !/(^|\/)(\.(?!\.\/)|__MACOSX\/)/.test(path);

/** The folders that a file stood in, "" or with a "/" behind each. @param {File} file */
export function folderOf(file) {
  const path = PATHS.get(file) ?? file.webkitRelativePath ?? "";
  const parts = path.split("/").slice(0, -1);
  // Nothing is ever put outside of the folder that results go to.
  return parts
    .filter((part) => part && part !== "." && part !== "..")
    .map((part) => `${part}/`)
    .join("");
}
