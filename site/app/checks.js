// SPDX-License-Identifier: AGPL-3.0-or-later
/** Checks told as sentences: what was measured and what is asked (see offcut.check). */
import { number, share, size, t } from "./messages.js";

/** @import {Check} from "./protocol.js" */

/** @typedef {Check["details"]} Details */

/** @param {Details} details @param {string} name */
const pixels = (details, name) => number(Number(details[name] ?? 0));

/** @param {string | number | undefined} value */
const part = (value) => share(Number(value ?? 0));

/**
 * What is allowed, in words.
 *
 * @param {Details} details
 * @param {(value: number) => string} told
 */
function allowed({ least, most }, told) {
  if (least !== undefined && most !== undefined) {
    return t("Asked is {least} to {most}.", { least: told(Number(least)), most: told(Number(most)) });
  }
  if (least !== undefined) return t("Asked is at least {least}.", { least: told(Number(least)) });
  if (most !== undefined) return t("Allowed is at most {most}.", { most: told(Number(most)) });
  return "";
}

/**
 * The sizes that an upload may have; "" where only shapes are asked for.
 *
 * @param {Details} details
 */
function uploads(details) {
  const told = ["least", "most"].map((end) => {
    const [width, height] = [details[`${end}_width`], details[`${end}_height`]];
    return width === undefined || height === undefined
      ? ""
      : t("{width} × {height}", { width: number(Number(width)), height: number(Number(height)) });
  });
  const [least, most] = told;
  if (least && most && least !== most) return t("Asked is {least} to {most}.", { least, most });
  if (least && most) return t("Asked is {wanted}.", { wanted: least });
  if (least) return t("Asked is at least {least}.", { least });
  if (most) return t("Allowed is at most {most}.", { most });
  return details.ratio === undefined ? "" : t("Asked is the shape {ratio}.", { ratio: String(details.ratio) });
}

/** @type {Record<string, (details: Details, good: boolean, doubtful: boolean) => string>} */
const CHECKS = {
  size: (details, good) => {
    const told = t("{width} × {height} pixels.", {
      width: pixels(details, "width"),
      height: pixels(details, "height"),
    });
    if (good) return told;
    if (details.wanted_width !== undefined) {
      const wanted = { width: pixels(details, "wanted_width"), height: pixels(details, "wanted_height") };
      return `${told} ${t("Asked is {width} × {height}.", wanted)}`;
    }
    if (details.reason === "megapixels") {
      return `${told} ${t("Allowed are {n} megapixels.", { n: number(Number(details.most ?? 0)) })}`;
    }
    if (details.advised !== undefined) {
      return `${told} ${t("Advised are {n} along the longer side.", { n: pixels(details, "advised") })}`;
    }
    if (details.reason === "dpi") {
      const print = { width: pixels(details, "mm_width"), height: pixels(details, "mm_height") };
      return `${told} ${t("It would be printed {width} × {height} mm.", print)}`;
    }
    if (details.reason === "shape") {
      const wanted = { width: pixels(details, "wanted_mm_width"), height: pixels(details, "wanted_mm_height") };
      return `${told} ${t("Asked is the shape of {width} × {height} mm.", wanted)}`;
    }
    if (details.reason === "density")
      return `${told} ${t("That is coarse for a print; 300 pixels an inch are usual.")}`;
    if (details.reason === "disputed") return `${told} ${t("Another source names this size.")}`;
    if (details.reason === "print-only") return `${told} ${t("Right for print, but not for the upload.")}`;
    return `${told} ${uploads(details) || allowed(details, number) || t("This is not a size that is asked for.")}`;
  },
  square: (_, good) => (good ? t("It is square.") : t("It is not square.")),
  background: (details, good) => {
    if (details.reason === "transparent") return t("The picture does not fill the canvas.");
    if (details.reason) return t("No background is to be seen.");
    if (details.got !== undefined) {
      return good
        ? t("The background is {got}.", { got: String(details.got) })
        : t("The background is {got}, not what is asked for.", { got: String(details.got) });
    }
    if (good && details.compressed)
      return t("The background is pure white; the file's compression stirs it a little along the edges.");
    return good ? t("The background is pure white.") : t("The background is not pure white.");
  },
  transparency: (_, good) => (good ? t("Nothing is transparent.") : t("Parts of it are transparent.")),
  fill: (details) =>
    details.reason
      ? t("No subject was found.")
      : `${t("The subject fills {share}.", { share: part(details.share) })} ${allowed(details, share)}`,
  "subject-size": (details) =>
    `${t("The subject has {width} × {height} pixels.", { width: pixels(details, "width"), height: pixels(details, "height") })} ${allowed(details, number)}`,
  "cut-off": (_, good) => (good ? t("The subject is whole.") : t("The subject is cut off by the edge.")),
  enlarged: (details, good) =>
    good
      ? t("It is not enlarged.")
      : t("It is enlarged to {share} of the original, so it may look soft.", { share: part(details.scale) }),
  bytes: (details) =>
    `${t("The file has {size}.", { size: size(Number(details.got ?? 0)) })} ${allowed(details, size)}`,
  format: (details, good) =>
    good ? t("The format is right.") : t("Asked is {wanted}.", { wanted: String(details.wanted ?? "") }),
  head: (details, good, doubtful) => {
    if (good) return t("The head was found.");
    if (details.reason === "cut-off")
      return doubtful ? t("The original cuts the head off above.") : t("The canvas cuts the head off.");
    return t("The head was not found. Move the lines at crown and chin by hand.");
  },
  "head-size": (details) =>
    `${t("The head is {share} of the height.", { share: part(details.share) })} ${allowed(details, share)}`,
  "head-width": (details) => {
    if (details.reason) return t("How wide the head is shows only once it is cut out.");
    const told = t("The head is {n} mm wide, hair included.", { n: number(Number(details.mm ?? 0)) });
    return `${told} ${allowed(details, (mm) => t("{n} mm", { n: number(mm) }))}`;
  },
  "head-top": (details) =>
    `${t("Above the head is {share} of the height.", { share: part(details.share) })} ${allowed(details, share)}`,
  eyes: (details) =>
    `${t("The eyes are about {share} up.", { share: part(details.share) })} ${allowed(details, share)}`,
  centring: (_, good) => (good ? t("The face is in the middle.") : t("The face is not in the middle.")),
  evenness: (details, good) => {
    if (good) return t("The background is even.");
    if (details.reason === "no-ground") return t("No background is to be seen.");
    if (details.reason === "light") return t("The background is lighter on one side than on the other.");
    return t("The background is not even: there are shadows or things in it.");
  },
  sharpness: (details, good, doubtful) => {
    if (good) return t("The face is sharp.");
    if (details.reason) return t("How sharp the face is could not be told.");
    return doubtful ? t("The face may not be sharp enough.") : t("The face is blurred.");
  },
  altered: (_, good) =>
    good
      ? t("The photo is cropped only, and not altered.")
      : t("The photo was altered, and this authority refuses altered photos."),
};

/** @param {Check} check */
export const checkSentence = ({ id, state, details }) =>
  CHECKS[id]?.(details, state === "pass", state === "warn").trim() ?? id;
