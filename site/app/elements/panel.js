// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { duration, number, size, t } from "../messages.js";
import { engineSentence, fallbackSentence, faultSentence, noteSentence, stageSentence } from "../sentences.js";
import { BlobUrl } from "./blob-url.js";
import "./elapsed.js";
import "./engine-status.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import "./wish.js";

/** @import {PropertyValues} from "lit" */
/** @import {JobResult} from "../protocol.js" */
/** @import {Job} from "../queue.js" */
/** @import {Staff} from "../staff.js" */

const STAGES = ["read", "pack", "infer", "refine", "compose", "encode"];

/**
 * What can be done with the selected picture.
 *
 * @fires Panel#cancel
 * @fires Panel#retry
 * @fires Panel#remove
 * @fires Panel#copy
 */
export class Panel extends LightElement {
  static properties = {
    job: { attribute: false },
    staff: { attribute: false },
    turn: { type: Number },
    copied: { type: String },
  };

  #download = new BlobUrl();

  constructor() {
    super();
    /** @type {Job | null} */
    this.job = null;
    /** @type {Staff | null} */
    this.staff = null;
    this.turn = 0;
    /** @type {"" | "done" | "failed"} */
    this.copied = "";
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#download.set(null);
  }

  /**
   * @override
   * @param {PropertyValues<this>} _changed
   */
  willUpdate(_changed) {
    this.#download.set(this.job?.result?.blob ?? null);
  }

  /** @override */
  render() {
    const { job } = this;
    if (!job) return nothing;
    return html`<h1 class="panel-title" title=${job.file.name}>${job.file.name}</h1>
      ${
        job.state === "done"
          ? this.#done(job)
          : job.state === "failed"
            ? this.#failed(job)
            : job.state === "cancelled"
              ? this.#cancelled()
              : this.#working(job)
      }`;
  }

  /** @param {string} name */
  #ask(name) {
    return () => this.dispatchEvent(new Event(name));
  }

  #removeButton() {
    return html`<button type="button" class="button is-quiet" @click=${this.#ask("remove")}>
      ${icon("close")}${t("Remove from the list")}
    </button>`;
  }

  /** @param {Job} job */
  #done(job) {
    const result = job.result;
    if (!result) return nothing;
    const fallback = fallbackSentence(result.why, this.staff?.wish === "gpu");
    const notes = [...result.notes.map(noteSentence), fallback].filter(Boolean);
    return html`<div class="panel-actions">
        <a class="button is-primary" download=${result.name} href=${this.#download.url}>
          ${icon("download")}${t("Download PNG")}
        </a>
        <button type="button" class="button" @click=${this.#ask("copy")}>
          ${icon(this.copied === "done" ? "check" : "copy")}${this.copied === "done" ? t("Copied") : t("Copy")}
        </button>
      </div>
      ${
        this.copied === "failed"
          ? html`<p class="panel-note is-warn">${icon("alert")}${t("This browser did not let the page copy a picture. Download it instead.")}</p>`
          : nothing
      }
      <dl class="facts">
        <div><dt>${t("Size")}</dt><dd>${t("{width} × {height} pixels", { width: number(result.width), height: number(result.height) })}</dd></div>
        <div><dt>${t("File")}</dt><dd>${t("{size} PNG, full resolution", { size: size(result.blob.size) })}</dd></div>
        <div><dt>${t("Time")}</dt><dd>${job.cold ? t("{time}, with the engine's start", { time: duration(job.took) }) : duration(job.took)}</dd></div>
        <div><dt>${t("Engine")}</dt><dd>${this.#engine(result)}</dd></div>
      </dl>
      ${notes.map((note) => html`<p class="panel-note">${note}</p>`)}
      <details class="timings">
        <summary>${t("Where the time went")}</summary>
        <dl class="facts">
          ${Object.entries(result.timings).map(
            ([stage, ms]) =>
              html`<div><dt>${stageSentence(/** @type {any} */ (stage))}</dt><dd>${duration(ms)}</dd></div>`,
          )}
        </dl>
        <offcut-wish .staff=${this.staff} .turn=${this.turn}></offcut-wish>
      </details>
      ${this.#removeButton()}`;
  }

  /** @param {JobResult} result */
  #engine({ model, engine }) {
    return engineSentence(this.staff?.catalogue?.models.find(({ id }) => id === model)?.name ?? model, engine);
  }

  /** @param {Job} job */
  #working(job) {
    const ready = this.staff?.engine.state === "ready" && this.staff.python.state === "ready";
    const step = STAGES.indexOf(job.stage);
    return html`<div class="working">
      <p class="working-stage">
        <span>${job.state === "waiting" ? t("Waiting its turn") : stageSentence(job.stage)}</span>
        ${job.state === "working" ? html`<offcut-elapsed .since=${job.started}></offcut-elapsed>` : nothing}
      </p>
      ${
        job.state === "working"
          ? html`<progress class="steps" max=${STAGES.length} .value=${Math.max(0, step) + 0.5}
              aria-label=${t("Progress")}></progress>`
          : nothing
      }
      ${ready ? nothing : html`<offcut-engine-status brief .staff=${this.staff}></offcut-engine-status>`}
      <button type="button" class="button" @click=${this.#ask("cancel")}>${icon("close")}${t("Cancel")}</button>
    </div>`;
  }

  /** @param {Job} job */
  #failed(job) {
    const { title, advice, retry } = faultSentence(job.fault ?? { code: "internal", details: {} });
    return html`<div class="trouble">
      <p class="trouble-title">${icon("alert")}<strong>${title}</strong></p>
      <p>${advice}</p>
      <div class="panel-actions">
        ${
          retry
            ? html`<button type="button" class="button is-primary" @click=${this.#ask("retry")}>${icon("retry")}${t("Try again")}</button>`
            : nothing
        }
        ${this.#removeButton()}
      </div>
    </div>`;
  }

  #cancelled() {
    return html`<p>${t("Cancelled. Nothing was kept.")}</p>
      <div class="panel-actions">
        <button type="button" class="button is-primary" @click=${this.#ask("retry")}>${icon("retry")}${t("Start again")}</button>
        ${this.#removeButton()}
      </div>`;
  }
}

customElements.define("offcut-panel", Panel);
