// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { t } from "../messages.js";
import { same } from "../plain.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @import {History as Past} from "../history.js" */
/** @import {RecipeData, Touch} from "../protocol.js" */

/** Steps this far from the present are left out of the list; they can be undone all the same. */
const LISTED = 100;

/** @type {Record<string, () => string>} */
const TOUCHES = {
  "brush erase": () => t("Erase"),
  "brush restore": () => t("Restore"),
  "brush protect": () => t("Protect"),
  "brush release": () => t("Give up protection"),
  "area erase": () => t("Erase an area"),
  "area restore": () => t("Restore an area"),
  "fill erase": () => t("Erase a colour"),
  "fill restore": () => t("Restore a colour"),
  "scribble keep": () => t("Keep"),
  "scribble drop": () => t("Drop"),
  refine: () => t("Edge"),
};

/** @param {Touch} touch */
const touchName = (touch) => TOUCHES["mode" in touch ? `${touch.tool} ${touch.mode}` : touch.tool]?.() ?? touch.tool;

/**
 * What was done to get from one recipe to the next, in words.
 *
 * @param {RecipeData} before
 * @param {RecipeData} after
 */
function deed(before, after) {
  const last = after.touches.at(-1);
  if (after.touches !== before.touches) {
    return last && after.touches.length > before.touches.length ? touchName(last) : t("Hand work taken back");
  }
  if (after.model !== before.model) return t("Another engine");
  if (JSON.stringify(after.method) !== JSON.stringify(before.method)) return t("Another method");
  if (!same(after.purpose, before.purpose)) return t("For");
  if (!same(after.scene, before.scene)) return t("Backdrop");
  if (!same(after.frame, before.frame)) return t("Frame");
  if (!same(after.output, before.output)) return t("File");
  return t("Edges");
}

/**
 * What was done to a picture, newest first, and the way back.
 *
 * @fires History#go detail: so many steps, back below 0
 */
export class History extends LightElement {
  static properties = { now: { attribute: false }, history: { attribute: false }, turn: { type: Number } };

  constructor() {
    super();
    /** @type {RecipeData | null} */
    this.now = null;
    /** @type {Past | null} */
    this.history = null;
    this.turn = 0;
  }

  /** @override */
  render() {
    const { now, history } = this;
    if (!now || !history) return nothing;
    const { past, future } = history;
    const all = [...past, now, ...future];
    const steps = all
      .slice(1)
      .map((recipe, index) => ({ by: index + 1 - past.length, name: deed(all[index] ?? recipe, recipe) }))
      .filter(({ by }) => Math.abs(by) <= LISTED)
      .reverse();
    return html`<div class="undo">
        <button type="button" class="button is-small" title=${t("Undo (Ctrl Z)")} ?disabled=${!past.length} @click=${this.#go(-1)}>
          ${icon("undo")}${t("Undo")}
        </button>
        <button type="button" class="button is-small" title=${t("Redo (Ctrl Shift Z)")} ?disabled=${!future.length} @click=${this.#go(1)}>
          ${icon("redo")}${t("Redo")}
        </button>
      </div>
      ${
        steps.length
          ? html`<ol class="history" aria-label=${t("History, newest first")}>
              ${steps.map(
                ({ by, name }) => html`<li>
                  <button type="button" class=${by > 0 ? "is-undone" : ""} aria-current=${by === 0 ? "step" : "false"} @click=${this.#go(by)}>${name}</button>
                </li>`,
              )}
              <li><button type="button" @click=${this.#go(-past.length)} aria-current=${past.length ? "false" : "step"}>${t("As it was found")}</button></li>
            </ol>`
          : nothing
      }`;
  }

  /** @param {number} by */
  #go(by) {
    return () => by && this.dispatchEvent(new CustomEvent("go", { detail: by }));
  }
}

customElements.define("offcut-history", History);
