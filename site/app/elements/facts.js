// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { formatName } from "../formats.js";
import { duration, number, share, size, t } from "../messages.js";
import { engineSentence, stageSentence } from "../sentences.js";
import { LightElement } from "./light.js";
import "./wish.js";

/** @import {JobResult} from "../protocol.js" */
/** @import {Job} from "../queue.js" */
/** @import {Staff} from "../staff.js" */

/** What there is to know of a finished picture. */
export class Facts extends LightElement {
  static properties = { job: { attribute: false }, staff: { attribute: false }, turn: { type: Number } };

  constructor() {
    super();
    /** @type {Job | null} */
    this.job = null;
    /** @type {Staff | null} */
    this.staff = null;
    this.turn = 0;
  }

  /** @override */
  render() {
    const { job } = this;
    const result = job?.result;
    if (!job || !result) return nothing;
    return html`<dl class="facts">
        <div><dt>${t("Size")}</dt><dd>${t("{width} × {height} pixels", { width: number(result.width), height: number(result.height) })}</dd></div>
        <div><dt>${t("File")}</dt><dd>${t("{size} {format}", { size: size(result.blob.size), format: formatName(job.shown?.output.format ?? "png") })}</dd></div>
        <div><dt>${t("Time")}</dt><dd>${job.cold ? t("{time}, with the engine's start", { time: duration(job.took) }) : duration(job.took)}</dd></div>
        <div><dt>${t("Engine")}</dt><dd>${this.#engine(job, result)}</dd></div>
        ${
          typeof result.confidence !== "number"
            ? nothing
            : html`<div title=${t("Told from how sure the engine was of each pixel. Look closer where it is low.")}>
                <dt>${t("Likely right")}</dt><dd>${share(result.confidence)}</dd>
              </div>`
        }
      </dl>
      <details class="timings">
        <summary>${t("Where the time went")}</summary>
        <dl class="facts">
          ${Object.entries(result.timings).map(
            ([stage, ms]) =>
              html`<div><dt>${stageSentence(/** @type {any} */ (stage))}</dt><dd>${duration(ms)}</dd></div>`,
          )}
        </dl>
        <offcut-wish .staff=${this.staff} .turn=${this.turn}></offcut-wish>
      </details>`;
  }

  /**
   * @param {Job} job
   * @param {JobResult} result
   */
  #engine({ shown }, { model, engine }) {
    if (!model) return shown?.method.by === "hand" ? t("None: cut by hand") : t("None: cut by colour");
    return engineSentence(this.staff?.catalogue?.models.find(({ id }) => id === model)?.name ?? model, engine);
  }
}

customElements.define("offcut-facts", Facts);
