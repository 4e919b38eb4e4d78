// SPDX-License-Identifier: AGPL-3.0-or-later
/** Models that were brought from files: their rows, kept beside their parts, and the catalogue with them. */
import { openShelf, SHELF, shelfKeys, tellShelf } from "./shelf.js";

/** @import {CatalogueData, Contract, EngineRow} from "./protocol.js" */

/** @param {string} root @param {string} sha256 */
const rowUrl = (root, sha256) => new URL(`weights/${sha256}.json`, root).href;

/**
 * The site's catalogue and, after its own, the models on this device that came from files.
 *
 * @template {CatalogueData} T
 * @param {T} catalogue
 * @param {string} root the site's root URL
 * @returns {Promise<T>}
 */
export async function catalogueWithImports(catalogue, root) {
  const own = new Set(catalogue.models.flatMap(({ id, sha256 }) => [id, sha256]));
  // A model that the site has come to offer itself needs no second row: the parts are the same.
  const rows = (await importedRows(root)).filter(({ id, sha256 }) => !own.has(id) && !own.has(sha256));
  return { ...catalogue, models: [...catalogue.models, ...rows] };
}

/**
 * @param {string} root
 * @returns {Promise<EngineRow[]>} in the order of their names; none where nothing may be stored
 */
async function importedRows(root) {
  /** @type {EngineRow[]} */
  const rows = [];
  try {
    for (const url of await shelfKeys()) {
      const sha256 = /\/weights\/([0-9a-f]{64})\.json$/.exec(url)?.[1];
      const kept = sha256 && url === rowUrl(root, sha256) && (await caches.match(url, { cacheName: SHELF }));
      const row = kept ? await kept.json().catch(() => null) : null;
      // One row that Python refuses would refuse them all.
      if (isWhole(row) && row.sha256 === sha256) rows.push(row);
    }
  } catch {
    return [];
  }
  return rows.sort((one, other) => one.name.localeCompare(other.name));
}

/**
 * @param {EngineRow} row as app/contract.js made it
 * @param {string} root
 * @returns {Promise<boolean>} false where it could not be kept
 */
export async function keepRow(row, root) {
  const shelf = await openShelf();
  if (!shelf) return false;
  try {
    await shelf.put(rowUrl(root, row.sha256), Response.json(row));
  } catch {
    return false;
  }
  tellShelf({ type: "shelf:changed" });
  return true;
}

/** @param {EngineRow} row @param {string} root */
export async function dropRow(row, root) {
  await (await openShelf())?.delete(rowUrl(root, row.sha256));
}

const TEXTS = ["id", "name", "family", "licence", "sha256"];
const CONTRACT_TEXTS = ["input_name", "output_name"];
/** As pysrc/offcut/catalogue.py knows them. @type {Record<string, string[]>} */
const CHOICES = {
  resize: ["stretch", "fit"],
  scale: ["fixed", "brightest"],
  layout: ["NCHW"],
  activation: ["none", "minmax", "sigmoid"],
};

/** @param {unknown} value @param {number} most */
const isCount = (value, most) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;

/** @param {unknown} value @param {(number: number) => boolean} fits */
const areThree = (value, fits) =>
  Array.isArray(value) && value.length === 3 && value.every((each) => Number.isFinite(each) && fits(each));

/**
 * Whether the pipeline would take this row: the rules of pysrc/offcut/catalogue.py.
 *
 * @param {any} row
 * @returns {row is EngineRow}
 */
export function isWhole(row) {
  const contract = row?.contract;
  return (
    Boolean(contract) &&
    TEXTS.every((key) => row[key] && typeof row[key] === "string") &&
    typeof row.commercial === "boolean" &&
    Array.isArray(row.backends) &&
    row.backends.length > 0 &&
    row.backends.every((/** @type {unknown} */ each) => each === "wasm" || each === "webgpu") &&
    Array.isArray(row.parts) &&
    row.parts.every((/** @type {any} */ part) => /^[0-9a-f]{64}$/.test(part?.sha256) && isCount(part.bytes, 1 << 30)) &&
    row.bytes > 0 &&
    row.parts.reduce((/** @type {number} */ sum, /** @type {any} */ part) => sum + part.bytes, 0) === row.bytes &&
    isContract(contract)
  );
}

/**
 * @param {any} contract
 * @returns {contract is Contract}
 */
export function isContract(contract) {
  return (
    CONTRACT_TEXTS.every((key) => contract[key] && typeof contract[key] === "string") &&
    isCount(contract.side, 8192) &&
    isCount(contract.multiple, 1024) &&
    Array.isArray(contract.sides) &&
    contract.sides.every((/** @type {unknown} */ side) => isCount(side, 8192)) &&
    new Set(contract.sides).size === contract.sides.length &&
    contract.sides.includes(contract.side) &&
    areThree(contract.mean, () => true) &&
    areThree(contract.std, (each) => each !== 0) &&
    Object.entries(CHOICES).every(([key, choices]) => choices.includes(contract[key]))
  );
}
