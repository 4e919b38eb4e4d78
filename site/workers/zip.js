// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The one model inside a zip file. Of the format (PKWARE's APPNOTE) this reads what zip programs write for files
 * below 4 GB: stored and deflated entries, found by the central directory. The browser inflates; nothing is held
 * whole in memory but what the browser holds for a Blob.
 */
import { OffcutError } from "../app/fault.js";
import { LARGEST_FILE } from "../app/shelf.js";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
const LARGEST_NOTE = 1 << 20;

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} flags
 * @property {number} method
 * @property {number} crc
 * @property {number} packed
 * @property {number} bytes
 * @property {number} offset
 */

const unreadable = () => new OffcutError("import.zip-unreadable");

/** @param {Blob} file */
export async function isZip(file) {
  if (file.size < END_BYTES) return false;
  return (await view(file, 0, 4)).getUint32(0, true) === LOCAL;
}

/**
 * @param {Blob} file
 * @param {AbortSignal} signal
 * @returns {Promise<{file: Blob, name: string, row: Record<string, unknown> | null}>} `row`: its model.json, if any
 */
export async function unzipModel(file, signal) {
  const entries = (await directory(file)).filter(({ name }) => !/(^|\/)(__MACOSX\/|\._)/.test(name));
  const models = entries.filter(({ name }) => name.toLowerCase().endsWith(".onnx"));
  const [model] = models;
  if (!model || models.length > 1) throw new OffcutError("import.zip-models", { models: models.length });
  if (model.bytes > LARGEST_FILE) throw new OffcutError("import.too-large", { bytes: model.bytes });
  const note = entries.find(({ name }) => name.split("/").at(-1) === "model.json");
  let row = null;
  if (note) {
    if (note.bytes > LARGEST_NOTE) throw new OffcutError("import.note-unreadable");
    try {
      row = JSON.parse(await (await unpack(file, note, signal)).text());
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new OffcutError("import.note-unreadable");
    }
    if (row === null || typeof row !== "object" || Array.isArray(row)) throw new OffcutError("import.note-unreadable");
  }
  return { file: await unpack(file, model, signal), name: model.name.split("/").at(-1) ?? "", row };
}

/**
 * @param {Blob} file
 * @param {number} start
 * @param {number} end
 */
async function view(file, start, end) {
  try {
    return new DataView(await file.slice(start, end).arrayBuffer());
  } catch (error) {
    throw new OffcutError("import.gone", { reason: String(error) });
  }
}

/**
 * @param {Blob} file
 * @returns {Promise<Entry[]>}
 */
async function directory(file) {
  const tail = await view(file, Math.max(0, file.size - END_BYTES - LONGEST_COMMENT), file.size);
  let end = tail.byteLength - END_BYTES;
  while (end >= 0 && tail.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw unreadable();
  const count = tail.getUint16(end + 10, true);
  const start = tail.getUint32(end + 16, true);
  const rows = await view(file, start, start + tail.getUint32(end + 12, true));
  /** @type {Entry[]} */
  const entries = [];
  for (let at = 0; entries.length < count; ) {
    if (at + ENTRY_BYTES > rows.byteLength || rows.getUint32(at, true) !== ENTRY) throw unreadable();
    const named = rows.getUint16(at + 28, true);
    if (at + ENTRY_BYTES + named > rows.byteLength) throw unreadable();
    entries.push({
      name: new TextDecoder().decode(new Uint8Array(rows.buffer, at + ENTRY_BYTES, named)),
      flags: rows.getUint16(at + 8, true),
      method: rows.getUint16(at + 10, true),
      crc: rows.getUint32(at + 16, true),
      packed: rows.getUint32(at + 20, true),
      bytes: rows.getUint32(at + 24, true),
      offset: rows.getUint32(at + 42, true),
    });
    at += ENTRY_BYTES + named + rows.getUint16(at + 30, true) + rows.getUint16(at + 32, true);
  }
  return entries;
}

/**
 * @param {Blob} file
 * @param {Entry} entry
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 */
async function unpack(file, entry, signal) {
  if (entry.flags & ENCRYPTED || (entry.method !== STORED && entry.method !== DEFLATED)) throw unreadable();
  const head = await view(file, entry.offset, entry.offset + LOCAL_BYTES);
  if (head.byteLength < LOCAL_BYTES || head.getUint32(0, true) !== LOCAL) throw unreadable();
  const start = entry.offset + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true);
  const packed = file.slice(start, start + entry.packed).stream();
  const plain = entry.method === STORED ? packed : packed.pipeThrough(new DecompressionStream("deflate-raw"));
  try {
    const checked = plain.pipeThrough(checkedStream(entry), { signal });
    return await new Response(checked, { headers: { "Content-Type": "application/octet-stream" } }).blob();
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof OffcutError ? error : unreadable();
  }
}

/**
 * Lets an entry's bytes through and refuses them when their number or their CRC-32 is not what the zip says; a file
 * that inflates beyond its word is stopped there.
 *
 * @param {Entry} entry
 * @returns {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>}
 */
function checkedStream({ bytes, crc }) {
  let [count, sum] = [0, -1];
  return new TransformStream({
    transform(chunk, controller) {
      count += chunk.length;
      if (count > bytes) throw unreadable();
      for (const byte of chunk) sum = /** @type {number} */ (CRC[(sum ^ byte) & 255]) ^ (sum >>> 8);
      controller.enqueue(chunk);
    },
    flush() {
      if (count !== bytes || ~sum >>> 0 !== crc) throw unreadable();
    },
  });
}

const CRC = Int32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
