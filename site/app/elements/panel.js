// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { t } from "../messages.js";
import { fallbackSentence, faultSentence, noteSentence, stageSentence } from "../sentences.js";
import "./elapsed.js";
import "./engine-status.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

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
 * @fires Panel#undo when what could not be made is not to be wished any more
 * @fires Panel#told detail: a sentence to announce
 * @fires Panel#hand when it is to be cut out by hand
 */
export class Panel extends LightElement {
  static properties = {
    job: { attribute: false },
    staff: { attribute: false },
    turn: { type: Number },
  };

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
    if (!job) return nothing;
    return html`<h1 class="panel-title" title=${job.file.name}>${job.file.name}</h1>
      ${
        job.result && ["done", "waiting", "working"].includes(job.state)
          ? this.#done(job, job.result)
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

  /**
   * @param {Job} job
   * @param {JobResult} result what there is; something else may be wanted by now
   */
  #done(job, result) {
    const fallback = fallbackSentence(result.why, this.staff?.wish === "gpu");
    const notes = [...result.notes.map(noteSentence), fallback].filter(Boolean);
    return html`${
      job.state === "done" && job.recipe === job.shown
        ? html`<offcut-actions .job=${job} .turn=${this.turn}
            @told=${(/** @type {CustomEvent} */ { detail }) => this.dispatchEvent(new CustomEvent("told", { detail }))}
          ></offcut-actions>`
        : this.#remaking(job)
    }
      ${notes.map((note) => html`<p class="panel-note">${note}</p>`)}`;
  }

  /** In the place of the actions, and as tall, while the picture is made as it is wanted now. @param {Job} job */
  #remaking(job) {
    const { state, stage, started } = job;
    return html`<div class="panel-actions">
      <p class="remaking">
        <span>${state === "working" ? stageSentence(stage) : t("Waiting to be made in full")}</span>
        ${state === "working" ? html`<offcut-elapsed .since=${started}></offcut-elapsed>` : nothing}
      </p>
      ${
        state === "done"
          ? nothing
          : html`<button type="button" class="button" @click=${this.#ask("cancel")}>${icon("close")}${t("Cancel")}</button>`
      }
    </div>
    ${state === "working" ? this.#gettingReady(job) : nothing}`;
  }

  /** @param {Job} job */
  #gettingReady({ recipe }) {
    const engine = recipe.method.by === "hand" || this.staff?.engine.state === "ready";
    return engine && this.staff?.python.state === "ready"
      ? nothing
      : html`<offcut-engine-status brief .staff=${this.staff}></offcut-engine-status>`;
  }

  /** @param {Job} job */
  #working(job) {
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
      ${this.#gettingReady(job)}
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
        ${
          job.result
            ? html`<button type="button" class="button ${retry ? "" : "is-primary"}" @click=${this.#ask("undo")}>${icon("undo")}${t("Undo")}</button>`
            : nothing
        }
        ${
          job.fault?.code === "matte.nothing-found"
            ? html`<button type="button" class="button ${retry ? "" : "is-primary"}" @click=${this.#ask("hand")}>${icon("brush")}${t("Do it by hand")}</button>`
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
