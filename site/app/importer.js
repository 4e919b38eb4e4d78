// SPDX-License-Identifier: AGPL-3.0-or-later
/** A model file on its way to the catalogue: read, known or asked about, kept. */
import { contractOf, importedRow, knownFile, likelyFamily, shapeOf } from "./contract.js";
import { OffcutError, toFault } from "./fault.js";
import { isContract, keepRow } from "./imports.js";
import { FILING, LARGEST_FILE, tellShelf } from "./shelf.js";

/** @import {Known, Shape} from "./contract.js" */
/** @import {Storekeeper} from "./storekeeper.js" */
/** @import {Contract, EngineCatalogue, EngineRow, Fault, FromProbe, ReadFile, ToProbe} from "./protocol.js" */

/**
 * @typedef {object} Answers What the person says of a model that nobody knows.
 * @property {string} name
 * @property {string} family
 * @property {string} licence
 * @property {boolean} commercial
 */

/**
 * @typedef {{step: "idle"}
 *   | {step: "reading" | "keeping", name: string, done: number, total: number}
 *   | {step: "probing", name: string}
 *   | {step: "asking", file: ReadFile, shape: Shape, answers: Answers}
 *   | {step: "warning", file: ReadFile, row: EngineRow}
 *   | {step: "done", row: EngineRow, known: boolean}
 *   | {step: "failed", name: string, fault: Fault}} Step
 */

/** @fires Importer#change */
export class Importer extends EventTarget {
  /** @type {Step} */
  step = { step: "idle" };
  #keeper;
  #release;
  #root;
  #catalogue;
  #kept;
  #stop = new AbortController();

  /**
   * @param {Storekeeper} keeper
   * @param {string} release
   * @param {string} root
   * @param {() => EngineCatalogue | null} catalogue
   * @param {() => Promise<void>} kept called when a model was kept
   */
  constructor(keeper, release, root, catalogue, kept) {
    super();
    this.#keeper = keeper;
    this.#release = release;
    this.#root = root;
    this.#catalogue = catalogue;
    this.#kept = kept;
  }

