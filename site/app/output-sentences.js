// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is said of what comes after the cutout: fetched with the panel's parts, for the first visit is lighter without. */
import { list, number, size, t } from "./messages.js";
import { addFaults } from "./sentences.js";

/** @import {Metadata} from "./protocol.js" */

addFaults({
  "frame.too-large": ({ width = 0, height = 0, limit_side: side, limit_megapixels: limit = 0 }) => ({
    title: t("This canvas would be too large: {width} × {height} pixels.", {
      width: number(Number(width)),
      height: number(Number(height)),
    }),
    advice: side
      ? t("No side can have more than {limit} pixels. Take another shape or a smaller size under Frame.", {
          limit: number(Number(side)),
        })
      : t("Up to {limit} megapixels can be written. Take another shape or a smaller size under Frame.", {
          limit: number(Number(limit)),
        }),
    retry: false,
  }),
  "archive.unreadable": () => ({
    title: t("This ZIP file cannot be read."),
    advice: t("It is damaged or cut short. Nothing was taken from it. Unpack it and drop the pictures."),
    retry: false,
  }),
  "archive.empty": () => ({
    title: t("There are no pictures in this ZIP file."),
    advice: t("Pictures are told by the ends of their names, like .jpg or .png."),
    retry: false,
  }),
  "archive.locked": () => ({
    title: t("This ZIP file is locked with a password."),
    advice: t("Unpack it with the program it was made with, and drop the pictures."),
    retry: false,
  }),
  "archive.too-many": ({ files = 0, limit = 0 }) => ({
    title: t("There are {n} pictures in this ZIP file.", { n: number(Number(files)) }),
    advice: t("Up to {limit} are taken at a time. Divide it.", { limit: number(Number(limit)) }),
    retry: false,
  }),
  "archive.too-large": ({ name = "" }) => ({
    title: t("{name} in this ZIP file is too large.", { name: String(name) }),
    advice: t("No picture that can be read is so large, so nothing was taken from the file."),
    retry: false,
  }),
  "backdrop.missing": () => ({
    title: t("The picture for the background is not at hand."),
    advice: t("It is kept for this visit only. Choose it again under Backdrop, or take another backdrop."),
    retry: false,
  }),
  "output.impossible": ({ wanted = 0, reached = 0 }) => ({
    title: t("The file cannot be made as small as {size}.", { size: size(Number(wanted)) }),
    advice: t("At the lowest quality it has {size}. Allow more under File, or make the canvas smaller under Frame.", {
      size: size(Number(reached)),
    }),
    retry: false,
  }),
  "output.sheet-too-small": ({ width = 0, height = 0 }) => ({
    title: t("A print of {width} × {height} mm does not fit the sheet.", {
      width: number(Number(width)),
      height: number(Number(height)),
    }),
    advice: t("Take larger paper under File, or a size in millimetres under Frame."),
    retry: false,
  }),
  "project.unreadable": () => ({
    title: t("This is not an Offcut project, or a damaged one."),
    advice: t("Nothing was read of it. Take another copy of the file, or begin with the picture itself."),
    retry: false,
  }),
  "project.newer": () => ({
    title: t("This project was saved by a newer Offcut."),
    advice: t("It may hold what this version does not know, so it was not opened. Reload the page to update."),
    retry: false,
  }),
  "project.tampered": () => ({
    title: t("This project is not what was saved."),
    advice: t("A part of it was changed or damaged since, so none of it was used. Take another copy of the file."),
    retry: false,
  }),
});

/** What files say beside their pixels, in the order in which people would miss it. @type {[string, () => string][]} */
const TOLD = [
  ["gps", () => t("where it was taken")],
  ["taken", () => t("when it was taken")],
  ["camera", () => t("the camera")],
  ["serial", () => t("serial numbers")],
  ["author", () => t("its author")],
  ["software", () => t("the software")],
  ["comment", () => t("a comment")],
  ["thumbnail", () => t("a small copy of itself")],
  ["xmp", () => t("notes of editing programs")],
  ["iptc", () => t("press data")],
];

/**
 * What was in the file beside the picture, and what becomes of it.
 *
 * @param {Metadata | null} metadata
 * @param {boolean} kept
 */
export function metadataSentence(metadata, kept) {
  if (!metadata) return t("What this file says beside its picture cannot be read here; none of it is copied.");
  const told = TOLD.filter(([kind]) => metadata.kinds.includes(kind)).map(([, name]) => name());
  if (!told.length) return t("This file says nothing beside its picture.");
  const what = list.format(told);
  return kept
    ? t("This file says: {what}. What describes the photograph is kept.", { what })
    : t("This file says: {what}. None of it is in the result.", { what });
}
