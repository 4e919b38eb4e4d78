// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { LightElement } from "./light.js";

/** @import {TemplateResult} from "lit" */

let folds = 0;

/**
 * A part of the panel that is opened and folded. What it holds is drawn while it is open.
 *
 * @fires Fold#open detail: whether it is
 */
export class Fold extends LightElement {
  static properties = { open: { type: Boolean } };

  /** Begins the ids and names of what is in it. */
  group = `fold-${++folds}`;

  constructor() {
    super();
    this.open = false;
  }

  /** What it is called, the key that opens it, and a word on what it holds. @returns {{name: string, key: string, note: string}} */
  get head() {
    throw new Error("a fold has a head");
  }

  /** What the keyboard is put on when it is opened. */
  get first() {
    return ".fold-body :is(input:not([type=radio]), input:checked, select, button)";
  }

  /** @returns {TemplateResult | typeof nothing} */
  body() {
    return nothing;
  }

  /** @override */
  render() {
    const { name, key, note } = this.head;
    return html`<details class="fold" .open=${this.open} @toggle=${this.#toggled}>
      <summary title="${name} (${key})">
        <span>${name}</span>${note ? html`<span class="fold-note">${note}</span>` : nothing}
      </summary>
      ${this.open ? html`<div class="fold-body">${this.body()}</div>` : nothing}
    </details>`;
  }

  /** Opens it and puts the keyboard on the first of what is in it, or closes it. */
  async toggle() {
    this.open = !this.open;
    await this.updateComplete;
    const target = this.open ? this.first : "summary";
    /** @type {HTMLElement | null} */ (this.querySelector(target))?.focus();
  }

  /** @param {Event} event */
  #toggled(event) {
    this.open = /** @type {HTMLDetailsElement} */ (event.target).open;
    this.dispatchEvent(new CustomEvent("open", { detail: this.open }));
  }
}
