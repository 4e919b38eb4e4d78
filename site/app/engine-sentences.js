// SPDX-License-Identifier: AGPL-3.0-or-later
/** What can go wrong with a model on the shelf or in a file, told as sentences; kept apart from the workbench's. */
import { number, size, t, tn } from "./messages.js";
import { faultSentence } from "./sentences.js";

/** @import {Fault} from "./protocol.js" */
/** @import {Sentence} from "./sentences.js" */

/** @type {Record<string, (details: Record<string, string | number>) => Omit<Sentence, "retry">>} */
const FAULTS = {
  "weights.no-room": () => ({
    title: t("There is not enough room on this device for all of it."),
    advice: t(
      "What fitted is kept. The engine still runs: what is missing is fetched each time. Delete another engine or free some disk, and go on.",
    ),
  }),
  "weights.unreachable": ({ status = 0 }) =>
    Number(status) > 0
      ? {
          title: t("The engine could not be fetched: the site answered {status}.", { status }),
          advice: t("What has arrived is kept. Try again later, or tell whoever runs this site."),
        }
      : {
          title: t("The engine could not be fetched."),
          advice: t("You seem to be offline. What has arrived is kept: reconnect and go on."),
        },
  "store.failed": () => ({
    title: t("The browser ended this."),
    advice: t("It may have needed more memory than there was. What was done before is kept; try again."),
  }),
  "import.empty": () => ({
    title: t("This file is empty."),
    advice: t("It has no bytes to read. Copy it again from where it came from, or choose another."),
  }),
  "import.gone": () => ({
    title: t("This file can no longer be read."),
    advice: t("It was moved, changed or removed after you chose it. Choose it again."),
  }),
  "import.too-large": ({ bytes = 0 }) => ({
    title: t("This model is too large: {size}.", { size: size(Number(bytes)) }),
    advice: t("A browser holds models of up to 2 GB. Look for a smaller or quantised copy of it."),
  }),
  "import.no-room": ({ bytes = 0 }) => ({
    title: t("There is not enough room on this device for {size}.", { size: size(Number(bytes)) }),
    advice: t("Nothing was kept. Delete another engine or free some disk, and choose the file again."),
  }),
  "import.zip-unreadable": () => ({
    title: t("This zip file cannot be read."),
    advice: t("It is damaged, locked with a password or packed in a rare way. Unpack it and choose the model inside."),
  }),
  "import.zip-models": ({ models = 0 }) =>
    Number(models) === 0
      ? {
          title: t("There is no model in this zip file."),
          advice: t("It has to hold one file whose name ends in .onnx."),
        }
      : {
          title: tn("This zip file holds {n} model.", "This zip file holds {n} models.", Number(models)),
          advice: t("Unpack it and choose the one you want."),
        },
  "import.note-unreadable": () => ({
    title: t("What model.json says cannot be used."),
    advice: t("It has to be a table with the fields of a catalogue row. Mend it, or choose the model without it."),
  }),
  "import.no-runtime": () => ({
    title: t("The part of Offcut that opens models is not on this device yet."),
    advice: t("Open the workbench once with a network, and choose the file again."),
  }),
  "import.not-a-model": () => ({
    title: t("This is not a model that can be run here."),
    advice: t(
      "It has to be one ONNX file with its weights inside, made of operations that onnxruntime knows, and small enough for this device's memory.",
    ),
  }),
  "import.inputs": ({ inputs = 0 }) => ({
    title: tn(
      "This model takes {n} input that is no picture.",
      "This model takes {n} inputs, not one picture.",
      Number(inputs),
    ),
    advice: t(
      "Offcut gives a model one picture and nothing else. It works with nets that find the subject by themselves.",
    ),
  }),
  "import.rank": ({ shape = "" }) => ({
    title: t("This model does not take a picture: its input has the shape {shape}.", { shape }),
    advice: t("Offcut gives a model one picture, as [1, 3, height, width]."),
  }),
  "import.channels": ({ shape = "" }) => ({
    title: t("This model does not take red, green and blue planes: its input has the shape {shape}.", { shape }),
    advice: t("Offcut gives a model one picture, as [1, 3, height, width]. Look for an export in that order."),
  }),
  "import.type": ({ type = "" }) => ({
    title: t("This model takes numbers of the type {type}.", { type: String(type) }),
    advice: t("Offcut gives 32-bit floats. Look for an export that takes those; its weights may be smaller."),
  }),
  "import.batch": ({ count = 0 }) => ({
    title: t("This model takes {count} pictures at once.", { count: number(Number(count)) }),
    advice: t("Offcut gives one at a time. Look for an export that takes one."),
  }),
  "import.not-square": ({ width = 0, height = 0 }) => ({
    title: t("This model takes pictures of {width} × {height}.", { width, height }),
    advice: t("Offcut works with nets whose input is square, or of any size."),
  }),
  "import.no-plane": () => ({
    title: t("This model does not give a mask."),
    advice: t("None of its outputs is one plane of the input's size, which says for each spot how much of it to keep."),
  }),
};

/**
 * @param {Fault} fault
 * @returns {Omit<Sentence, "retry">}
 */
export const engineFault = (fault) => FAULTS[fault.code]?.(fault.details) ?? faultSentence(fault);
