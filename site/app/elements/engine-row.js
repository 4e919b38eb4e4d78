// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { engineFault } from "../engine-sentences.js";
import { size, t, translated } from "../messages.js";
import { caution, facts } from "./engine-facts.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import { Watch } from "./watch.js";

/** @import {PropertyValues} from "lit" */
/** @import {EngineRow as Model} from "../protocol.js" */
/** @import {Standing, Store} from "../store.js" */

/**
 * One model: what it is, how it stands on this device, what can be done with it.
 *
 * @fires EngineRow#use
 * @fires EngineRow#get
 * @fires EngineRow#delete
 */
export class EngineRow extends LightElement {
  static properties = {
    model: { attribute: false },
    store: { attribute: false },
    used: { type: Boolean },
    asking: { state: true },
  };

  #hadFocus = false;

  constructor() {
    super();
    /** @type {Model | null} */
    this.model = null;
    /** @type {Store | null} */
    this.store = null;
    /** Whether the workbench starts with it. */
    this.used = false;
    /** Whether it is asked if a model that only this device has may go. */
    this.asking = false;
    new Watch(
      this,
      () => this.store,
      () => this.requestUpdate(),
    );
  }

  /**
   * @override
   * @param {PropertyValues<this>} _changed
   */
  willUpdate(_changed) {
    this.#hadFocus = this.#actions()?.contains(document.activeElement) ?? false;
  }

  /**
   * @override
   * @param {PropertyValues<this>} _changed
   */
  updated(_changed) {
    // The button that was pressed has made way for another: the focus goes there and not to the page's top.
    const actions = this.#actions();
    if (!this.#hadFocus || !actions || actions.contains(document.activeElement)) return;
    /** @type {HTMLElement | null} */ (actions.querySelector("button"))?.focus();
  }

  #actions() {
    return this.querySelector(".engine-actions");
  }

  /** @override */
  render() {
    const { model, store } = this;
    if (!model || !store) return nothing;
    const standing = store.standing(model);
    const title = `engine-${model.id}`;
    return html`<article class="engine" aria-labelledby=${title} data-state=${standing.state} data-model=${model.id}>
      <div class="engine-about">
        <h3 id=${title}><span lang="en">${model.name}</span>${this.used ? html`<span class="engine-chip">${t("In use")}</span>` : nothing}</h3>
        <p>${model.advice ? translated(model.advice) : t("Imported from a file. Only this device has it.")}</p>
        ${caution(model, `caution-${model.id}`)}
        ${facts(model, t("SHA-256"), model.sha256)}
      </div>
      <div class="engine-side">
        ${this.#state(model, standing)}
        <div class="engine-actions">${store.available ? this.#buttons(model, standing) : nothing}</div>
      </div>
    </article>`;
  }

  /**
   * @param {Model} model
   * @param {Standing} standing
   */
  #state(model, { state, done, speed, by, fault, checked }) {
    const bytes = { done: size(done), total: size(model.bytes), speed: size(speed) };
    if (fault) {
      const { title, advice } = engineFault(fault);
      return html`<p class="engine-state is-warn">${icon("alert")}<span><strong>${title}</strong> ${advice}</span></p>`;
    }
    if (state === "fetching" || state === "checking") {
      const told =
        state === "checking"
          ? t("Checking: {done} of {total}.", bytes)
          : speed
            ? t("{done} of {total}, {speed} a second.", bytes)
            : t("{done} of {total}.", bytes);
      return html`<p class="engine-state">${told}${
        by === "tab"
          ? html`<br>${t("Another tab is fetching it.")}`
          : by === "engine"
            ? html`<br>${t("The workbench is fetching it.")}`
            : nothing
      }</p>
      <progress max=${model.bytes} .value=${done} aria-label=${model.name}></progress>`;
    }
    if (checked === "damaged") {
      return html`<p class="engine-state is-warn">${icon("alert")}<span>${
        model.imported
          ? t("Parts of it were damaged and taken away. Import its file again.")
          : t("Parts of it were damaged and taken away. The rest is kept.")
      }</span></p>`;
    }
    if (state === "stored") {
      return html`<p class="engine-state is-ok">${icon("check")}<span>${
        checked === "sound" ? t("On this device. Every part is what it should be.") : t("On this device.")
      }</span></p>`;
    }
    if (state === "partial") {
      return html`<p class="engine-state">${icon("wait")}<span>${t("{done} of {total} on this device.", bytes)}</span></p>`;
    }
    return html`<p class="engine-state">${t("Not on this device.")}</p>`;
  }

  /**
   * @param {Model} model
   * @param {Standing} standing
   */
  #buttons(model, { state, by }) {
    const { store } = this;
    if (this.asking) {
      return html`<p>${t("It cannot be fetched again. Delete it?")}</p>
        <button type="button" class="button is-small" @click=${this.#keepIt}>${t("Keep it")}</button>
        <button type="button" class="button is-small" @click=${this.#ask("delete")}>${icon("trash")}${t("Delete it for good")}</button>`;
    }
    if (state === "checking" || (state === "fetching" && by !== "engine")) {
      return html`<button type="button" class="button is-small" @click=${() => store?.pause(model)}>${
        state === "checking" ? html`${icon("close")}${t("Cancel")}` : html`${icon("pause")}${t("Pause")}`
      }</button>
      ${
        state === "fetching"
          ? html`<button type="button" class="button is-small is-quiet" @click=${this.#ask("delete")}>${icon("close")}${t("Cancel")}</button>`
          : nothing
      }`;
    }
    if (state === "fetching") return nothing;
    const here = state === "stored";
    return html`${
      here || model.imported
        ? nothing
        : html`<button type="button" class="button is-small ${this.used ? "is-primary" : ""}"
            aria-describedby=${model.commercial ? nothing : `caution-${model.id}`} @click=${this.#ask("get")}>${icon("download")}${
              state === "partial" ? t("Resume") : t("Get {size}", { size: size(model.bytes) })
            }</button>`
    }
    ${
      this.used || (model.imported && !here)
        ? nothing
        : html`<button type="button" class="button is-small" aria-describedby=${model.commercial ? nothing : `caution-${model.id}`}
            @click=${this.#ask("use")}>${t("Use it")}</button>`
    }
    ${
      here
        ? html`<button type="button" class="button is-small" @click=${() => store?.check(model)}>${icon("shield")}${t("Check")}</button>`
        : nothing
    }
    ${
      state === "absent" && !model.imported
        ? nothing
        : html`<button type="button" class="button is-small is-quiet" @click=${this.#remove}>${icon("trash")}${t("Delete")}</button>`
    }`;
  }

  #remove() {
    if (this.model?.imported) this.asking = true;
    else this.dispatchEvent(new Event("delete"));
  }

  #keepIt() {
    this.asking = false;
  }

  /** @param {string} name */
  #ask(name) {
    return () => {
      this.asking = false;
      this.dispatchEvent(new Event(name));
    };
  }
}

customElements.define("offcut-engine-row", EngineRow);
