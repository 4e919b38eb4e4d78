// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { isUntouched } from "../bare.js";
import { checkSentence } from "../checks.js";
import { t, tn, translated } from "../messages.js";
import { same } from "../plain.js";
import { allRules, rulesOf } from "../rules.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";
import { painted } from "./painted.js";

/** @import {Check, RecipeData, Rules} from "../protocol.js" */
/** @import {Job} from "../queue.js" */
/** @import {AllRules} from "../rules.js" */

/** @type {Record<Check["state"], Parameters<typeof icon>[0]>} */
const MARKS = { pass: "check", warn: "alert", fail: "close" };

/** @type {Record<Check["state"], () => string>} */
const STATES = { pass: () => t("passed"), warn: () => t("doubtful"), fail: () => t("failed") };

/** What was wished of a picture before rules were chosen. @type {WeakMap<Job, Pick<RecipeData, "scene" | "frame" | "output">>} */
const BEFORE = new WeakMap();

/**
 * What the result is for: a marketplace or a document, whose rules it begins with and is checked against.
 *
 * @fires Purpose#adjust detail: {wish}, parts of a recipe
 */
export class Purpose extends Fold {
  static properties = {
    ...Fold.properties,
    job: { attribute: false },
    turn: { type: Number },
    all: { state: true },
    lost: { state: true },
  };

  constructor() {
    super();
    /** @type {Job | null} */
    this.job = null;
    this.turn = 0;
    /** @type {AllRules | null} */
    this.all = null;
    this.lost = false;
  }

  /** @override */
  updated() {
    if ((this.open || this.job?.recipe.purpose) && !this.all && !this.lost) this.#fetch();
  }

