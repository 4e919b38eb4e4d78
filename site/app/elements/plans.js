// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { t, translated } from "../messages.js";
import { LightElement } from "./light.js";
import { Watch } from "./watch.js";

/** @import {Staff} from "../staff.js" */

let groups = 0;

/**
 * How closely pictures are looked at: the plans of the catalogue side by side, the chosen one's advice below. What is
 * chosen holds for the pictures to come; beside a picture, for that one too.
 *
 * @fires Plans#choose detail: the plan's id
 */
export class Plans extends LightElement {
  static properties = { staff: { attribute: false }, chosen: { type: String }, turn: { type: Number } };

  #group = `plans-${++groups}`;

  constructor() {
    super();
    /** @type {Staff | null} */
    this.staff = null;
    /** The plan of the picture at hand; "" or "default" for that of pictures to come. */
    this.chosen = "";
    this.turn = 0;
    new Watch(
      this,
      () => this.staff,
      () => this.requestUpdate(),
    );
  }

  /** @override */
  render() {
    const plans = this.staff?.catalogue?.plans ?? [];
    const chosen = this.chosen && this.chosen !== "default" ? this.chosen : this.staff?.plan;
    if (plans.length < 2) return nothing;
    const advice = plans.find(({ id }) => id === chosen)?.advice;
    return html`<fieldset class="plans">
      <legend>${t("How closely to look")}</legend>
      <div class="segments">
        ${plans.map(
          ({ id, name, advice: own }) => html`<label class="option segment" title=${translated(own)}>
            <input type="radio" name=${this.#group} value=${id} .checked=${id === chosen}
              aria-describedby="${this.#group}-${id}" @change=${() => this.#choose(id)} />
            <span>${translated(name)}</span>
            <span id="${this.#group}-${id}" hidden>${translated(own)}</span>
          </label>`,
        )}
      </div>
      ${advice ? html`<p class="plans-advice">${translated(advice)}</p>` : nothing}
    </fieldset>`;
  }

  /** @param {string} id */
  #choose(id) {
    this.staff?.choose(id);
    this.dispatchEvent(new CustomEvent("choose", { detail: id, bubbles: true }));
  }
}

customElements.define("offcut-plans", Plans);
