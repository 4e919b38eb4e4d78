// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { number, t } from "../messages.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @import {EdgeSettings} from "../protocol.js" */

/** @typedef {"smooth" | "shift" | "contrast" | "feather" | "despill"} Slider */

const percent = (/** @type {number} */ value) => t("{n} %", { n: number(Math.round(value * 100)) });
const pixels = (/** @type {number} */ value) => t("{n} px", { n: number(value) });

/**
 * The range of each slider, as offcut.edges has it, except that pixels go no further than anybody needs by hand.
 *
 * @type {[Slider, () => string, () => string, number, number, number, (value: number) => string][]}
 */
const SLIDERS = [
  ["smooth", () => t("Smooth"), () => t("Takes small bumps out of the outline."), 0, 1, 0.05, percent],
  ["shift", () => t("Shift"), () => t("Moves the edge inwards, or outwards."), -20, 20, 0.5, pixels],
  ["contrast", () => t("Contrast"), () => t("Makes the edge harder."), 0, 1, 0.05, percent],
  ["feather", () => t("Feather"), () => t("Makes the edge softer."), 0, 20, 0.5, pixels],
  [
    "despill",
    () => t("Clear old colour"),
    () => t("Takes the old background's colour out of hair and soft edges."),
    0,
    1,
    0.05,
    percent,
  ],
];

let groups = 0;

/**
 * How the edge is wanted. It never waits for pixels: it tells every move, and that a move is over.
 *
 * @fires Edges#adjust detail: {edges, over}
 * @fires Edges#open detail: whether it is
 */
export class Edges extends LightElement {
  static properties = { edges: { attribute: false }, start: { attribute: false }, open: { type: Boolean } };

  #group = `edges-${++groups}`;

  constructor() {
    super();
    /** @type {EdgeSettings | null} */
    this.edges = null;
    /** What they were before anybody changed them. @type {EdgeSettings | null} */
    this.start = null;
    this.open = false;
  }

  /** Opens the panel and puts the keyboard on its first slider, or closes it. */
  toggle() {
    this.open = !this.open;
    this.updateComplete.then(() => {
      const target = this.open ? "input[type=range]" : "summary";
      /** @type {HTMLElement | null} */ (this.querySelector(target))?.focus();
    });
  }

  /** @override */
  render() {
    const { edges, start } = this;
    if (!edges || !start) return html``;
    const changed = Object.entries(start).some(
      ([name, value]) => edges[/** @type {keyof EdgeSettings} */ (name)] !== value,
    );
    return html`<details class="edges" .open=${this.open} @toggle=${this.#toggled}>
      <summary title=${t("Edges (E)")}>
        <span>${t("Edges")}</span>${changed ? html`<span class="edges-changed">${t("changed")}</span>` : ""}
      </summary>
      <div class="edges-body">
        <fieldset class="plans">
          <legend>${t("What to keep")}</legend>
          <div class="segments">
            ${this.#part("all", t("Everything found"), edges)}${this.#part("largest", t("The largest part"), edges)}
          </div>
        </fieldset>
        ${SLIDERS.map((slider) => this.#slider(slider, edges, start))}
        <label class="check">
          <input type="checkbox" .checked=${edges.tidy}
            @change=${(/** @type {Event} */ event) =>
              this.#tell({ tidy: /** @type {HTMLInputElement} */ (event.target).checked }, true)} />
          <span>${t("Remove specks and fill doubtful holes")}</span>
        </label>
        <button type="button" class="button is-quiet" ?disabled=${!changed} @click=${() => this.#tell(start, true)}>
          ${icon("retry")}${t("Reset the edges")}
        </button>
      </div>
    </details>`;
  }

  /**
   * @param {EdgeSettings["subject"]} subject
   * @param {string} label
   * @param {EdgeSettings} edges
   */
  #part(subject, label, edges) {
    return html`<label class="segment">
      <input type="radio" name="${this.#group}-subject" value=${subject} .checked=${edges.subject === subject}
        @change=${() => this.#tell({ subject }, true)} />
      <span>${label}</span>
    </label>`;
  }

  /**
   * @param {typeof SLIDERS[number]} slider
   * @param {EdgeSettings} edges
   * @param {EdgeSettings} start
   */
  #slider([name, label, hint, least, most, step, told], edges, start) {
    const value = edges[name];
    const id = `${this.#group}-${name}`;
    const tell = (/** @type {Event} */ event, /** @type {boolean} */ over) =>
      this.#tell({ [name]: /** @type {HTMLInputElement} */ (event.target).valueAsNumber }, over);
    return html`<div class="slider">
      <label for=${id} title=${hint()}>${label()}</label>
      <output for=${id} class=${value === start[name] ? "" : "is-changed"}>${value === 0 ? t("off") : told(value)}</output>
      <input type="range" id=${id} min=${least} max=${most} step=${step} .value=${String(value)}
        aria-valuetext=${value === 0 ? t("off") : told(value)} aria-description=${hint()}
        @input=${(/** @type {Event} */ event) => tell(event, false)}
        @change=${(/** @type {Event} */ event) => tell(event, true)}
        @dblclick=${() => this.#tell({ [name]: start[name] }, true)} />
    </div>`;
  }

  /** @param {Event} event */
  #toggled(event) {
    this.open = /** @type {HTMLDetailsElement} */ (event.target).open;
    this.dispatchEvent(new CustomEvent("open", { detail: this.open }));
  }

  /**
   * @param {Partial<EdgeSettings>} change
   * @param {boolean} over
   */
  #tell(change, over) {
    if (!this.edges) return;
    this.edges = { ...this.edges, ...change };
    this.dispatchEvent(new CustomEvent("adjust", { detail: { edges: this.edges, over } }));
  }
}

customElements.define("offcut-edges", Edges);
