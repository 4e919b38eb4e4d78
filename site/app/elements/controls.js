// SPDX-License-Identifier: AGPL-3.0-or-later
/** Controls as every panel has them. */
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../messages.js";
import { written } from "./written.js";

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
  <input type="checkbox" .checked=${live(checked)}
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
        <input type="radio" name=${name} value=${value} .checked=${live(value === chosen)} @change=${() => choose(value)} />
        <span>${label()}</span>
      </label>`,
    )}
  </div>
</fieldset>`;

/**
 * A colour: the browser's own picker, and its name to be read and typed.
 *
 * @param {{id: string, label: string, value: string, tell: (colour: string, over: boolean) => void}} settings
 */
export function colour({ id, label, value, tell }) {
  const typed = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const told = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(field.value.trim())?.[1];
    field.setCustomValidity(told ? "" : t("Write a colour as #rrggbb."));
    if (!field.reportValidity() || !told) return;
    tell(`#${told.length === 3 ? told.replace(/./g, "$&$&") : told}`.toLowerCase(), true);
  };
  const picked = (/** @type {boolean} */ over) => (/** @type {Event} */ event) =>
    tell(/** @type {HTMLInputElement} */ (event.target).value, over);
  return html`<div class="colour-field">
    <label for=${id}>${label}</label>
    <input type="color" class="swatch-picker" aria-label=${t("{label}: choose", { label })} .value=${value}
      @input=${picked(false)} @change=${picked(true)} />
    <input type="text" class="field" id=${id} size="8" maxlength="7" spellcheck="false" ${written(value)} @change=${typed} />
  </div>`;
}

/**
 * A number with a unit behind it.
 *
 * @param {{id: string, label: string, value: number, range: [number, number, number], unit?: string,
 *   tell: (value: number) => void}} settings
 */
export const numeric = ({ id, label, value, range: [least, most, step], unit, tell }) => html`<div class="number-field">
  <label for=${id}>${label}</label>
  <input type="number" class="field" id=${id} min=${least} max=${most} step=${step} .value=${String(value)}
    @change=${(/** @type {Event} */ event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      if (field.reportValidity() && Number.isFinite(field.valueAsNumber)) tell(field.valueAsNumber);
    }} />
  ${unit ? html`<span class="soft">${unit}</span>` : nothing}
</div>`;

/**
 * One of many.
 *
 * @template {string} T
 * @param {{id: string, label: string, choices: readonly (readonly [T, () => string])[], chosen: T,
 *   choose: (value: T) => void}} settings
 */
export const select = ({ id, label, choices, chosen, choose }) => html`<div class="select-field">
  <label for=${id}>${label}</label>
  <select class="select" id=${id} @change=${(/** @type {Event} */ event) =>
    choose(/** @type {T} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
    ${choices.map(([value, name]) => html`<option value=${value} .selected=${value === chosen}>${name()}</option>`)}
  </select>
</div>`;
