// SPDX-License-Identifier: AGPL-3.0-or-later
/** A model file of the person's own: read through once to know it, once more to keep it. */
import { md5 } from "@noble/hashes/legacy.js";
import { sha256 as sha256Whole } from "@noble/hashes/sha2.js";
import { OffcutError } from "../app/fault.js";
import { openShelf, PART_BYTES, partUrl } from "../app/shelf.js";
import { hex, sha256 } from "./digest.js";
import { keptPart, storePart } from "./part.js";
import { isZip, unzipModel } from "./zip.js";

/** @import {Part, ReadFile} from "../app/protocol.js" */

/**
 * Hashes the file, whole and in parts. Nothing is written before it is known what it is.
 *
 * @param {File} given an .onnx file, or a .zip that holds one
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress
 * @returns {Promise<ReadFile>}
 */
export async function readFile(given, signal, progress) {
  if (given.size === 0) throw new OffcutError("import.empty");
  /** @type {{file: Blob, name: string, row: Record<string, unknown> | null}} */
  const model = (await isZip(given)) ? await unzipModel(given, signal) : { file: given, name: given.name, row: null };
  // WebCrypto takes whole buffers only; a model may be larger than a tab's memory. MD5 tells files apart that their
  // makers name by it, and protects nothing: parts are verified by SHA-256.
  const [whole, old] = [sha256Whole.create(), md5.create()];
  /** @type {Part[]} */
  const parts = [];
  for await (const piece of pieces(model.file, signal, progress)) {
    whole.update(piece);
    old.update(piece);
    parts.push({ sha256: await sha256(piece), bytes: piece.length });
  }
  return { ...model, sha256: hex(whole.digest()), md5: hex(old.digest()), bytes: model.file.size, parts };
}

/**
 * Puts the file's parts on the shelf; where they do not all fit, or it is stopped, none of them stays.
 *
 * @param {Blob} file
 * @param {Part[]} parts as `readFile` found them, or as the site cut the same file
 * @param {string} root
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress
 */
export async function keepFile(file, parts, root, signal, progress) {
  /** @type {string[]} */
  const put = [];
  let at = 0;
  try {
    for (const part of parts) {
      signal.throwIfAborted();
      const piece = await read(file, at, at + part.bytes);
      // It is another file by now than the one that was read.
      if ((await sha256(piece)) !== part.sha256) throw new OffcutError("import.gone");
      const url = partUrl(root, part);
      if (!(await keptPart(url, part))) {
        if (!(await storePart(url, piece))) throw new OffcutError("import.no-room", { bytes: file.size });
        put.push(url);
      }
      at += part.bytes;
      progress(at, file.size);
    }
  } catch (error) {
    const shelf = await openShelf();
    for (const url of put) await shelf?.delete(url);
    throw error;
  }
}

/**
 * @param {Blob} file
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress
 */
async function* pieces(file, signal, progress) {
  for (let at = 0; at < file.size; at += PART_BYTES) {
    signal.throwIfAborted();
    yield await read(file, at, at + PART_BYTES);
    progress(Math.min(at + PART_BYTES, file.size), file.size);
  }
}

/**
 * @param {Blob} file
 * @param {number} start
 * @param {number} end
 */
async function read(file, start, end) {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (error) {
    // Moved, changed or removed after it was chosen, or the disk refused it.
    throw new OffcutError("import.gone", { reason: String(error) });
  }
}
