// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The app's gettext. English is the source and needs no catalogue; another language's is a module the build makes
 * from its .po file, loaded before the first element is drawn.
 *
 * @typedef {object} Messages
 * @property {Record<string, string | string[]>} messages by English text; plural ones hold every form
 * @property {number[]} plurals the plural form of each number from 0 to 199, which all languages repeat by hundreds
 */

/** The page's language, for numbers and dates too. */
export const language = document.documentElement.lang || "en";

/** Awaited here, so that no element is drawn before its words are there. @type {Messages} */
const catalogue =
  language === "en"
    ? { messages: {}, plurals: [] }
    : (await import(new URL(`locales/${language}.js`, import.meta.url).href)).default;

/**
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));

/**
 * A text that stands not in a script but in catalogue.json: what its rows say of themselves.
 *
 * @param {string} text
 * @returns {string}
 */
export function translated(text) {
  const found = catalogue.messages[text];
  return typeof found === "string" ? found : text;
}

/**
 * @param {string} text the English sentence, with {named} holes
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export const t = (text, values) => fill(translated(text), values);

/**
 * @param {string} one the English sentence for one
 * @param {string} many the English sentence for any other number
 * @param {number} n
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function tn(one, many, n, values) {
  const forms = catalogue.messages[one];
  const text = Array.isArray(forms)
    ? forms[catalogue.plurals[n < 200 ? n : 100 + (n % 100)] ?? 0]
    : n === 1
      ? one
      : many;
  return fill(text ?? many, { n: number(n), ...values });
}

const plain = new Intl.NumberFormat(language);
const megabytes = new Intl.NumberFormat(language, {
  style: "unit",
  unit: "megabyte",
  maximumFractionDigits: 1,
});
const gigabytes = new Intl.NumberFormat(language, {
  style: "unit",
  unit: "gigabyte",
  maximumFractionDigits: 1,
});
const kilobytes = new Intl.NumberFormat(language, {
  style: "unit",
  unit: "kilobyte",
  maximumFractionDigits: 0,
});
const byteUnits = new Intl.NumberFormat(language, { style: "unit", unit: "byte", unitDisplay: "long" });
const seconds = new Intl.NumberFormat(language, {
  style: "unit",
  unit: "second",
  unitDisplay: "narrow",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const percent = new Intl.NumberFormat(language, { style: "percent" });

/** What is told one after the other, with an "and" before the last. */
export const list = new Intl.ListFormat(language, { type: "conjunction" });

/** @param {number} value */
export const number = (value) => plain.format(value);

/** @param {number} value bytes; decimal units, as disks and phone plans count */
export const size = (value) => {
  if (value < 1000) return byteUnits.format(value);
  if (value < 1e6) return kilobytes.format(value / 1e3);
  return value < 1e9 ? megabytes.format(value / 1e6) : gigabytes.format(value / 1e9);
};

/** @param {number} ms */
export const duration = (ms) => seconds.format(ms / 1000);

/** @param {number} share 0..1 */
export const share = (share) => percent.format(share);

/** @param {number} value */
export const pixels = (value) => t("{n} px", { n: plain.format(value) });
