// SPDX-License-Identifier: AGPL-3.0-or-later
/** Codes told as sentences: what happened, what it means for the picture, what to do. */
import { number, t } from "./messages.js";

/** @import {Fault, JobResult, PythonStage, Stage, Why} from "./protocol.js" */

/**
 * @typedef {object} Sentence
 * @property {string} title what happened
 * @property {string} advice what it means and what to do
 * @property {boolean} retry whether trying the same again can help
 */

/** @type {Record<string, (details: Record<string, string | number>) => Sentence>} */
const FAULTS = {
  "picture.empty": () => ({
    title: t("This file is empty."),
    advice: t("It has no bytes to read. Copy it again from where it came from, or choose another."),
    retry: false,
  }),
  "picture.gone": () => ({
    title: t("This file can no longer be read."),
    advice: t("It was moved, changed or removed after you chose it. Choose it again."),
    retry: true,
  }),
  "picture.unreadable": () => ({
    title: t("This is not a picture Offcut can read."),
    advice: t("The file is damaged, or is something else under a picture's name. Try another copy of it."),
    retry: false,
  }),
  "picture.truncated": () => ({
    title: t("This picture is cut short."),
    advice: t("The file ends before the picture does, so part of it is missing. Copy or download it again in full."),
    retry: false,
  }),
  "picture.format-unsupported": ({ format = "" }) => ({
    title: t("{format} files cannot be read here.", { format }),
    advice: t("Save it as PNG, JPEG, WebP, TIFF or AVIF and drop it again."),
    retry: false,
  }),
  "picture.too-large": ({ width = 0, height = 0, limit_megapixels: limit = 0 }) => ({
    title: t("This picture is too large: {width} × {height} pixels.", {
      width: number(Number(width)),
      height: number(Number(height)),
    }),
    advice: t(
      "Up to {limit} megapixels fit in a browser's memory. Make it smaller and drop it again. Nothing was decoded.",
      { limit: number(Number(limit)) },
    ),
    retry: false,
  }),
  "picture.depth-unsupported": () => ({
    title: t("This picture has 12-bit, 32-bit or floating-point samples."),
    advice: t("Offcut reads 8 and 16 bits per channel. Save it as 16-bit PNG or TIFF and drop it again."),
    retry: false,
  }),
  "matte.nothing-found": () => ({
    title: t("No clear subject."),
    advice: t(
      "The engine found nothing to keep in this picture, so nothing was cut. Cut it out by hand, or try a closer crop.",
    ),
    retry: false,
  }),
  "matte.not-finite": () => ({
    title: t("The engine gave no usable answer."),
    advice: t("Its numbers were not valid, so nothing was cut. Try again; if it stays so, reload the page."),
    retry: true,
  }),
  "model.unknown": () => releaseTrouble(),
  "model.contract": () => releaseTrouble(),
  "catalogue.invalid": () => releaseTrouble(),
  "recipe.invalid": () => releaseTrouble(),
  "weights.unreachable": ({ status = 0 }) =>
    Number(status) > 0
      ? {
          title: t("The engine could not be fetched: the site answered {status}.", { status }),
          advice: t("Your picture is untouched. Try again later, or tell whoever runs this site."),
          retry: true,
        }
      : {
          title: t("The engine could not be fetched."),
          advice: t(
            "You seem to be offline. It is needed once, and what has arrived is kept. Reconnect and try again.",
          ),
          retry: true,
        },
  "weights.hash-mismatch": () => ({
    title: t("The engine arrived damaged and was refused."),
    advice: t("Every part is checked before use, and one was not what it should be. Try again to fetch it anew."),
    retry: true,
  }),
  "weights.gone": () => ({
    title: t("The imported model is no longer on this device."),
    advice: t("The browser, or you, cleared it, and no server has it. Import its file again, or take another engine."),
    retry: false,
  }),
  "site.unreachable": () => ({
    title: t("A part of Offcut could not be fetched."),
    advice: t("You seem to be offline, and this part is not on your device yet. Reconnect and try again."),
    retry: true,
  }),
  "engine.failed": () => ({
    title: t("The engine stopped working."),
    advice: t(
      "Most often the device ran out of memory. Close other tabs and try again; a fresh engine is being made ready.",
    ),
    retry: true,
  }),
  "engine.unreachable": () => ({
    title: t("A part of the engine could not be fetched."),
    advice: t("You seem to be offline, and this part is not on your device yet. Reconnect and try again."),
    retry: true,
  }),
  "engine.lost": () => ({
    title: t("The engine was ended by the browser."),
    advice: t("It may have needed more memory than there was. Your picture is untouched: try again."),
    retry: true,
  }),
  "python.failed": () => ({
    title: t("Offcut could not start here."),
    advice: t("This browser may be too old, or a file did not arrive. Update it, or reload the page."),
    retry: true,
  }),
  "python.lost": () => ({
    title: t("The picture's worker was ended by the browser."),
    advice: t("It may have needed more memory than there was. Your picture is untouched: try again."),
    retry: true,
  }),
  "job.out-of-memory": () => ({
    title: t("There was not enough memory for this picture."),
    advice: t("Close other tabs and try again, or make the picture smaller."),
    retry: true,
  }),
};

