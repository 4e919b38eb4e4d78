// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { checkSentence } from "../checks.js";
import { t, tn, translated } from "../messages.js";
import { allRules, rulesOf } from "../rules.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";
import { painted } from "./painted.js";

/** @import {Check, JobResult, RecipeData, Rules} from "../protocol.js" */
/** @import {AllRules} from "../rules.js" */

/** @type {Record<Check["state"], Parameters<typeof icon>[0]>} */
const MARKS = { pass: "check", warn: "alert", fail: "close" };

/** @type {Record<Check["state"], () => string>} */
const STATES = { pass: () => t("passed"), warn: () => t("doubtful"), fail: () => t("failed") };

/**
 * What the result is for: a marketplace or a document, whose rules it begins with and is checked against.
 *
 * @fires Purpose#adjust detail: {wish}, parts of a recipe
 */
export class Purpose extends Fold {
  static properties = {
    ...Fold.properties,
    recipe: { attribute: false },
    start: { attribute: false },
    result: { attribute: false },
    all: { state: true },
    lost: { state: true },
  };

  constructor() {
    super();
    /** @type {RecipeData | null} */
    this.recipe = null;
    /** @type {RecipeData | null} */
    this.start = null;
    /** @type {JobResult | null} */
    this.result = null;
    /** @type {AllRules | null} */
    this.all = null;
    this.lost = false;
  }

  /** @override */
  updated() {
    if ((this.open || this.recipe?.purpose) && !this.all && !this.lost) this.#fetch();
  }

  /** @override */
  get head() {
    const checks = this.recipe?.purpose ? (this.result?.checks ?? []) : [];
    const failed = checks.filter(({ state }) => state === "fail").length;
    const rules = this.all && rulesOf(this.all, this.recipe?.purpose ?? null);
    const news = failed ? tn("{n} check failed", "{n} checks failed", failed) : t("checks passed");
    return {
      name: t("For"),
      key: "U",
      note: rules ? `${translated(rules.name)}${checks.length ? `, ${news}` : ""}` : "",
    };
  }

  /** @override */
  body() {
    const { recipe, all } = this;
    if (!recipe) return nothing;
    if (!all) {
      return this.lost
        ? html`<p class="panel-note is-warn">${icon("alert")}${t("The list could not be fetched. Reconnect and open this again.")}</p>`
        : html`<p class="panel-note" role="status">${t("Fetching the list")}</p>`;
    }
    const rules = rulesOf(all, recipe.purpose);
    const group = (/** @type {string} */ label, /** @type {string} */ kind, /** @type {Rules[]} */ rows) =>
      html`<optgroup label=${label}>
        ${rows.map((row) => html`<option value="${kind} ${row.id}" .selected=${row === rules}>${translated(row.name)}</option>`)}
      </optgroup>`;
    return html`<div class="select-field">
        <label for="${this.group}-what">${t("What it is for")}</label>
        <select class="select" id="${this.group}-what" @change=${this.#chosen}>
          <option value="" .selected=${!rules}>${t("Anything")}</option>
          ${group(t("Marketplaces"), "marketplaces", all.marketplaces)}
          ${group(t("ID and passport photos"), "documents", all.documents)}
        </select>
      </div>
      ${rules ? this.#rules(rules, recipe) : html`<p class="soft">${t("Choose, and size, background and file begin as the rules ask; then the result is checked against them.")}</p>`}`;
  }

  /**
   * @param {Rules} rules
   * @param {RecipeData} recipe
   */
  #rules(rules, recipe) {
    const checks = this.result?.checks ?? [];
    return html`${rules.refuses_altered ? this.#refusal(recipe) : nothing}
      ${rules.backgrounds?.length ? this.#backgrounds(rules.backgrounds, recipe) : nothing}
      ${
        checks.length
          ? html`<ul class="checks" aria-label=${t("Checks")}>
              ${checks.map(
                (check) => html`<li data-state=${check.state}>
                  ${icon(MARKS[check.state])}<span><span class="visually-hidden">${STATES[check.state]()}: </span>${checkSentence(check)}</span>
                </li>`,
              )}
            </ul>`
          : nothing
      }
      <p class="soft">
        ${t("Source: {source}, read second-hand in {when}. Rules change: check the authority's own page.", { source: rules.source, when: rules.read })}
        ${rules.conflict}
      </p>`;
  }

  /** @param {RecipeData} recipe */
  #refusal({ scene }) {
    const kept = scene.backdrop && "original" in scene.backdrop;
    return html`<p class="panel-note ${kept ? "" : "is-warn"}">
      ${icon("alert")}${
        kept
          ? t(
              "This authority refuses altered photos. The background stays as it is; the photo is cropped, sized and checked.",
            )
          : t("This authority refuses altered photos, and here the background was changed. Use it for something else.")
      }
    </p>`;
  }

  /**
   * @param {NonNullable<Rules["backgrounds"]>} backgrounds
   * @param {RecipeData} recipe
   */
  #backgrounds(backgrounds, { scene }) {
    const now = scene.backdrop && "colour" in scene.backdrop ? scene.backdrop.colour : "";
    const back = (/** @type {RecipeData["scene"]["backdrop"]} */ backdrop) =>
      this.#tell({ scene: { ...scene, backdrop } });
    return html`<div class="palette" role="group" aria-label=${t("Background")}>
      <button type="button" class="button is-small" aria-pressed=${Boolean(scene.backdrop && "original" in scene.backdrop)}
        @click=${() => back({ original: { blur: 0, grey: 0 } })}>${t("As it is")}</button>
      ${backgrounds.map(
        ({ name, colour }) => html`<button type="button" class="palette-colour" title=${name} aria-label=${name}
          aria-pressed=${colour === now} ${painted(colour)} @click=${() => back({ colour })}></button>`,
      )}
    </div>`;
  }

  async #fetch() {
    try {
      this.all = await allRules();
    } catch {
      this.lost = true;
    }
  }

  /** @param {Event} event */
  #chosen(event) {
    const [kind, id] = /** @type {HTMLSelectElement} */ (event.target).value.split(" ");
    const rows = kind === "marketplaces" ? this.all?.marketplaces : this.all?.documents;
    const rules = id ? rows?.find((row) => row.id === id) : undefined;
    if (rules) return this.#tell(rules.wish);
    if (!this.start) return;
    const { scene, frame, output } = this.start;
    this.#tell({ scene, frame, output, purpose: null });
  }

  /** @param {Partial<RecipeData>} wish */
  #tell(wish) {
    if (this.recipe) this.recipe = { ...this.recipe, ...wish };
    this.dispatchEvent(new CustomEvent("adjust", { detail: { wish } }));
  }
}

customElements.define("offcut-purpose", Purpose);