  /** What was found by the rules that are chosen now. @returns {Check[]} */
  get #checks() {
    const { result, shown, recipe } = this.job ?? {};
    if (!result || !recipe?.purpose || !same(shown?.purpose, recipe.purpose)) return [];
    // Of a head that was not found one line says so, and all that could not be measured of it needs none.
    return result.checks.filter(({ id, details }) => id === "head" || details.reason !== "not-found");
  }

  /** Whether that is about another picture than the one that is wished. */
  get #stale() {
    return this.job?.recipe !== this.job?.shown;
  }

  /** How the checks went, in a word; "" where there are none. */
  get #news() {
    const checks = this.#checks;
    if (!checks.length) return "";
    if (this.#stale) return t("being checked");
    const failed = checks.filter(({ state }) => state === "fail").length;
    const doubtful = checks.filter(({ state }) => state === "warn").length;
    if (failed) return tn("{n} check failed", "{n} checks failed", failed);
    return doubtful ? tn("{n} check doubtful", "{n} checks doubtful", doubtful) : t("checks passed");
  }

  /** @override */
  get head() {
    const rules = this.all && rulesOf(this.all, this.job?.recipe.purpose ?? null);
    const note = rules ? [translated(rules.name), this.#news].filter(Boolean).join(", ") : "";
    return { name: t("For"), key: "U", note };
  }

  /** @override */
  body() {
    const { job, all } = this;
    if (!job) return nothing;
    if (!all) {
      return this.lost
        ? html`<p class="panel-note is-warn">${icon("alert")}${t("The list could not be fetched. Reconnect and try again.")}</p>
            <button type="button" class="button is-small" @click=${this.#again}>${icon("retry")}${t("Try again")}</button>`
        : html`<p class="panel-note" role="status">${t("Fetching the list")}</p>`;
    }
    const rules = rulesOf(all, job.recipe.purpose);
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
      ${rules ? this.#rules(rules, job) : html`<p class="soft">${t("Choose, and size, background and file begin as the rules ask; then the result is checked against them.")}</p>`}`;
  }

  /**
   * @param {Rules} rules
   * @param {Job} job
   */
  #rules(rules, { recipe }) {
    const checks = this.#checks;
    const about = { source: translated(rules.source), when: rules.read };
    return html`${rules.refuses_altered ? this.#refusal(recipe) : nothing}
      ${rules.backgrounds?.length ? this.#backgrounds(rules.backgrounds, recipe) : nothing}
      <p class="visually-hidden" role="status">${this.#news}</p>
      ${
        checks.length
          ? html`<ul class="checks" aria-label=${t("Checks")} aria-busy=${this.#stale}>
              ${checks.map(
                (check) => html`<li data-state=${check.state}>
                  ${icon(MARKS[check.state])}<span><span class="visually-hidden">${STATES[check.state]()}: </span>${checkSentence(check)}</span>
                </li>`,
              )}
            </ul>`
          : html`<p class="panel-note">${t("Being checked")}</p>`
      }
      ${[rules.note, rules.conflict].map((told) => (told ? html`<p class="soft">${translated(told)}</p>` : nothing))}
      <p class="soft">
        ${
          recipe.purpose && "marketplace" in recipe.purpose
            ? t("Source: {source}, read second-hand in {when}. Rules change: check the marketplace's own page.", about)
            : t("Source: {source}, read second-hand in {when}. Rules change: check the authority's own page.", about)
        }
      </p>`;
  }

  /** @param {RecipeData} recipe */
  #refusal(recipe) {
    const kept = isUntouched(recipe) && !recipe.frame.flip;
    return html`<p class="panel-note ${kept ? "" : "is-warn"}">
      ${icon("alert")}${
        kept
          ? t("This authority refuses altered photos. The photo stays as it is, and is cropped, sized and checked.")
          : t("This authority refuses altered photos, and here the photo was altered. Use it for something else.")
      }
    </p>`;
  }

  /**
   * @param {NonNullable<Rules["backgrounds"]>} backgrounds
   * @param {RecipeData} recipe
   */
  #backgrounds(backgrounds, { scene }) {
    const now = scene.backdrop && "colour" in scene.backdrop ? scene.backdrop.colour : "";
    const asItIs = isUntouched({ .../** @type {RecipeData} */ (this.job?.recipe), scene });
    const back = (/** @type {RecipeData["scene"]["backdrop"]} */ backdrop) =>
      this.#tell({ scene: { ...scene, backdrop } });
    return html`<div class="palette" role="group" aria-label=${t("Background")}>
      <button type="button" class="button is-small" aria-pressed=${asItIs}
        @click=${() => back({ original: { blur: 0, grey: 0 } })}>${t("As it is")}</button>
      ${backgrounds.map(
        ({
          name,
          colour,
        }) => html`<button type="button" class="palette-colour" title=${translated(name)} aria-label=${translated(name)}
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

  #again() {
    this.lost = false;
  }

  /** @param {Event} event */
  #chosen(event) {
    const { job } = this;
    if (!job) return;
    const [kind, id] = /** @type {HTMLSelectElement} */ (event.target).value.split(" ");
    const rows = kind === "marketplaces" ? this.all?.marketplaces : this.all?.documents;
    const rules = id ? rows?.find((row) => row.id === id) : undefined;
    const { scene, frame, output, purpose } = job.recipe;
    if (!purpose) BEFORE.set(job, { scene, frame, output });
    if (rules) return this.#tell({ ...rules.wish, frame: asLying(rules.wish.frame, frame) });
    const before = BEFORE.get(job) ?? job.start;
    this.#tell({
      scene: before.scene,
      frame: asLying(before.frame, frame),
      output: before.output,
      purpose: null,
    });
  }

  /** @param {Partial<RecipeData>} wish */
  #tell(wish) {
    this.dispatchEvent(new CustomEvent("adjust", { detail: { wish } }));
  }
}

/**
 * A frame for the picture as the person has turned it, and for the head where they have put it.
 *
 * @param {RecipeData["frame"]} wish
 * @param {RecipeData["frame"]} now
 * @returns {RecipeData["frame"]}
 */
function asLying(wish, { turn, flip, head: { crown, chin, x } }) {
  return { ...wish, turn, flip, head: { ...wish.head, crown, chin, x } };
}

customElements.define("offcut-purpose", Purpose);
