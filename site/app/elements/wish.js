// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { t } from "../messages.js";
import { LightElement } from "./light.js";

/** @import {Wish as Wanted} from "../device.js" */
/** @import {Staff} from "../staff.js" */

/** What the engine computes with, where a model leaves a choice. */
export class Wish extends LightElement {
  static properties = { staff: { attribute: false }, turn: { type: Number } };

  constructor() {
    super();
    /** @type {Staff | null} */
    this.staff = null;
    this.turn = 0;
  }

  /** @override */
  render() {
    const { staff } = this;
    if (!staff?.catalogue?.models.some(({ backends }) => backends.includes("webgpu"))) return nothing;
    /** @type {[Wanted, string][]} */
    const rows = [
      ["auto", t("Automatic")],
      ["gpu", t("Graphics card")],
      ["processor", t("Processor")],
    ];
    return html`<label class="wish">
      <span>${t("Compute with")}</span>
      <select class="select" @change=${(/** @type {Event} */ event) => {
        staff.wish = /** @type {Wanted} */ (/** @type {HTMLSelectElement} */ (event.target).value);
      }}>
        ${rows.map(([id, name]) => html`<option value=${id} .selected=${staff.wish === id}>${name}</option>`)}
      </select>
    </label>`;
  }
}

customElements.define("offcut-wish", Wish);
