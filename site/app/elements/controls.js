// SPDX-License-Identifier: AGPL-3.0-or-later
/** Controls as every panel has them. */
import { html, nothing } from "lit";

/**
 * @typedef {object} SliderSettings
 * @property {string} id
 * @property {string} label
 * @property {string} [hint] what it does, in a sentence
 * @property {number} value
 * @property {number} [start] what it was before anybody moved it: a double click brings that back
 * @property {[number, number, number]} range least, most, step
 * @property {(value: number) => string} told
 * @property {(value: number, over: boolean) => void} tell `over`: the move has come to its end
 */

/** @param {SliderSettings} settings */
export function slider({ id, label, hint, value, start = value, range: [least, most, step], told, tell }) {
  const tells = (/** @type {boolean} */ over) => (/** @type {Event} */ event) =>
    tell(/** @type {HTMLInputElement} */ (event.target).valueAsNumber, over);
  return html`<div class="slider">
    <label for=${id} title=${hint ?? nothing}>${label}</label>
    <output for=${id} class=${value === start ? "" : "is-changed"}>${told(value)}</output>
    <input type="range" id=${id} min=${least} max=${most} step=${step} .value=${String(value)}
      aria-valuetext=${told(value)} aria-description=${hint ?? nothing}
      @input=${tells(false)} @change=${tells(true)} @dblclick=${() => tell(start, true)} />
  </div>`;
}

/**
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} choose
 */
export const check = (label, checked, choose) => html`<label class="check">
  <input type="checkbox" .checked=${checked}
    @change=${(/** @type {Event} */ event) => choose(/** @type {HTMLInputElement} */ (event.target).checked)} />
  <span>${label}</span>
</label>`;

/**
 * @template {string} T
 * @typedef {object} ChoiceSettings
 * @property {string} name of the group of radio buttons, no other's
 * @property {string} legend
 * @property {boolean} [plain] whether the legend is to be heard only
 * @property {readonly (readonly [T, () => string])[]} choices value and label
 * @property {T} chosen
 * @property {(value: T) => void} choose
 */

/**
 * One of a few, side by side.
 *
 * @template {string} T
 * @param {ChoiceSettings<T>} settings
 */
export const choice = ({ name, legend, plain, choices, chosen, choose }) => html`<fieldset class="plans">
  <legend class=${plain ? "visually-hidden" : ""}>${legend}</legend>
  <div class="segments">
    ${choices.map(
      ([value, label]) => html`<label class="option segment">
        <input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => choose(value)} />
        <span>${label()}</span>
      </label>`,
    )}
  </div>
</fieldset>`;
