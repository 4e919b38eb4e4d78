// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { KEYS, SIZES, sizeOf } from "../hand/tools.js";
import { number, pixels, share, t } from "../messages.js";
import { check, choice, slider } from "./controls.js";
import { idleNote } from "./edges.js";
import "./history.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";

/** @import {Hand} from "../hand/hand.js" */
/** @import {Mode} from "../hand/paper.js" */
/** @import {Session} from "../hand/session.js" */
/** @import {Settings, Tool} from "../hand/tools.js" */
/** @import {Job} from "../queue.js" */
/** @import {History} from "../history.js" */

/** @type {[Tool, Parameters<typeof icon>[0], () => string, () => string][]} */
const ROWS = [
  ["erase", "eraser", () => t("Erase"), () => t("Paint over what should go.")],
  ["restore", "brush", () => t("Restore"), () => t("Paint over what should come back.")],
  [
    "protect",
    "shield",
    () => t("Protect"),
    () => t("What you paint stays, whatever else is done. With Alt it is given up again."),
  ],
  [
    "keep",
    "keep",
    () => t("Keep"),
    () => t("Draw a line over what should stay. What belongs to it is found by colour and edges."),
  ],
  [
    "drop",
    "drop",
    () => t("Drop"),
    () => t("Draw a line over what should go. What belongs to it is found by colour and edges."),
  ],
  ["fill", "bucket", () => t("Colour"), () => t("Click a colour: all that has it goes, or comes back.")],
  ["lasso", "lasso", () => t("Lasso"), () => t("Draw around what should go, or come back.")],
  ["rectangle", "rectangle", () => t("Rectangle"), () => t("Drag a rectangle over what should go, or come back.")],
  ["refine", "hair", () => t("Edge"), () => t("Paint over hair or a rough edge: it is found anew.")],
];

/** @type {[Mode, () => string][]} */
const MODES = [
  ["cutout", () => t("Cutout")],
  ["overlay", () => t("Red")],
  ["matte", () => t("Matte")],
  ["outline", () => t("Outline")],
];

const EFFECTS = /** @type {const} */ ([
  ["erase", () => t("Erase")],
  ["restore", () => t("Restore")],
]);

/** The tools in the order of the panel: key and name, for the sheet of shortcuts. */
export const toolNames = () => ROWS.map(([tool, , name]) => /** @type {[string, string]} */ ([keyOf(tool), name()]));

/** @param {Tool} tool */
const keyOf = (tool) =>
  Object.entries(KEYS)
    .filter(([, other]) => other === tool)
    .map(([key]) => key.toUpperCase())
    .join();

/** What only work by hand needs is fetched with it. */
const styles = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("hand.css", import.meta.url).href,
});
document.head.append(styles);

/**
 * The tools for work by hand, and what was done.
 *
 * @fires HandPanel#go detail: so many steps through what was done, back below 0
 */
export class HandPanel extends Fold {
  static properties = {
    ...Fold.properties,
    session: { attribute: false },
    job: { attribute: false },
    history: { attribute: false },
    idle: { type: Boolean },
    lost: { type: Boolean },
    turn: { type: Number },
  };

  constructor() {
    super();
    /** @type {Session | null} */
    this.session = null;
    /** @type {Job | null} */
    this.job = null;
    /** @type {History | null} */
    this.history = null;
    /** Whether the file is the photo as it is, and nothing done here shows in it. */
    this.idle = false;
    /** Whether there is nothing to work on. */
    this.lost = false;
    this.turn = 0;
  }

  /** @override */
  get head() {
    const count = this.job?.recipe.touches.length ?? 0;
    return { name: t("By hand"), key: "H", note: count ? number(count) : "" };
  }

  /** @override */
  body() {
    const { session, history } = this;
    if (!session || !history) return nothing;
    const { hand } = session;
    const { settings } = hand;
    const row = ROWS.find(([tool]) => tool === settings.tool);
    return html`${this.idle ? idleNote() : nothing}
      ${
        this.lost
          ? html`<p class="panel-note is-warn" role="alert">${icon("alert")}${t("The bare cutout could not be made, so there is nothing to paint on. Close this and open it again.")}</p>`
          : nothing
      }
      <fieldset class="tools-grid">
        <legend class="visually-hidden">${t("Tool")}</legend>
        ${ROWS.map(
          ([tool, picture, name]) => html`<label class="option hand-tool" title=${`${name()} (${keyOf(tool)})`}>
            <input type="radio" name="${this.group}-tool" value=${tool} .checked=${tool === settings.tool}
              @change=${() => hand.set({ tool })} />
            <span>${icon(picture)}<span>${name()}</span></span>
          </label>`,
        )}
      </fieldset>
      <p class="hand-hint">${row?.[3]()}</p>
      ${this.#options(hand, settings)}
      ${choice({
        name: `${this.group}-mode`,
        legend: t("Show"),
        choices: MODES,
        chosen: session.mode,
        choose: (mode) => {
          session.mode = mode;
        },
      })}
      <offcut-history .now=${this.job?.recipe ?? null} .history=${history} .turn=${this.turn}
        @go=${(/** @type {CustomEvent<number>} */ { detail }) => this.dispatchEvent(new CustomEvent("go", { detail }))}
      ></offcut-history>`;
  }

  /**
   * @param {Hand} hand
   * @param {Settings} settings
   */
  #options(hand, settings) {
    const { tool } = settings;
    const size = sizeOf(tool);
    const isArea = tool === "fill" || tool === "lasso" || tool === "rectangle";
    return [
      size &&
        slider({
          id: `${this.group}-size`,
          label: t("Size"),
          value: settings[size],
          range: [SIZES.least, SIZES.most, 1],
          told: pixels,
          tell: (value) => hand.set({ [size]: value }),
        }),
      size === "brush" && [
        slider({
          id: `${this.group}-hardness`,
          label: t("Hardness"),
          value: settings.hardness,
          range: [0, 1, 0.05],
          told: share,
          tell: (hardness) => hand.set({ hardness }),
        }),
        check(t("A pen's pressure changes the size"), settings.pressure, (pressure) => hand.set({ pressure })),
      ],
      isArea &&
        choice({
          name: `${this.group}-effect`,
          legend: t("What it does"),
          plain: true,
          choices: EFFECTS,
          chosen: settings.restores ? "restore" : "erase",
          choose: (effect) => hand.set({ restores: effect === "restore" }),
        }),
      tool === "fill" && this.#fill(hand, settings),
    ].map((part) => part || nothing);
  }

  /**
   * @param {Hand} hand
   * @param {Settings} settings
   */
  #fill(hand, settings) {
    return html`${slider({
      id: `${this.group}-tolerance`,
      label: t("Tolerance"),
      value: settings.tolerance,
      range: [0, 1, 0.01],
      told: share,
      tell: (tolerance) => hand.set({ tolerance }),
    })}
      ${check(t("Only what hangs together"), settings.contiguous, (contiguous) => hand.set({ contiguous }))}
      <div class="hand-colour">
        <input type="color" class="swatch-picker" aria-label=${t("Colour")} .value=${hand.colour}
          @input=${(/** @type {Event} */ event) => {
            hand.colour = /** @type {HTMLInputElement} */ (event.target).value;
          }} />
        <button type="button" class="button is-small" @click=${() => hand.fillEverywhere(hand.colour)}>
          ${settings.restores ? t("Restore this colour everywhere") : t("Erase this colour everywhere")}
        </button>
      </div>`;
  }
}

customElements.define("offcut-hand", HandPanel);
