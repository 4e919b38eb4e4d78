// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { engineFault } from "../engine-sentences.js";
import { listenToInput } from "../intake.js";
import { number, size, t } from "../messages.js";
import { caution, UNKNOWN } from "./engine-facts.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import { Watch } from "./watch.js";

/** @import {PropertyValues} from "lit" */
/** @import {Importer, Step} from "../importer.js" */
/** @import {Family} from "../protocol.js" */

/** A model from a file: choose or drop it, be told what it is, name it where nobody knows. */
export class Import extends LightElement {
  static properties = {
    importer: { attribute: false },
    families: { attribute: false },
    available: { type: Boolean },
  };

  #shown = "";

  constructor() {
    super();
    /** @type {Importer | null} */
    this.importer = null;
    /** @type {Record<string, Family>} */
    this.families = {};
    /** Whether this page may keep anything. */
    this.available = true;
    new Watch(
      this,
      () => this.importer,
      () => this.requestUpdate(),
    );
  }

  /** @override */
  firstUpdated() {
    const input = /** @type {HTMLInputElement | null} */ (this.querySelector("input[type=file]"));
    if (input) listenToInput(input, ([file]) => file && this.importer?.take(file));
  }

  /**
   * @override
   * @param {PropertyValues<this>} _changed
   */
  updated(_changed) {
    const step = this.importer?.step.step ?? "idle";
    if (step === this.#shown) return;
    const first = this.#shown === "";
    this.#shown = step;
    // A question is where the focus belongs; so is what became of it.
    if (!first) /** @type {HTMLElement | null} */ (this.querySelector("[data-focus]"))?.focus();
  }

  /** @override */
  render() {
    const step = this.importer?.step ?? { step: "idle" };
    const open = ["idle", "done", "failed"].includes(step.step);
    return html`<section class="import" aria-labelledby="import-title" data-step=${step.step}>
      <h2 id="import-title">${t("From a file")}</h2>
      <p class="soft">${t("Drop a model anywhere on this page, or choose one: an .onnx file, or a .zip that holds one. It is read on this device; nothing on this way needs a network.")}</p>
      <p class="import-choose" ?hidden=${!open}>
        <label class="button" for="import-file">${icon("file")}${t("Choose a model file")}</label>
        <input id="import-file" class="visually-hidden" type="file" accept=".onnx,.zip" ?disabled=${!this.available}>
      </p>
      <div class="import-step" aria-live="polite">${this.#step(/** @type {Step} */ (step))}</div>
    </section>`;
  }

  /** @param {Step} step */
  #step(step) {
    switch (step.step) {
      case "idle":
        return nothing;
      case "reading":
        return this.#busy(t("Reading {name}.", { name: step.name }), step);
      case "keeping":
        return this.#busy(t("Keeping {name}.", { name: step.name }), step);
      case "probing":
        return this.#busy(t("Opening {name} as the engine would.", { name: step.name }), null);
      case "asking":
        return this.#form(step);
      case "warning":
        return html`<h3 tabindex="-1" data-focus><span lang="en">${step.row.name}</span></h3>
          ${caution(step.row, "import-caution")}
          <div class="engine-actions">
            <button type="button" class="button" aria-describedby="import-caution" @click=${() => this.importer?.confirm()}>${t("Import it")}</button>
            ${this.#cancel()}
          </div>`;
      case "done":
        return html`<p class="engine-state is-ok" tabindex="-1" data-focus>${icon("check")}<span>${
          step.known
            ? t("{name} was recognised by its hash. It is on this device and in the list above.", {
                name: step.row.name,
              })
            : t("{name} is on this device and in the list above.", { name: step.row.name })
        }</span></p>`;
      case "failed": {
        const { title, advice } = engineFault(step.fault);
        return html`<p class="engine-state is-warn" tabindex="-1" data-focus>${icon("alert")}<span><span class="import-name">${step.name}</span>
          <strong>${title}</strong> ${advice}</span></p>`;
      }
    }
  }

  /**
   * @param {string} told
   * @param {{done: number, total: number} | null} progress
   */
  #busy(told, progress) {
    return html`<p class="engine-state"><span>${told}</span></p>
      ${
        progress
          ? html`<progress max=${progress.total} .value=${progress.done} aria-label=${t("Progress")}></progress>`
          : html`<progress aria-label=${t("Progress")}></progress>`
      }
      <div class="engine-actions">${this.#cancel("is-small")}</div>`;
  }

  #cancel(size = "") {
    return html`<button type="button" class="button ${size}" @click=${() => this.importer?.cancel()}>${icon("close")}${t("Cancel")}</button>`;
  }

  /** @param {Extract<Step, {step: "asking"}>} step */
  #form({ file, shape, answers }) {
    const { side } = shape;
    return html`<form class="import-form" @submit=${this.#answer}>
      <h3 tabindex="-1" data-focus>${t("This model is not in the catalogue. What is it?")}</h3>
      <p class="soft">${
        side === null
          ? t("It takes pictures of any size; its file weighs {size}.", { size: size(file.bytes) })
          : t("It takes pictures of {side} × {side}; its file weighs {size}.", {
              side: number(side),
              size: size(file.bytes),
            })
      }</p>
      <label class="field"><span>${t("Name")}</span>
        <input name="name" required maxlength="120" autocomplete="off" .value=${answers.name}></label>
      <label class="field"><span>${t("Family")}</span>
        <select name="family">
          ${Object.entries(this.families).map(
            ([id, family]) =>
              html`<option lang="en" value=${id} ?selected=${id === answers.family}>${family.name}</option>`,
          )}
        </select>
        <small>${t("How it wants its pictures. With the wrong family it runs and gives poor masks: try another then.")}</small></label>
      <label class="field"><span>${t("Licence, if you know it")}</span>
        <input name="licence" maxlength="120" autocomplete="off" .value=${answers.licence}></label>
      <label class="field-check"><input type="checkbox" name="commercial" .checked=${answers.commercial}>
        <span>${t("Its licence allows commercial work.")}</span></label>
      <div class="engine-actions">
        <button class="button is-primary">${t("Import it")}</button>
        ${this.#cancel()}
      </div>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  #answer(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const text = (/** @type {string} */ key) => String(data.get(key) ?? "").trim();
    const licence = text("licence") || UNKNOWN;
    this.importer?.answer({
      name: text("name") || t("Imported model"),
      family: text("family"),
      licence,
      commercial: data.has("commercial"),
    });
  }
}

customElements.define("offcut-import", Import);
