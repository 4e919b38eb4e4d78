// SPDX-License-Identifier: AGPL-3.0-or-later
/** What an unknown graph takes and gives, told from its ports and from the family that the person names. */
import { OffcutError } from "./fault.js";
import { isWhole } from "./imports.js";

/** @import {Contract, EngineRow, Family, OtherRow, Port, ReadFile} from "./protocol.js" */

/**
 * @typedef {object} Shape What of a graph matters here.
 * @property {string} input_name
 * @property {string} output_name
 * @property {number | null} side null when it takes several
 */

/**
 * @param {Port[]} inputs
 * @param {Port[]} outputs
 * @returns {Shape}
 * @throws {OffcutError} `import.*`: it is no net that turns one picture into one plane
 */
export function shapeOf(inputs, outputs) {
  const [input] = inputs;
  if (!input || inputs.length > 1) throw new OffcutError("import.inputs", { inputs: inputs.length });
  const dims = input.dims;
  if (dims.length !== 4) throw new OffcutError("import.rank", { shape: told(dims) });
  const [batch, channels, height, width] = dims;
  if (channels !== 3 && isFixed(channels)) throw new OffcutError("import.channels", { shape: told(dims) });
  if (input.type !== "float32") throw new OffcutError("import.type", { type: input.type });
  if (isFixed(batch) && batch !== 1) throw new OffcutError("import.batch", { count: Number(batch) });
  if (isFixed(height) && isFixed(width) && height !== width) {
    throw new OffcutError("import.not-square", { width: Number(width), height: Number(height) });
  }
  const side = [height, width].find(isFixed);
  const output = outputs.find((port) => isPlane(port, side));
  if (!output) throw new OffcutError("import.no-plane", { outputs: outputs.length });
  return { input_name: input.name, output_name: output.name, side: side === undefined ? null : Number(side) };
}

/** ORT tells a dimension without a name as a number below one. @param {number | string | undefined} dim */
const isFixed = (dim) => typeof dim === "number" && dim > 0;

/** @param {(number | string)[]} dims */
const told = (dims) => `[${dims.map((dim) => (isFixed(dim) ? dim : "?")).join(", ")}]`;

/**
 * Whether an output can be a matte: float32, one plane, of the input's size where both are fixed.
 *
 * @param {Port} port
 * @param {number | string | undefined} side
 */
function isPlane({ type, dims }, side) {
  if (type !== "float32" || dims.length < 2 || dims.length > 4) return false;
  const outer = dims.slice(0, -2).every((dim) => !isFixed(dim) || dim === 1);
  return outer && dims.slice(-2).every((dim) => !isFixed(dim) || side === undefined || dim === side);
}

/**
 * The family that this model most likely belongs to: one that its file is named after, else one of its side, else
 * the first.
 *
 * @param {Record<string, Family>} families
 * @param {string} name the file's
 * @param {number | null} side
 */
export function likelyFamily(families, name, side) {
  const plain = (/** @type {string} */ text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const ids = Object.keys(families);
  const longestFirst = [...ids].sort((one, other) => other.length - one.length);
  return (
    longestFirst.find((id) => plain(name).includes(plain(id))) ??
    ids.find((id) => families[id]?.side === side) ??
    ids[0] ??
    ""
  );
}

/**
 * @param {Shape} shape
 * @param {Family} family
 * @returns {Contract}
 */
export function contractOf(shape, { name: _, ...family }) {
  const side = shape.side ?? family.side;
  // A graph of one fixed, square size cannot be shown a picture in another shape.
  const resize = shape.side === null ? family.resize : "stretch";
  return { ...family, resize, side, sides: [side], input_name: shape.input_name, output_name: shape.output_name };
}

/**
 * A row for the catalogue.
 *
 * @param {ReadFile} file
 * @param {Pick<EngineRow, "name" | "family" | "licence" | "commercial" | "contract"> & Partial<EngineRow>} told
 * @returns {EngineRow}
 */
export function importedRow(file, told) {
  const row = {
    advice: "",
    backends: ["wasm"],
    ...told,
    id: `import-${file.sha256.slice(0, 12)}`,
    imported: true,
    sha256: file.sha256,
    bytes: file.bytes,
    parts: file.parts,
  };
  if (!isWhole(row)) throw new OffcutError("import.note-unreadable");
  return row;
}

/**
 * @typedef {object} Known What the catalogue says of a file.
 * @property {Pick<EngineRow, "name" | "advice" | "family" | "licence" | "commercial" | "backends">
 *   & {home?: string}} told
 * @property {Partial<Contract>} contract it may leave the names of input and output to the graph
 */

/**
 * The catalogue's own word about this file, if it knows it.
 *
 * @param {ReadFile} file
 * @param {EngineRow[]} models
 * @param {OtherRow[]} others
 * @returns {{own: EngineRow} | Known | null} `own`: byte for byte what the site serves; else as it was published, of
 *   which the site serves a prepared copy or none
 */
export function knownFile(file, models, others) {
  const own = models.find(({ sha256 }) => sha256 === file.sha256);
  if (own) return { own };
  const known = [...models, ...others].find(
    ({ published }) => published && (published.sha256 === file.sha256 || published.md5 === file.md5),
  );
  if (!known) return null;
  const { name, advice, family, licence, commercial, contract, backends, precision, home } = known;
  // The published graph is bound to the side it was made for; only our prepared copy takes several.
  const sides = "parts" in known || !contract.sides ? [contract.side] : contract.sides;
  const told = {
    name,
    advice,
    family,
    licence,
    commercial,
    backends,
    ...(precision && { precision }),
    ...(home && { home }),
  };
  return { told, contract: { ...contract, sides } };
}
