// SPDX-License-Identifier: AGPL-3.0-or-later
/** The kinds of files that results are written as. */
import { t } from "./messages.js";

/** @import {OutputSettings} from "./protocol.js" */

export const FORMATS = /** @type {const} */ ([
  ["png", () => t("PNG")],
  ["jpeg", () => t("JPEG")],
  ["webp", () => t("WebP")],
  ["mask", () => t("Mask")],
  ["ora", () => t("Layers")],
  ["pdf", () => t("PDF")],
]);

/** How to call the file of a format, for buttons. @param {OutputSettings["format"]} format */
export const formatName = (format) => FORMATS.find(([one]) => one === format)?.[1]() ?? format;