/**
 * Sentences for more codes, of parts of the app that are fetched later.
 *
 * @param {typeof FAULTS} faults
 */
export const addFaults = (faults) => Object.assign(FAULTS, faults);

/** @returns {Sentence} */
const releaseTrouble = () => ({
  title: t("Parts of Offcut do not fit together."),
  advice: t("Two versions of the site may have met. Reload the page; your picture is untouched."),
  retry: true,
});

/**
 * @param {Fault} fault
 * @returns {Sentence}
 */
export function faultSentence(fault) {
  const sentence = FAULTS[fault.code]?.(fault.details);
  return (
    sentence ?? {
      title: t("Something went wrong inside Offcut."),
      advice: t("Your picture is untouched. Try again; if it stays so, please report the code {code}.", {
        code: fault.code,
      }),
      retry: true,
    }
  );
}

/** @type {Record<Stage | "open" | "", () => string>} */
const STAGES = {
  open: () => t("Opening the file"),
  "": () => t("Getting ready"),
  read: () => t("Reading the picture"),
  pack: () => t("Preparing it for the engine"),
  infer: () => t("Finding the subject"),
  refine: () => t("Drawing the edge"),
  compose: () => t("Cutting it out"),
  encode: () => t("Writing the file"),
};

/** @param {Stage | "open" | ""} stage */
export const stageSentence = (stage) => STAGES[stage]();

/** @type {Record<PythonStage, () => string>} */
const PYTHON_STAGES = {
  core: () => t("starting Python"),
  packages: () => t("loading image tools"),
  pipeline: () => t("loading Offcut"),
};

/** @param {string} stage */
export const pythonStageSentence = (stage) =>
  PYTHON_STAGES[/** @type {PythonStage} */ (stage)]?.() ?? PYTHON_STAGES.core();

/** @type {Record<string, () => string>} */
const NOTES = {
  "by-colour": () =>
    t("It was cut by its colours, as a graphic on a flat ground. If it is a photograph, say so under Edges."),
  animated: () => t("This file is animated; its first frame was used."),
  "several-pages": () => t("It has several pages; the first one was used."),
  "already-transparent": () => t("It was partly transparent already, and that is kept."),
  "wide-gamut": () => t("Its colours were converted to sRGB."),
  "sixteen-bit": () => t("It has 16 bits per channel; the cutout has 8."),
  "small-device": () => t("A closer look at it was left out, to stay within the memory of this device."),
  "little-memory": () => t("Memory ran short, so the engine looked at a smaller copy; the edge may be coarser."),
  "no-colour-conversion": () => t("Its colour profile could not be applied, so colours may differ slightly."),
};

/** @param {string} note */
export const noteSentence = (note) => NOTES[note]?.() ?? "";

/** What a person should know about why this backend did the work. @type {Partial<Record<Why, () => string>>} */
const FALLBACKS = {
  "wrong-answer": () => t("The graphics card gave a wrong answer in a test, so the processor does the work."),
  lost: () => t("The graphics card was lost, so the processor does the work."),
  memory: () => t("The engine ran out of memory and was started again, in a way that needs less of it."),
  refused: () => t("The engine could not use the fastest way to compute here, so it uses the next one."),
  "not-fetched": () => t("The part that uses the graphics card could not be fetched, so the processor does the work."),
};

/** The same where the person asked for the graphics card. @type {Partial<Record<Why, () => string>>} */
const UNMET = {
  model: () => t("This engine runs on the processor only."),
  "no-adapter": () => t("This browser offers no graphics card that can be used, so the processor does the work."),
  "no-half": () => t("The graphics card lacks the 16-bit numbers this engine needs, so the processor does the work."),
};

/**
 * @param {Why} why
 * @param {boolean} asked whether the person asked for the graphics card
 */
export const fallbackSentence = (why, asked) => (FALLBACKS[why] ?? (asked ? UNMET[why] : undefined))?.() ?? "";

/**
 * What made a result: the model, and where it ran.
 *
 * @param {string} name
 * @param {JobResult["engine"]} engine
 */
export function engineSentence(name, engine) {
  if (!engine) return t("{name}, from an earlier look", { name });
  if (engine.backend === "webgpu") return t("{name}, graphics card", { name });
  const { threads } = engine;
  return threads === 1 ? t("{name}, one thread", { name }) : t("{name}, {threads} threads", { name, threads });
}
