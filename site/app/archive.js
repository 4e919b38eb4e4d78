// SPDX-License-Identifier: AGPL-3.0-or-later
/** Pictures out of ZIP files, and results into one. Nothing of it is held whole in memory but what browsers hold of a Blob. */
import { BlobReader, BlobWriter, configure, ZipReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core-native.js";
import { OffcutError } from "./fault.js";
import { folderOf, looksLikePicture, placed } from "./paths.js";

/** @import {Job} from "./queue.js" */

// The site's policy allows no workers made of strings, and the browser inflates by itself.
configure({ useWebWorkers: false });

/** An archive of more files than this is none of pictures. */
const MOST = 20_000;
/** No picture that can be read has more bytes than this. */
const LARGEST = 1 << 30;
/** What browsers and file systems take as one file: an archive of more is divided. */
const PART = 2_000_000_000;

/**
 * The pictures in an archive, in the order of their names.
 *
 * @param {File} archive
 * @returns {Promise<File[]>} not empty
 */
export async function unpacked(archive) {
  const reader = new ZipReader(new BlobReader(archive));
  try {
    const entries = await reader.getEntries().catch(() => {
      throw new OffcutError("archive.unreadable");
    });
    const pictures = entries.filter(({ directory, filename }) => !directory && looksLikePicture(filename));
    if (!pictures.length) throw new OffcutError("archive.empty");
    if (pictures.length > MOST) throw new OffcutError("archive.too-many", { files: pictures.length, limit: MOST });
    if (pictures.some(({ encrypted }) => encrypted)) throw new OffcutError("archive.locked");
    pictures.sort((one, other) => one.filename.localeCompare(other.filename, undefined, { numeric: true }));
    const files = [];
    for (const entry of pictures) {
      if (entry.directory) continue;
      if (entry.uncompressedSize > LARGEST) throw new OffcutError("archive.too-large", { name: entry.filename });
      const blob = await entry.getData(new BlobWriter()).catch(() => {
        throw new OffcutError("archive.unreadable");
      });
      const name = entry.filename.split("/").at(-1) ?? entry.filename;
      files.push(placed(new File([blob], name, { lastModified: entry.lastModDate.getTime() }), entry.filename));
    }
    return files;
  } finally {
    await reader.close();
  }
}

/**
 * The results of jobs, in the folders that their pictures stood in; two of one name are told apart by a number.
 *
 * @param {readonly Job[]} jobs
 * @param {AbortSignal} signal
 * @param {(done: number) => void} progress how many are packed
 * @returns {AsyncGenerator<Blob>} archives of at most `PART` bytes, but for a file that is larger by itself
 */
export async function* packed(jobs, signal, progress) {
  /** @type {ZipWriter<Blob> | null} */
  let writer = null;
  let bytes = 0;
  let done = 0;
  const taken = new Set();
  for (const { file, result } of jobs) {
    signal.throwIfAborted();
    if (!result) continue;
    if (writer && bytes + result.blob.size > PART) {
      yield await writer.close();
      writer = null;
      bytes = 0;
    }
    writer ??= new ZipWriter(new BlobWriter("application/zip"));
    // Pictures are compressed already.
    await writer.add(free(folderOf(file), result.name, taken), new BlobReader(result.blob), { level: 0, signal });
    bytes += result.blob.size;
    done += 1;
    progress(done);
  }
  if (writer) yield await writer.close();
}

/**
 * A path that no other file has, whatever the case of its letters.
 *
 * @param {string} folder
 * @param {string} name
 * @param {Set<string>} taken
 */
function free(folder, name, taken) {
  const [, stem = name, ending = ""] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [];
  for (let number = 1; ; number++) {
    const path = `${folder}${stem}${number > 1 ? ` (${number})` : ""}${ending}`;
    if (taken.has(path.toLowerCase())) continue;
    taken.add(path.toLowerCase());
    return path;
  }
}
