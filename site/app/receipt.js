// SPDX-License-Identifier: AGPL-3.0-or-later
/** The offline receipt: what was read back from this device, and whether every byte is what it should be. */
import { language, number, t, tn } from "./messages.js";
import { listRelease, repairRelease } from "./offline.js";

/** @import {Storekeeper} from "./storekeeper.js" */
/** @import {EngineRow} from "./protocol.js" */

/**
 * @typedef {object} Receipt
 * @property {Date} date
 * @property {string} release
 * @property {number} files of the release
 * @property {number} bytes of files and models, as listed
 * @property {{model: EngineRow, good: number, lost: number}[]} models
 * @property {string[]} missing urls
 * @property {string[]} wrong urls
 */

/** @param {Receipt} receipt */
export const isClean = ({ missing, wrong, models }) =>
  missing.length + wrong.length === 0 && models.every(({ lost }) => lost === 0);

/**
 * Re-reads every file of the release and every part of these models, and compares their hashes with the lists.
 *
 * @param {Storekeeper} keeper
 * @param {EngineRow[]} models
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress bytes
 * @returns {Promise<Receipt | null>} null where no service worker serves this page, so that nothing is kept
 */
export async function takeStock(keeper, models, signal, progress) {
  const list = await listRelease();
  if (!list) return null;
  const sum = (/** @type {{bytes: number}[]} */ rows) => rows.reduce((total, { bytes }) => total + bytes, 0);
  const total = sum(list.files) + sum(models);
  let before = 0;
  const from = (/** @type {number} */ done) => progress(before + done, total);
  const found = await keeper.ask("release:check", { files: list.files }, { signal, progress: from });
  before = sum(list.files);
  /** @type {Receipt["models"]} */
  const checked = [];
  for (const model of models) {
    checked.push({ model, ...(await keeper.ask("shelf:check", { model }, { signal, progress: from })) });
    before += model.bytes;
  }
  return {
    date: new Date(),
    release: list.release,
    files: list.files.length,
    bytes: total,
    models: checked,
    ...found,
  };
}

/**
 * Fetches anew what the receipt found missing or wrong. What cannot be had, an imported model say, stays as it is:
 * the next receipt tells.
 *
 * @param {Storekeeper} keeper
 * @param {Receipt} receipt
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress
 */
export async function repair(keeper, { missing, wrong, models }, signal, progress) {
  await repairRelease([...missing, ...wrong]);
  for (const { model, lost } of models) {
    if (!lost || model.imported) continue;
    signal.throwIfAborted();
    await keeper.ask("shelf:keep", { model }, { signal, progress }).catch((error) => {
      if (signal.aborted) throw error;
    });
  }
}

/**
 * The receipt in plain text, line by line.
 *
 * @param {Receipt} receipt
 * @param {string} site its address
 * @returns {string}
 */
export function asText(receipt, site) {
  const { date, release, files, bytes, models, missing, wrong } = receipt;
  const when = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "long" }).format(date);
  const lost = [
    ...missing.map((url) => t("Missing: {file}", { file: url || "index.html" })),
    ...wrong.map((url) => t("Wrong: {file}", { file: url || "index.html" })),
    ...models
      .filter((row) => row.lost)
      .map(({ model, lost: n }) =>
        tn("Missing or wrong: {n} part of {name}", "Missing or wrong: {n} parts of {name}", n, { name: model.name }),
      ),
  ];
  const good = files - missing.length - wrong.length;
  return [
    t("Offcut: offline receipt"),
    "",
    t("Date: {date}", { date: when }),
    t("Site: {site}", { site }),
    t("Release: {release}", { release }),
    t("Files: {good} of {all} as they should be", { good: number(good), all: number(files) }),
    t("Files and engines together: {bytes} bytes", { bytes: number(bytes) }),
    ...models.flatMap(({ model, good: whole }) => [
      "",
      t("Engine: {name}", { name: model.name }),
      t("Parts: {good} of {all} as they should be", { good: number(whole), all: number(model.parts.length) }),
      t("Bytes: {bytes}", { bytes: number(model.bytes) }),
      `SHA-256: ${model.sha256}`,
    ]),
    "",
    ...(lost.length ? [...lost, ""] : []),
    isClean(receipt)
      ? t("Everything Offcut needs to work without a network is on this device.")
      : t("Something that Offcut needs to work without a network is not on this device."),
    t("Each file was read from this device and its SHA-256 compared with the release's list."),
    "",
  ].join("\n");
}
