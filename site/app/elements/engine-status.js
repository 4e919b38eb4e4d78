// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { size, t } from "../messages.js";
import { faultSentence, pythonStageSentence } from "../sentences.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import { Watch } from "./watch.js";

/** @import {Post} from "../post.js" */
/** @import {Fault} from "../protocol.js" */
/** @import {Staff} from "../staff.js" */

/** One quiet line: how far the engine is, what it waits for, what went wrong. */
export class EngineStatus extends LightElement {
  static properties = {
    staff: { attribute: false },
    brief: { type: Boolean },
    offline: { type: Boolean },
    byHand: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Staff | null} */
    this.staff = null;
    /** Beside a picture at work: without the invitation to drop one. */
    this.brief = false;
    /** Whether everything is on the device. */
    this.offline = false;
    /** Where no net is needed. */
    this.byHand = false;
    new Watch(
      this,
      () => this.staff,
      () => this.requestUpdate(),
    );
  }

  /** @override */
  render() {
    const { python, engine } = this.staff ?? {};
    if (python && this.byHand) return this.#tools(python);
    if (!python || !engine || (python.state === "idle" && engine.state === "idle")) {
      return html`<p class="engine-line">${t("Drop pictures at any time: the engine gets ready as you do.")}</p>`;
    }
    const fault = python.fault ?? engine.fault;
    if (fault && (python.state === "failed" || engine.state === "failed")) {
      return this.#failed(fault);
    }
    if (python.state === "ready" && engine.state === "ready") {
      return html`<p class="engine-line is-ok">${icon("check")}<span>${this.#ready(engine)}</span></p>`;
    }
    if (python.state === "ready" && engine.state === "idle") {
      return html`<p class="engine-line">${t("The engine rests, to give its memory back, and wakes with the next picture.")}</p>`;
    }
    const loading = engine.state === "starting" && engine.stage === "download" && engine.total > 0;
    return html`<p class="engine-line" aria-busy="true">
      <span>${this.#progress(python, engine, loading)} ${
        this.brief ? nothing : html`<span class="engine-invite">${t("You can drop pictures now.")}</span>`
      }</span>
      ${
        loading
          ? html`<progress max=${engine.total} .value=${engine.done} aria-label=${t("Engine")}></progress>`
          : nothing
      }
    </p>`;
  }

  /** @param {Post} python */
  #tools(python) {
    if (python.state === "failed" && python.fault) return this.#failed(python.fault);
    if (python.state === "ready") {
      const ready = t("The tools are ready on this device.");
      const line = this.offline ? `${ready} ${t("Works without a network too.")}` : ready;
      return html`<p class="engine-line is-ok">${icon("check")}<span>${line}</span></p>`;
    }
    return html`<p class="engine-line" aria-busy=${python.state === "starting"}>${
      python.state === "starting"
        ? t("Getting ready: {stage}.", { stage: pythonStageSentence(python.stage) })
        : t("Drop pictures at any time: the tools get ready as you do.")
    }</p>`;
  }

  /** @param {Fault} fault */
  #failed(fault) {
    const { title, advice } = faultSentence(fault);
    return html`<p class="engine-line is-warn">${icon("alert")}<span><strong>${title}</strong> ${advice}</span>
      <button type="button" class="button is-small" @click=${() => this.staff?.start(!this.byHand)}>${t("Try again")}</button></p>`;
  }

  /** @param {Post} engine */
  #ready(engine) {
    if (!globalThis.crossOriginIsolated) {
      return t("The engine is ready, on one thread: this page is not isolated, so it is slower.");
    }
    if (!engine.stored) {
      return t("The engine is ready. This browser had no room to keep it, so it is fetched again next time.");
    }
    const ready = t("The engine is ready on this device.");
    return this.offline ? `${ready} ${t("Works without a network too.")}` : ready;
  }

  /**
   * @param {Post} python
   * @param {Post} engine
   * @param {boolean} loading
   */
  #progress(python, engine, loading) {
    const bytes = { done: size(engine.done), total: size(engine.total) };
    if (loading && engine.cached) return t("Getting the engine ready: {done} of {total} from this device.", bytes);
    if (loading) return t("Getting the engine ready: {done} of {total}.", bytes);
    if (python.state === "starting") {
      return t("Getting ready: {stage}.", { stage: pythonStageSentence(python.stage) });
    }
    if (engine.stage === "test") return t("Getting ready: testing the graphics card, once on this device.");
    return t("Getting ready: warming up the engine.");
  }
}

customElements.define("offcut-engine-status", EngineStatus);
