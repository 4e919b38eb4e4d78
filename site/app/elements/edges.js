// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { pixels, share, t } from "../messages.js";
import { same } from "../plain.js";
import { check, choice, slider } from "./controls.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";

/** @import {EdgeSettings, MethodSettings} from "../protocol.js" */

/**
 * @typedef {{method: MethodSettings, edges: EdgeSettings}} Wish The part of a recipe that this is about.
 * @typedef {"smooth" | "shift" | "contrast" | "feather" | "despill"} Slider
 */

/**
 * The range of each slider, as offcut.edges has it, except that pixels go no further than anybody needs by hand.
 *
 * @type {[Slider, () => string, () => string, number, number, number, (value: number) => string][]}
 */
const SLIDERS = [
  ["smooth", () => t("Smooth"), () => t("Takes small bumps out of the outline."), 0, 1, 0.05, share],
  ["shift", () => t("Shift"), () => t("Moves the edge inwards, or outwards."), -20, 20, 0.5, pixels],
  ["contrast", () => t("Contrast"), () => t("Makes the edge harder."), 0, 1, 0.05, share],
  ["feather", () => t("Feather"), () => t("Makes the edge softer."), 0, 20, 0.5, pixels],
  [
    "despill",
    () => t("Clear old colour"),
    () => t("Takes the old background's colour out of hair and soft edges."),
    0,
    1,
    0.05,
    share,
  ],
];

const SUBJECTS = /** @type {const} */ ([
  ["all", () => t("Everything found")],
  ["largest", () => t("The largest part")],
]);

const METHODS = /** @type {const} */ ([
  ["auto", () => t("Find out")],
  ["net", () => t("Photo")],
  ["colour", () => t("Graphic")],
  ["hand", () => t("By hand")],
]);

/**
 * How the edge is wanted. It never waits for pixels: it tells every move, and that a move is over.
 *
 * @fires Edges#adjust detail: {wish, over}
 */
export class Edges extends Fold {
  static properties = {
    ...Fold.properties,
    wish: { attribute: false },
    start: { attribute: false },
    graphic: { type: Boolean },
    idle: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Wish | null} */
    this.wish = null;
    /** What was wished before anybody changed it. @type {Wish | null} */
    this.start = null;
    /** Whether the picture is cut by colour: some of what there is to wish is for nets. */
    this.graphic = false;
    /** Whether the file is the photo as it is, and none of this shows in it. */
    this.idle = false;
  }

  get #changed() {
    const { wish, start } = this;
    return wish !== null && start !== null && !(same(wish.method, start.method) && same(wish.edges, start.edges));
  }

  /** @override */
  get head() {
    return { name: t("Edges"), key: "E", note: this.#changed ? t("changed") : "" };
  }

  /** @override */
  get first() {
    return "input[type=range]";
  }

  /** @override */
  body() {
    const { wish, start } = this;
    if (!wish || !start) return nothing;
    const { method, edges } = wish;
    const byHand = method.by === "hand";
    const sliders = SLIDERS.filter(([name]) => (name === "despill" ? !this.graphic : !byHand));
    return html`${this.idle ? idleNote() : nothing}
      ${choice({
        name: `${this.group}-by`,
        legend: t("Cut it out as"),
        choices: METHODS,
        chosen: method.by,
        choose: (by) => this.#cut({ by }),
      })}
      ${
        this.graphic
          ? check(t("Keep what the drawing encloses"), method.enclosed === "kept", (kept) =>
              this.#cut({ enclosed: kept ? "kept" : "open" }),
            )
          : byHand
            ? nothing
            : choice({
                name: `${this.group}-subject`,
                legend: t("What to keep"),
                choices: SUBJECTS,
                chosen: edges.subject,
                choose: (subject) => this.#tell({ subject }, true),
              })
      }
      ${sliders.map((each) => this.#slider(each, edges, start.edges))}
      ${
        this.graphic || byHand
          ? nothing
          : [
              check(t("Follow the edges in the picture"), edges.follow, (follow) => this.#tell({ follow }, true)),
              check(t("Remove specks and fill doubtful holes"), edges.tidy, (tidy) => this.#tell({ tidy }, true)),
            ]
      }
      <button type="button" class="button is-quiet" ?disabled=${!this.#changed} @click=${() => this.#say(start, true)}>
        ${icon("retry")}${t("Reset the edges")}
      </button>`;
  }

  /**
   * @param {typeof SLIDERS[number]} slider
   * @param {EdgeSettings} edges
   * @param {EdgeSettings} start
   */
  #slider([name, label, hint, least, most, step, told], edges, start) {
    return slider({
      id: `${this.group}-${name}`,
      label: label(),
      hint: hint(),
      value: edges[name],
      start: start[name],
      range: [least, most, step],
      told: (value) => (value === 0 ? t("off") : told(value)),
      tell: (value, over) => this.#tell({ [name]: value }, over),
    });
  }

  /** @param {Partial<MethodSettings>} change */
  #cut(change) {
    if (this.wish) this.#say({ ...this.wish, method: { ...this.wish.method, ...change } }, true);
  }

  /**
   * @param {Partial<EdgeSettings>} change
   * @param {boolean} over
   */
  #tell(change, over) {
    if (this.wish) this.#say({ ...this.wish, edges: { ...this.wish.edges, ...change } }, over);
  }

  /**
   * @param {Wish} wish
   * @param {boolean} over
   */
  #say({ method, edges }, over) {
    this.wish = { method, edges };
    this.dispatchEvent(new CustomEvent("adjust", { detail: { wish: this.wish, over } }));
  }
}

/** Why nothing changes, where the file is the photo as it is. */
export const idleNote = () =>
  html`<p class="panel-note">${t("The photo is left as it is, so nothing of this shows. Choose another backdrop to see it.")}</p>`;

customElements.define("offcut-edges", Edges);