  /** @param {File} given */
  async take(given) {
    const name = given.name;
    const catalogue = this.#catalogue();
    if (!catalogue || !["idle", "done", "failed"].includes(this.step.step)) return;
    this.#stop = new AbortController();
    await this.#guard(name, async (signal) => {
      if (given.size > LARGEST_FILE) throw new OffcutError("import.too-large", { bytes: given.size });
      await this.#makeSureOfRoom(given.size);
      this.#go({ step: "reading", name, done: 0, total: given.size });
      const progress = (/** @type {number} */ done, /** @type {number} */ total) =>
        this.#go({ step: "reading", name, done, total });
      const file = await this.#keeper.ask("file:read", { file: given }, { signal, progress });
      await this.#makeSureOfRoom(file.bytes);
      const known = knownFile(file, catalogue.models, catalogue.others ?? []);
      const row = known && ("own" in known ? known.own : await this.#complete(file, known, signal));
      if (row && !row.commercial) this.#go({ step: "warning", file, row });
      else if (row) await this.#keep(file, row, true, signal);
      else await this.#ask(file, catalogue, signal);
    });
  }

  /**
   * @param {ReadFile} file
   * @param {Known} known
   * @param {AbortSignal} signal
   */
  async #complete(file, { told, contract }, signal) {
    if (isContract(contract)) return importedRow(file, { ...told, contract });
    const { inputs, outputs } = await this.#probe(file, signal);
    const { input_name, output_name } = shapeOf(inputs, outputs);
    const named = { input_name, output_name, ...contract };
    if (!isContract(named)) throw new OffcutError("import.no-plane");
    return importedRow(file, { ...told, contract: named });
  }

  /** The person has read the warning and goes on. */
  async confirm() {
    if (this.step.step !== "warning") return;
    const { file, row } = this.step;
    await this.#guard(file.name, (signal) => this.#keep(file, row, true, signal));
  }

  /** @param {Answers} answers */
  async answer({ name, family, licence, commercial }) {
    const catalogue = this.#catalogue();
    if (this.step.step !== "asking" || !catalogue) return;
    const { file, shape } = this.step;
    await this.#guard(file.name, async (signal) => {
      const rule = catalogue.families[family];
      if (!rule) throw new OffcutError("import.note-unreadable");
      const contract = { ...contractOf(shape, rule), ...toldContract(file, shape) };
      if (!isContract(contract)) throw new OffcutError("import.note-unreadable");
      const home = file.row?.home;
      const more = typeof home === "string" && /^https?:\/\//.test(home) ? { home } : {};
      await this.#keep(
        file,
        importedRow(file, { name, family, licence, commercial, contract, ...more }),
        false,
        signal,
      );
    });
  }

  /** Stops and forgets; nothing of the file stays. */
  cancel() {
    this.#stop.abort();
    this.#go({ step: "idle" });
  }

  /**
   * @param {ReadFile} file
   * @param {EngineCatalogue} catalogue
   * @param {AbortSignal} signal
   */
  async #ask(file, catalogue, signal) {
    const { inputs, outputs } = await this.#probe(file, signal);
    const shape = shapeOf(inputs, outputs);
    const row = file.row ?? {};
    const text = (/** @type {string} */ key) => (typeof row[key] === "string" ? row[key].trim().slice(0, 120) : "");
    const family = text("family");
    this.#go({
      step: "asking",
      file,
      shape,
      answers: {
        name: text("name") || file.name.replace(/\.onnx$/i, ""),
        family: family in catalogue.families ? family : likelyFamily(catalogue.families, file.name, shape.side),
        licence: text("licence"),
        commercial: row.commercial === true,
      },
    });
  }

  /**
   * @param {ReadFile} file
   * @param {AbortSignal} signal
   * @returns {Promise<Extract<FromProbe, {type: "probe:done"}>>}
   */
  async #probe({ file, name }, signal) {
    this.#go({ step: "probing", name });
    const worker = new Worker(new URL("workers/probe.js", this.#release), { type: "module" });
    try {
      return await new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        worker.onerror = (event) => reject(new OffcutError("import.not-a-model", { reason: event.message ?? "" }));
        worker.onmessage = ({ data }) => {
          const reply = /** @type {FromProbe} */ (data);
          if (reply.type === "probe:done") resolve(reply);
          else reject(OffcutError.from(reply.fault));
        };
        /** @type {ToProbe} */
        const message = { type: "probe:model", root: this.#root, file };
        worker.postMessage(message);
      });
    } finally {
      worker.terminate();
    }
  }

  /**
   * @param {ReadFile} file
   * @param {EngineRow} row
   * @param {boolean} known
   * @param {AbortSignal} signal
   */
  async #keep(file, row, known, signal) {
    this.#go({ step: "keeping", name: row.name, done: 0, total: file.bytes });
    const progress = (/** @type {number} */ done, /** @type {number} */ total) =>
      this.#go({ step: "keeping", name: row.name, done, total });
    await navigator.locks.request(FILING, { mode: "shared" }, async () => {
      await this.#keeper.ask("file:keep", { file: file.file, parts: row.parts }, { signal, progress });
      if (row.imported && !(await keepRow(row, this.#root)))
        throw new OffcutError("import.no-room", { bytes: file.bytes });
    });
    tellShelf({ type: "shelf:changed" });
    await this.#kept();
    this.#go({ step: "done", row, known });
  }

  /** @param {number} bytes */
  async #makeSureOfRoom(bytes) {
    const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota && bytes > quota - usage) throw new OffcutError("import.no-room", { bytes });
  }

  /**
   * @param {string} name
   * @param {(signal: AbortSignal) => Promise<void>} task
   */
  async #guard(name, task) {
    const { signal } = this.#stop;
    try {
      await task(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#go({ step: "failed", name, fault: toFault(error, "internal") });
    }
  }

  /** @param {Step} step */
  #go(step) {
    if (step.step !== "idle" && this.#stop.signal.aborted) return;
    this.step = step;
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * What a model.json beside the model says of its contract, over what its family says; what the graph itself says
 * stands above both.
 *
 * @param {ReadFile} file
 * @param {Shape} shape
 * @returns {Partial<Contract>}
 */
function toldContract({ row }, shape) {
  const told = row && { ...row, .../** @type {object} */ (row.contract ?? {}) };
  if (!told) return {};
  const keys = ["multiple", "resize", "scale", "mean", "std", "activation", ...(shape.side === null ? ["side"] : [])];
  const own = Object.fromEntries(Object.entries(told).filter(([key]) => keys.includes(key)));
  return {
    ...own,
    ...("side" in own ? { sides: [Number(own.side)] } : {}),
    ...(shape.side === null ? {} : { resize: "stretch" }),
  };
}
